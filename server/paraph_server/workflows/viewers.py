"""Viewers: links by which somebody without an account reads one document, and places its blocks while it is a draft."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.config.options import options
from paraph_server.embedding import queries as sites
from paraph_server.web import tokens
from paraph_server.workflows.errors import BadViewer
from paraph_server.workflows.models import Document

LASTS = timedelta(hours=1)
"""When nobody says how long."""
LONGEST = timedelta(days=90)
PURPOSE = "viewer"
_A_MOMENT = int(timedelta(days=3650) / timedelta(milliseconds=1))
"""A number of milliseconds above this is a time, below it a period."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a link opens, on whose behalf, until when, and where it leads back to."""

    document_id: str
    tenant_id: str
    user_id: str
    until: datetime
    back: str = ""

    def link(self, *, at: datetime) -> str:
        claims = {"sub": self.document_id, "ten": self.tenant_id, "usr": self.user_id, "back": self.back}
        return f"{options().public_url}/viewer?token={tokens.sign(PURPOSE, claims, at=at, lasting=self.until - at)}"

    def kept(self) -> dict[str, str]:
        """For the session of whoever opened the link."""
        return {
            "tenant": self.tenant_id,
            "user": self.user_id,
            "until": self.until.isoformat(),
            "back": self.back,
        }

    @classmethod
    def found(cls, document_id: str, kept: dict[str, str] | None, *, at: datetime) -> Self:
        """The viewer that a session keeps for a document; raises `BadViewer`."""
        if kept is None or (until := datetime.fromisoformat(kept["until"])) <= at:
            raise _too_old()
        return cls(document_id, kept["tenant"], kept["user"], until, kept["back"])


def make(document: Document, user: User, *, back: str, until: int | None, at: datetime) -> Viewer:
    """A viewer, for an hour unless `until` says otherwise, and 90 days at most.

    Raises:
        BadOrigin, OriginNotAllowed: it would lead back to a site that is neither ours nor the organisation's.
    """
    if back and not f"{back}/".startswith(f"{options().public_url}/"):
        sites.check_return(document.tenant_id, back)
    ends = min(_moment(until, at), at + LONGEST).replace(microsecond=0)
    return Viewer(document.pk, document.tenant_id, user.pk, ends, back)


def read(presented: str, *, at: datetime) -> Viewer:
    """What a link opens; raises `BadViewer`."""
    try:
        claims = tokens.read(PURPOSE, presented, at=at)
    except tokens.BadToken:
        raise _too_old() from None
    until = datetime.fromtimestamp(claims["exp"], UTC)
    return Viewer(claims["sub"], claims["ten"], claims["usr"], until, claims["back"])


def _moment(until: int | None, at: datetime) -> datetime:
    if until is None:
        return at + LASTS
    if until < _A_MOMENT:
        return at + timedelta(milliseconds=until)
    return datetime.fromtimestamp(min(until, 253_402_300_799_000) / 1000, UTC)  # the last second of the year 9999


def _too_old() -> BadViewer:
    return BadViewer(_("This link is incomplete or too old. Ask whoever gave it to you for another one."))
