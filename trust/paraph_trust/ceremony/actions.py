"""Carry a ceremony out: once, all of it or nothing.

Keys are first written to a draft folder. When the database has committed their certificates, the folder is renamed into
its place; a crash between the two is finished by the next call, a crash before them leaves nothing that counts.
"""

import shutil
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from paraph.pki import profiles

from paraph_trust.authority.models import Practice
from paraph_trust.authority.queries import ISSUING, RESPONDER, ROOT, TIMESTAMPING
from paraph_trust.ceremony import report
from paraph_trust.ceremony.issuing import Draft
from paraph_trust.ceremony.models import Ceremony
from paraph_trust.ceremony.plan import Plan, read
from paraph_trust.config.options import options
from paraph_trust.errors import InvalidRequest
from paraph_trust.keys.folder import KeyFolder, private
from paraph_trust.log import actions as log
from paraph_trust.signing import actions as signing
from paraph_trust.status import actions as status
from paraph_trust.timestamping.models import Unit

CEREMONY_LOCK = 0x706172617068
"""The advisory lock that keeps a second ceremony out."""


def perform(text: str, *, at: datetime) -> str:
    """Make what a ceremony file describes and say so; a second time, say that it is done.

    Raises:
        InvalidRequest: the file cannot be carried out, or keys of another ceremony are in its way.
    """
    plan = read(text)
    performed = _perform_once(plan, text, at=at)
    if _draft().exists():
        _draft().rename(private())
    path = report.path()
    if not path.exists():
        report.write(performed)
    if performed.performed_at == at:
        return f"The key ceremony is done; see {path}."
    other = "" if performed.plan == text else " from another file, and nothing is changed"
    return f"The key ceremony was performed on {performed.performed_at:%Y-%m-%d at %H:%M:%S} UTC{other}; see {path}."


@transaction.atomic
def _perform_once(plan: Plan, text: str, *, at: datetime) -> Ceremony:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CEREMONY_LOCK])
    if earlier := Ceremony.objects.first():
        return earlier
    if private().exists():
        raise InvalidRequest(f"{private()} holds the keys of another ceremony: move them away first.")
    _make(plan, _empty_draft(), at=at)
    ceremony = Ceremony.objects.create(plan=text, performed_at=at)
    log.record("ceremony:performed", subject=plan.title, at=at, plan=ceremony.digest)
    return ceremony


def _draft() -> Path:
    return options().keys_dir / "draft"


def _empty_draft() -> KeyFolder:
    if _draft().exists():  # of a ceremony that was interrupted before it counted
        shutil.rmtree(_draft())
    _draft().mkdir(mode=0o700, parents=True)
    folder = KeyFolder(_draft(), options().passphrase())
    folder.keep_salt()
    return folder


def _make(plan: Plan, keys: KeyFolder, *, at: datetime) -> None:
    """Every key and certificate, from the root down, and the first revocation lists."""
    draft = Draft(plan, keys, at)
    draft.root()
    draft.issue(ISSUING, plan.issuing, profiles.issuing(), issuer=ROOT)
    draft.issue(RESPONDER, plan.ocsp, profiles.ocsp_responder(), issuer=ISSUING)
    draft.issue(TIMESTAMPING, plan.timestamping, profiles.timestamping_unit(), issuer=ISSUING)
    Practice.objects.create(person_policies=plan.persons.policies)
    Unit.objects.create(policy=plan.timestamping.policy, accuracy=plan.timestamping.accuracy)
    for seal in plan.seals:
        owner = plan.subject(seal.name, seal.organisation)
        certificate = draft.issue(
            seal.credential, seal, profiles.seal().under(*seal.policies), issuer=ISSUING, subject=owner
        )
        signing.lend_seal(seal.credential, certificate, clients=seal.clients, at=at)
    for issuer in (ROOT, ISSUING):
        status.publish(issuer, draft.signers[issuer], at=at)
