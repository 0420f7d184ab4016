"""Viewers: links by which somebody without an account reads one document, and places its blocks while it is a draft."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.config.options import options
from paraph_server.web import links, origins
from paraph_server.workflows.errors import BadRedirect, BadViewer
from paraph_server.workflows.models import Document

LASTS = timedelta(hours=1)
"""When nobody says how long."""
LONGEST = timedelta(days=90)
AUDIENCE = "viewer"
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
        return f"{options().public_url}/viewer?token={links.token(AUDIENCE, claims, at=at, until=self.until)}"

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
        BadRedirect: it would lead back to a site that the operator does not name.
    """
    if back and not origins.allowed(back):
        raise BadRedirect(
            _("redirectUrl leads to a site that is not among this server's redirect origins (PARAPH_REDIRECT_ORIGINS).")
        )
    ends = min(_moment(until, at), at + LONGEST).replace(microsecond=0)
    return Viewer(document.pk, document.tenant_id, user.pk, ends, back)


def read(presented: str, *, at: datetime) -> Viewer:
    """What a link opens; raises `BadViewer`."""
    claims = links.read(AUDIENCE, presented, at=at)
    if claims is None:
        raise _too_old()
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
