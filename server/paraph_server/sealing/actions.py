"""Seal in the name of the organisation that runs the platform: evidence files, and documents whose turn it is."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.utils import timezone
from paraph import pades
from paraph.evidence import chain
from paraph.keys.csc import CscSigner
from paraph.signatures import Level

from paraph_server import trust
from paraph_server.config.options import options
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.journal.actions import PLATFORM
from paraph_server.sealing.errors import SealNotValid
from paraph_server.workflows import actions as workflows
from paraph_server.workflows.actions import Signed
from paraph_server.workflows.models import Recipient
from paraph_server.workflows.queries import to_sign


def seal(document: bytes, *, reason: str, at: datetime) -> bytes:
    """The document with an invisible seal and a time-stamp (PAdES B-T).

    Raises:
        Unavailable: the trust service or the time-stamp authority does not answer.
    """
    return _seal(document, signer(), reason, at)


def _seal(document: bytes, by: CscSigner, reason: str, at: datetime) -> bytes:
    return pades.sign(document, by, level=Level.T, timestamper=trust.timestamper(), at=at, reason=reason)


def seal_step(organisation: Recipient) -> None:
    """Do what a seal step asks for: seal each document and let the workflow go on.

    Repeated after a crash it makes other seals; only one ever stands in a document, because all of them take effect in
    one transaction that looks whether it is still to be done.

    Raises:
        Unavailable: the trust service or the time-stamp authority does not answer; try again later.
        SealNotValid: what was made does not validate; nobody gets it.
        AlreadyActed, WorkflowOver: it was done, or the workflow has ended.
    """
    workflow = organisation.workflow
    workflows.check_turn(workflow, organisation.pk, at=timezone.now())
    by = signer()
    signed = [Signed(each.pk, each.current, _sealed(each.current, by, workflow.pk)) for each in to_sign(workflow)]
    workflows.complete(organisation, signed, by=PLATFORM, at=timezone.now(), certificate=_facts(by.certificate))


def _sealed(part: Part, by: CscSigner, reason: str) -> Part:
    """One document, sealed and found valid."""
    from paraph.validation import Indication, validate  # noqa: PLC0415  it loads slowly, and only the worker validates

    content = _seal(stored.content(part), by, reason, timezone.now())
    report = validate(content, trusted=trust.trusted(), at=timezone.now())
    if report.indication is not Indication.TOTAL_PASSED:
        raise SealNotValid(f"{part.filename}: {report}")
    at = timezone.now()
    return documents.keep(part.tenant_id, content, part.filename, part.content_type, pages=part.pages, at=at)


def signer() -> CscSigner:
    """The organisation's seal, which the trust service holds."""
    service = trust.signing_service()
    return CscSigner(service, service.credential(options().seal_credential))


def _facts(certificate: x509.Certificate) -> dict[str, str]:
    """What the journal keeps of the seal's certificate; the evidence file is made of it."""
    return {
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": f"{certificate.serial_number:X}",
        "sha256": certificate.fingerprint(hashes.SHA256()).hex(),
        "not_before": chain.moment(certificate.not_valid_before_utc),
        "not_after": chain.moment(certificate.not_valid_after_utc),
    }
