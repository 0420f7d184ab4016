"""Identity documents checked face to face: an operator records what they saw, and the signer's browser picks it up.

Of the document, only its kind, country, expiry and the end of its number are kept: no copy, no full number.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from paraph.evidence import Means, Proof
from paraph.evidence.level import Assurance

from paraph_server.accounts import rights
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.identification.errors import BadPaper, NamesDiffer
from paraph_server.identification.models import Paper, PaperKind
from paraph_server.journal.actions import Actor, record
from paraph_server.web import ids

GOOD_FOR = timedelta(days=30)
"""Between the counter and the signature."""
NUMBER_END = re.compile(r"[A-Z0-9]{2,4}")
COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class NewPaper:
    """What an operator saw."""

    kind: PaperKind
    country: str
    number_end: str
    expires_on: date
    names_match: bool


@transaction.atomic
def check(seen: NewPaper, *, subject: str, names: str, by: User, acting: Actor, at: datetime) -> Paper:
    """Record that somebody has shown who they are; the newest record counts.

    Raises:
        NotPermitted: this user does not check identities.
        NamesDiffer: the document is not that of the person who is invited.
        BadPaper: it has expired, or what is said of it cannot be.
    """
    rights.check(by, Right.CHECK_IDENTITIES)
    if not seen.names_match:
        raise NamesDiffer(_("The names on the document must be those of the invitation."))
    country, number_end = seen.country.strip().upper(), "".join(seen.number_end.split()).upper()
    if not COUNTRY.fullmatch(country) or not NUMBER_END.fullmatch(number_end):
        raise BadPaper(_("Give the country in two letters, and the last two to four characters of the number."))
    if seen.expires_on < localdate(at):
        raise BadPaper(_("This document has expired."))
    paper = Paper.objects.create(
        tenant_id=by.tenant_id,
        subject=subject,
        names=names,
        kind=seen.kind,
        country=country,
        number_end=number_end,
        expires_on=seen.expires_on,
        checked_by=by,
        checked_at=at,
        good_until=min(at + GOOD_FOR, make_aware(datetime.combine(seen.expires_on, time.max))),
    )
    told = {"paper": paper.pk, "kind": paper.kind, "country": country, "until": seen.expires_on.isoformat()}
    record("identity:checked", tenant=by.tenant_id, subject=subject, by=acting, at=at, **told)
    return paper


def shown(subject: str, names: str, *, at: datetime) -> Paper | None:
    """What was last seen of somebody under these names, if it is still good."""
    found = Paper.objects.filter(subject=subject, names=names, checked_at__lte=at, good_until__gt=at)
    return found.select_related("checked_by").order_by("-checked_at").first()


def proof(paper: Paper, *, at: datetime) -> Proof:
    """What it proves of whoever came back with their own link."""
    detail = f"{paper.kind} {paper.country} …{paper.number_end}, until {paper.expires_on.isoformat()}, in person"
    return Proof(
        ids.new("prf"),
        Means.IDENTITY_DOCUMENT,
        at.astimezone(UTC).isoformat(),
        assurance=Assurance.SUBSTANTIAL,
        names="same",
        address=paper.checked_by.name,
        issued_at=paper.checked_at.astimezone(UTC).isoformat(),
        detail=detail,
    )
