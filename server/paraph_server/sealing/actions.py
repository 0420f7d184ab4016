"""Seal in the name of the organisation that runs the platform: evidence files, and documents whose turn it is."""

from datetime import datetime

from cryptography import x509
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from paraph import certs, pades
from paraph.evidence import chain
from paraph.keys.csc import CscSigner
from paraph.signatures import Level

from paraph_server import trust
from paraph_server.accounts.models import Tenant
from paraph_server.config.options import options
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.journal.actions import PLATFORM, Actor
from paraph_server.sealing.errors import SealNotValid, SealWithdrawn
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import anchors, blocks
from paraph_server.workflows.actions import Signed
from paraph_server.workflows.blocks import Look
from paraph_server.workflows.models import Document, Recipient, Seal
from paraph_server.workflows.queries import seals, to_sign

INVISIBLE = Look()


def seal(document: bytes, *, reason: str, at: datetime) -> bytes:
    """The document with an invisible seal and a time-stamp (PAdES B-T).

    Raises:
        Unavailable: the trust service or the time-stamp authority does not answer.
    """
    return _seal(document, signer(options().seal_credential), reason, at)


def _seal(document: bytes, by: CscSigner, reason: str, at: datetime, look: Look = INVISIBLE) -> bytes:
    return pades.sign(
        document,
        by,
        level=Level.T,
        timestamper=trust.timestamper(),
        at=at,
        reason=reason,
        block=look.block,
        field=look.field,
    )


def seal_step(organisation: Recipient) -> None:
    """Do what a seal step asks for: seal each document, visibly where signatures are, and let the workflow go on.

    Repeated after a crash it makes other seals; only one ever stands in a document, because all of them take effect in
    one transaction that looks whether it is still to be done.

    Raises:
        Unavailable: the trust service or the time-stamp authority does not answer; try again later.
        SealNotValid: what was made does not validate; nobody gets it.
        SealWithdrawn: the organisation may not use it any more.
        AlreadyActed, WorkflowOver: it was done, or the workflow has ended.
    """
    workflow = organisation.workflow
    workflows.check_turn(workflow, organisation.pk, at=timezone.now())
    by = signer(_credential(organisation))
    signed = [Signed(each.pk, each.current, _sealed(each, by, organisation)) for each in to_sign(workflow)]
    workflows.complete(organisation, signed, by=PLATFORM, at=timezone.now(), certificate=_facts(by.certificate))


def _credential(organisation: Recipient) -> str:
    """The seal that the step names; else the organisation's first, or the platform's own where it has none."""
    named = organisation.step.seal
    if named and named.withdrawn_at:
        raise SealWithdrawn(_("The seal %(name)s was withdrawn.") % {"name": named.name})
    chosen = named or seals().first()
    return chosen.credential if chosen else options().seal_credential


def _sealed(document: Document, by: CscSigner, organisation: Recipient) -> Part:
    """One document, sealed and found valid."""
    from paraph.validation import Indication, validate  # noqa: PLC0415  it loads slowly, and only the worker validates

    part, at = document.current, timezone.now()
    before = stored.content(part)
    look = blocks.look(organisation, document, before, _lines(organisation, at))
    content = _seal(before, by, organisation.workflow.pk, at, look)
    report = validate(content, trusted=anchors.trusted(organisation.workflow), at=timezone.now())
    if report.indication is not Indication.TOTAL_PASSED:
        raise SealNotValid(f"{part.filename}: {report}")
    at = timezone.now()
    return documents.keep(part.tenant_id, content, part.filename, part.content_type, pages=part.pages, at=at)


def _lines(organisation: Recipient, at: datetime) -> tuple[str, ...]:
    """What a visible seal says, in the language of who sent it."""
    workflow = organisation.workflow
    with translation.override(workflow.owner.locale):
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        return (_("Sealed by %(name)s") % {"name": organisation.name}, when, workflow.name, workflow.pk)


def signer(credential: str) -> CscSigner:
    """A seal, which the trust service holds."""
    service = trust.signing_service()
    return CscSigner(service, service.credential(credential))


def give(tenant: Tenant | str, credential: str, *, name: str, by: Actor, at: datetime) -> Seal:
    """Let an organisation seal with a credential.

    Raises:
        Refused: the trust service has no such credential.
        SealTaken: it is another organisation's.
    """
    signer(credential)
    return workflows.give_seal(tenant, credential, name=name, by=by, at=at)


def _facts(certificate: x509.Certificate) -> dict[str, str]:
    """What the journal keeps of the seal's certificate; the evidence file is made of it."""
    return {
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": f"{certificate.serial_number:X}",
        "sha256": certs.thumbprint(certificate),
        "not_before": chain.moment(certificate.not_valid_before_utc),
        "not_after": chain.moment(certificate.not_valid_after_utc),
    }
