"""Carry ceremonies out: each once, all of it or nothing.

Keys are first written to a draft folder. When the database has committed their certificates, they move to their place;
a crash between the two is finished by the next call, a crash before them leaves nothing that counts.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from paraph_trust.authority import queries
from paraph_trust.authority.models import Certificate, Practice
from paraph_trust.authority.queries import ISSUING, ROOT
from paraph_trust.ceremony import custody, report
from paraph_trust.ceremony.issuing import Draft
from paraph_trust.ceremony.models import Ceremony, digest_of
from paraph_trust.ceremony.plan import Persons, Plan, Seal, Supplement, read, read_first
from paraph_trust.ceremony.sheets import Sheet
from paraph_trust.config.options import options
from paraph_trust.control import actions as control
from paraph_trust.control.models import Act
from paraph_trust.errors import InvalidRequest
from paraph_trust.keys.folder import KeyFolder, private
from paraph_trust.log import actions as log
from paraph_trust.status import actions as status

CEREMONY_LOCK = 0x706172617068
"""The advisory lock that keeps a second ceremony out."""


@dataclass(frozen=True, slots=True)
class Table:
    """What lies on the table of a ceremony besides its file."""

    sheets_to: Path | None = None
    """Where the holders' new sheets go."""
    sheets: tuple[Sheet, ...] = ()
    """What holders brought, to open the root's key."""


def perform(text: str, *, at: datetime, table: Table = Table()) -> str:
    """Make what a ceremony file describes and say so; a second time, say that it is done.

    Raises:
        InvalidRequest: the file cannot be carried out, keys of another ceremony are in its way, or officers have not
            approved it.
    """
    plan = read(text)
    performed = _perform_once(plan, text, table, at=at)
    _settle()
    path = report.path(performed)
    if not path.exists():
        report.write(performed)
    if performed.performed_at == at:
        return f"The key ceremony is done; see {path}."
    other = "" if performed.plan == text else " from another file, and nothing is changed"
    return f"The key ceremony was performed on {performed.performed_at:%Y-%m-%d at %H:%M:%S} UTC{other}; see {path}."


@transaction.atomic
def _perform_once(plan: Plan | Supplement, text: str, table: Table, *, at: datetime) -> Ceremony:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CEREMONY_LOCK])
    first, digest, approved = Ceremony.objects.order_by("pk").first(), digest_of(text), list[str]()
    if isinstance(plan, Plan):
        if first:
            return first
        if private().exists():
            raise InvalidRequest(f"{private()} holds the keys of another ceremony: move them away first.")
        secrets = custody.divide(plan.control, at=at)
        keys = _empty_draft(secrets.installation)
        keys.keep_salt()
        _found(plan, Draft(plan, keys, at, root_secret=secrets.root), at=at)
        custody.hand_out(secrets, table.sheets_to, title=plan.title, digest=digest)
    else:
        if earlier := Ceremony.objects.filter(plan=text).first():
            return earlier
        if first is None:
            raise InvalidRequest("The first ceremony comes first: its file says what the root is.")
        approved = control.require(Act.CEREMONY, digest, at=at)
        _settle()  # what a crash left of the ceremony before
        keys, secret = _empty_draft(options().passphrase()), custody.root_secret(table.sheets)
        _supplement(plan, Draft(read_first(first.plan), keys, at, root_secret=secret), at=at)
    log.record("ceremony:performed", subject=plan.title, at=at, plan=digest, approved=approved)
    return Ceremony.objects.create(plan=text, performed_at=at, approved_by=approved)


def _found(plan: Plan, draft: Draft, *, at: datetime) -> None:
    """Every key and certificate, from the root down, and the first revocation lists."""
    if plan.root:
        draft.root(plan.root)
    draft.issuing(plan.issuing)
    draft.responder(plan.ocsp)
    draft.unit(plan.timestamping)
    _practise(plan.persons)
    _seal(plan.seals, draft)
    for issuer in (ROOT, ISSUING):
        status.publish(issuer, draft.signer(issuer), at=at)


def _supplement(plan: Supplement, draft: Draft, *, at: datetime) -> None:
    """Successors beside what is there, from the top down."""
    if plan.issuing:
        issuing = draft.issuing(plan.issuing)
        status.publish(str(issuing.name), draft.signer(str(issuing.name)), at=at)
    if plan.ocsp:
        draft.responder(plan.ocsp)
    if plan.timestamping:
        draft.unit(plan.timestamping)
    if plan.persons:
        _practise(plan.persons)
    _seal(plan.seals, draft)


def _practise(persons: Persons) -> None:
    Practice.objects.update_or_create(defaults={"person_policies": persons.policies})


def _seal(seals: list[Seal], draft: Draft) -> None:
    taken = Certificate.objects.filter(name__in=[seal.credential for seal in seals]).values_list("name", flat=True)
    if taken:
        raise InvalidRequest(f"There is a seal {taken[0]} already: choose another name for its successor.")
    for seal in seals:
        draft.seal(seal)


def _draft() -> Path:
    return options().keys_dir / "draft"


def _empty_draft(passphrase: bytes) -> KeyFolder:
    if _draft().exists():  # of a ceremony that was interrupted before it counted
        shutil.rmtree(_draft())
    _draft().mkdir(mode=0o700, parents=True)
    return KeyFolder(_draft(), passphrase)


def _settle() -> None:
    """Move the keys of certificates that count to their place."""
    if not _draft().exists():
        return
    if not private().exists():
        _draft().rename(private())
        return
    for name in Certificate.objects.filter(name__isnull=False).values_list("name", flat=True):
        made, place = _draft() / f"{name}.pem", private() / f"{name}.pem"
        if made.exists() and not place.exists():
            made.rename(place)
    shutil.rmtree(_draft())


def publish_root_list(sheets: tuple[Sheet, ...], *, at: datetime) -> str:
    """Sign the root's next revocation list, with the key and the holders that this takes.

    Raises:
        NotReady: the root's key is not on this host, or the sheets do not open it.
    """
    signer = queries.opened(ROOT, KeyFolder(private(), custody.root_secret(sheets)))
    published = status.publish(ROOT, signer, at=at)
    return f"List {published.number} of the root holds until {published.next_update:%Y-%m-%d}."
