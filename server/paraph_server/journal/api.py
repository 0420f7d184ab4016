"""The journal over REST: read, and taken away to be checked elsewhere."""

from typing import Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema
from pydantic import Field

from paraph_server.accounts.api import caller
from paraph_server.journal import queries, schemas, shapes
from paraph_server.web.listing import Paging
from paraph_server.web.moments import moment
from paraph_server.web.schemas import Page, files

router = Router(tags=["journal"])

LATEST = 253_402_300_799_999  # milliseconds: the year 9999 ends


class JournalListing(Paging):
    subject: str = Field("", max_length=40, description="The id of what it happened to.")
    event: str = Field("", max_length=60, description="What happened, such as `workflow:started`.")
    actor: str = Field("", max_length=40, description="The id of who did it.")
    since: int | None = Field(None, alias="from", ge=0, le=LATEST, description="Then or later, in milliseconds.")
    until: int | None = Field(None, alias="to", ge=0, le=LATEST, description="Before then, in milliseconds.")

    def facts(self) -> dict[str, object]:
        """What is asked of an entry."""
        asked = {
            "subject": self.subject,
            "event": self.event,
            "actor_id": self.actor,
            "at__gte": None if self.since is None else moment(self.since),
            "at__lt": None if self.until is None else moment(self.until),
        }
        return {field: value for field, value in asked.items() if value}


class Export(Schema):
    """What is taken away."""

    format: Literal["jsonl", "csv"] = Field("jsonl", description="Lines that prove themselves, or a table for people.")
    after: int = Field(0, ge=0, le=2**62, description="Only what follows the entry with this number.")


@router.get("/journal", summary="What happened", response=Page[schemas.JournalEntry])
def journal(request: HttpRequest, listing: Query[JournalListing]) -> Page[schemas.JournalEntry]:
    """Every act in the organisation, the latest first."""
    found = queries.entries(caller(request).tenant_id).filter(**listing.facts())
    return listing.page(listing.sorted(found, {"sequence": "sequence"}), shapes.entry)


@router.get(
    "/journal/export", summary="The whole journal", openapi_extra=files("application/jsonl", "text/csv; charset=utf-8")
)
def export(request: HttpRequest, wanted: Query[Export]) -> HttpResponseBase:
    """As JSON Lines, each entry with all that its hash covers: `paraph.evidence.chain.follow` checks them offline.

    Sent as it is read, however long it is.
    """
    entries = queries.following(caller(request).tenant_id, wanted.after)
    content, kind = (
        (shapes.lines(entries), "application/jsonl")
        if wanted.format == "jsonl"
        else (shapes.table(entries), "text/csv; charset=utf-8")
    )
    name = f'attachment; filename="journal.{wanted.format}"'
    return StreamingHttpResponse(content, content_type=kind, headers={"Content-Disposition": name})
