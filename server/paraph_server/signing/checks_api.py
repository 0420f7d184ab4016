"""Identity documents checked face to face, over REST. No decisions here."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.api import caller
from paraph_server.accounts.schemas import UserId
from paraph_server.identification.models import Paper, PaperKind
from paraph_server.identification.papers import NewPaper
from paraph_server.journal.actors import acting
from paraph_server.signing import checks
from paraph_server.web.listing import Listing
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Milliseconds, Page, identifier
from paraph_server.workflows import schemas
from paraph_server.workflows.models import Recipient

router = Router(tags=["identities"])


class IdentityCheckIn(Schema):
    """What an operator saw, with the person before them."""

    documentType: PaperKind
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$", examples=["FR"])]
    numberEnd: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9]{2,4}$", description="The last characters of its number.", examples=["42X9"])
    ]
    expires: Annotated[date, Field(description="The day on which the document expires.", examples=["2030-01-31"])]
    namesMatch: Annotated[bool, Field(description="Whether it shows this person and bears the invitation's names.")]


class IdentityCheck(TypedDict):
    """An identity document that was looked at."""

    id: Annotated[str, identifier("idc", "the check")]
    recipientId: schemas.RecipientId
    documentType: Annotated[str, Field(examples=["passport"])]
    country: Annotated[str, Field(examples=["FR"])]
    numberEnd: Annotated[str, Field(examples=["42X9"])]
    expires: Annotated[str, Field(examples=["2030-01-31"])]
    checkedBy: UserId
    created: Milliseconds
    validUntil: Milliseconds


class Waiting(TypedDict):
    """Somebody whose identity document has to be looked at."""

    recipientId: schemas.RecipientId
    workflowId: schemas.WorkflowId
    name: str
    email: str


@router.get("/identityChecks", summary="Who waits for an identity check", response=Page[Waiting])
def waiting(request: HttpRequest, listing: Query[Listing]) -> Page[Waiting]:
    return listing.page(checks.waiting(caller(request), listing.text), _waiting)


@router.post("/identityChecks/{recipient_id}", summary="Record an identity check", response=IdentityCheck)
def check(request: HttpRequest, recipient_id: str, payload: IdentityCheckIn) -> IdentityCheck:
    """Good for 30 days, for this recipient; the newest one counts."""
    by = caller(request)
    seen = NewPaper(payload.documentType, payload.country, payload.numberEnd, payload.expires, payload.namesMatch)
    recipient = checks.find(by, recipient_id)
    return _shape(checks.check(recipient, seen, by=by, acting=acting(request), at=timezone.now()))


def _waiting(recipient: Recipient) -> Waiting:
    return {
        "recipientId": recipient.pk,
        "workflowId": recipient.workflow.pk,
        "name": recipient.name,
        "email": recipient.email,
    }


def _shape(paper: Paper) -> IdentityCheck:
    return {
        "id": paper.pk,
        "recipientId": paper.subject,
        "documentType": paper.kind,
        "country": paper.country,
        "numberEnd": paper.number_end,
        "expires": paper.expires_on.isoformat(),
        "checkedBy": paper.checked_by_id,
        "created": milliseconds(paper.checked_at),
        "validUntil": milliseconds(paper.good_until),
    }
