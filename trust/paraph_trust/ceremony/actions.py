"""Carry ceremonies out: each once, all of it or nothing.

Keys are first written to a draft folder, those on tokens by their URI. When the database has committed their
certificates, they move to their place; if it has not, they are destroyed. After a crash the next call does either.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from paraph import certs

from paraph_trust.authority import actions as authority
from paraph_trust.authority import queries
from paraph_trust.authority.models import Certificate, Practice
from paraph_trust.authority.queries import EXTERNAL, ISSUING, ROOT, TIMESTAMPING
from paraph_trust.ceremony import answers, custody, report
from paraph_trust.ceremony.answers import Answer, external, read_answer
from paraph_trust.ceremony.issuing import Draft, employ, next_name, taken
from paraph_trust.ceremony.models import Ceremony, Request, digest_of
from paraph_trust.ceremony.plan import (
    External,
    Persons,
    Plan,
    Seal,
    Standing,
    Supplement,
    Timestamping,
    read,
    read_first,
)
from paraph_trust.ceremony.sheets import Sheet
from paraph_trust.config.options import options
from paraph_trust.control import actions as control
from paraph_trust.control.models import Act
from paraph_trust.errors import InvalidRequest
from paraph_trust.keys.folder import SALT, KeyFolder, discard, private
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
    try:
        performed = _perform_once(plan, text, table, at=at)
    finally:
        _settle()
    path = report.path(performed)
    if not path.exists():
        report.write(performed)
    if performed.performed_at == at:
        return f"The key ceremony is done; see {path}.{_missing(performed)}"
    other = "" if performed.plan == text else " from another file, and nothing is changed"
    return f"The key ceremony was performed on {performed.performed_at:%Y-%m-%d at %H:%M:%S} UTC{other}; see {path}."


def _missing(performed: Ceremony) -> str:
    names = [request.name for request in performed.requests.filter(answered_at=None).order_by("pk")]
    if not names:
        return ""
    return f" Have the requests in {report.requests()} certified ({', '.join(names)}), then `paraph-trust import` them."


@transaction.atomic
def _perform_once(plan: Plan | Supplement, text: str, table: Table, *, at: datetime) -> Ceremony:
    _lock()
    _settle()  # what a crash left of the ceremony before
    first, digest, approved = Ceremony.objects.order_by("pk").first(), digest_of(text), list[str]()
    if isinstance(plan, Plan):
        if first:
            return first
        if private().exists():
            raise InvalidRequest(f"{private()} holds the keys of another ceremony: move them away first.")
        secrets = custody.divide(plan.control, at=at)
        keys = _empty_draft(secrets.installation)
        keys.keep_salt()
        draft = Draft(plan, keys, at, root_secret=secrets.root)
        _make(plan, draft, plan.external, at=at)
        custody.hand_out(secrets, table.sheets_to, title=plan.title, digest=digest)
    else:
        if earlier := Ceremony.objects.filter(plan=text).first():
            return earlier
        if first is None:
            raise InvalidRequest("The first ceremony comes first: its file says what the root is.")
        approved = control.require(Act.CEREMONY, digest, at=at)
        keys, secret = _empty_draft(options().passphrase()), custody.root_secret(table.sheets)
        draft = Draft(read_first(first.plan), keys, at, root_secret=secret)
        _make(plan, draft, external(plan), at=at)
    log.record("ceremony:performed", subject=plan.title, at=at, plan=digest, approved=approved)
    performed = Ceremony.objects.create(plan=text, performed_at=at, approved_by=approved)
    performed.requests.add(*draft.requests, bulk=False)
    return performed


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CEREMONY_LOCK])


def _make(plan: Plan | Supplement, draft: Draft, elsewhere: External | None, *, at: datetime) -> None:
    """Every key and certificate, from the top down; what another authority certifies waits, with all below it."""
    if isinstance(plan, Plan) and plan.root:
        draft.root(plan.root)
        status.publish(ROOT, draft.signer(ROOT), at=at)
    if plan.issuing and elsewhere:
        draft.ask_for_issuing(plan.issuing)
        return
    _furnish(plan, draft, draft.issuing(plan.issuing) if plan.issuing else None, at=at)


def _furnish(plan: Plan | Supplement, draft: Draft, issuing: Certificate | None, *, at: datetime) -> None:
    """What stands under an issuing authority, a new one or the one that is there."""
    if issuing:
        status.publish(str(issuing.name), draft.signer(str(issuing.name)), at=at)
    if plan.ocsp:
        draft.responder(plan.ocsp)
    if plan.timestamping:
        draft.unit(plan.timestamping)
    if plan.persons:
        _practise(plan.persons)
    _seal(plan.seals, draft)


def _practise(persons: Persons) -> None:
    practice = {"person_policies": persons.policies, "level_policies": persons.levels}
    Practice.objects.update_or_create(defaults=practice)


def _seal(seals: list[Seal], draft: Draft) -> None:
    for seal in seals:
        if taken(seal.credential):
            raise InvalidRequest(f"There is a seal {seal.credential} already: choose another name for its successor.")
        draft.seal(seal)


def _draft() -> Path:
    return options().keys_dir / "draft"


def _empty_draft(passphrase: bytes) -> KeyFolder:
    _draft().mkdir(mode=0o700, parents=True)
    return KeyFolder(_draft(), passphrase)


@transaction.atomic
def _settle() -> None:
    """Move the keys that count to their place, and destroy the others.

    Raises:
        NotReady: one is on a token that is away.
    """
    _lock()
    if not _draft().exists():
        return
    if Ceremony.objects.exists() and (_draft() / SALT).exists():  # of the first one, all of it
        _draft().rename(private())
        return
    counting = Certificate.objects.filter(name__isnull=False).values_list("name", flat=True)
    for name in (*counting, *Request.objects.values_list("name", flat=True)):
        for made in _draft().glob(f"{name}.*"):
            if not (private() / made.name).exists():
                made.rename(private() / made.name)
    discard(_draft())


def accept(data: bytes, *, at: datetime) -> str:
    """Take a certificate from another authority into use, for a key that awaits it, and make what waited for it.

    Raises:
        InvalidRequest: it is not such a certificate, cannot do what it is for, or officers have not approved it.
    """
    try:
        answered = answers.answered(data) or _accept_once(data, at=at)
    finally:
        _settle()
    path = report.write_import(answered)
    return f"{answered.name} is in use; see {path}.{_missing(answered.ceremony)}"


@transaction.atomic
def _accept_once(data: bytes, *, at: datetime) -> Request:
    _lock()
    _settle()  # what a crash left of the ceremony before
    answer = read_answer(data, at=at)
    approved = control.require(Act.IMPORT, answer.digest, at=at)
    request, certificate = answer.request, _admit(answer, at=at)
    if isinstance(answer.section, Seal | Timestamping):
        employ(certificate, answer.section, at=at)
    else:
        first = Ceremony.objects.order_by("pk")[0]
        keys = _empty_draft(options().passphrase())
        draft = Draft(read_first(first.plan), keys, at, root_secret=options().passphrase())
        _furnish(read(request.ceremony.plan), draft, certificate, at=at)
        request.ceremony.requests.add(*draft.requests, bulk=False)
    request.answered_at, request.approved_by = at, approved
    request.save(update_fields=["answered_at", "approved_by"])
    log.record("import:done", subject=request.name, at=at, file=answer.digest, approved=approved)
    return request


def _admit(answer: Answer, *, at: datetime) -> Certificate:
    """Enter a certificate and its issuers, from the root down; an issuer may be known already."""
    issuer: Certificate | None = None
    certificate, *above = answer.chain
    for each in reversed(above):
        known = Certificate.objects.filter(fingerprint=certs.thumbprint(each)).first()
        issuer = known or authority.admit(each, issuer=issuer, at=at, name=next_name(EXTERNAL), role=EXTERNAL)
    return authority.admit(certificate, issuer=issuer, at=at, name=answer.request.name, role=_role(answer.section))


def _role(section: Standing) -> str | None:
    if isinstance(section, Seal):
        return None
    return TIMESTAMPING if isinstance(section, Timestamping) else ISSUING


def publish_root_list(sheets: tuple[Sheet, ...], *, at: datetime) -> str:
    """Sign the root's next revocation list, with the key and the holders that this takes.

    Raises:
        NotReady: the root's key is not on this host, or the sheets do not open it.
    """
    signer = queries.opened(ROOT, KeyFolder(private(), custody.root_secret(sheets)))
    published = status.publish(ROOT, signer, at=at)
    return f"List {published.number} of the root holds until {published.next_update:%Y-%m-%d}."
