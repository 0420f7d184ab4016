"""What another authority answers to a request: certificates in a file, not believed before they are checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from paraph import certs
from paraph.certs import TrustStore
from paraph.errors import InputError, NoPath

from paraph_trust.authority.queries import ISSUING, standing
from paraph_trust.ceremony.models import Ceremony, Request
from paraph_trust.ceremony.plan import External, Plan, Seal, Standing, Supplement, Timestamping, read, read_first
from paraph_trust.errors import InvalidRequest

Extension = TypeVar("Extension", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True)
class Answer:
    """A certificate for a key that awaited it, and the way to the root that the reviewers named."""

    request: Request
    section: Standing
    chain: tuple[x509.Certificate, ...]
    """The certificate first, the root last."""
    digest: str
    """SHA-256 of the file, hexadecimal."""


def digest_of(data: bytes) -> str:
    """SHA-256 of a file of certificates, hexadecimal."""
    return sha256(data).hexdigest()


def external(plan: Plan | Supplement) -> External | None:
    """Who certifies the issuing authority of a ceremony, if our root does not."""
    return plan.external or read_first(Ceremony.objects.order_by("pk")[0].plan).external


def read_answer(data: bytes, *, at: datetime) -> Answer:
    """Read an authority's answer, and check everything about it (RFC 5280 §6.1, and what each kind must be).

    Raises:
        InvalidRequest: not certificates, none of a key that awaits one, no path to the root that the ceremony's file
            names, or a certificate that could not do what it is for.
    """
    try:
        found = certs.read(data)
        request, certificate = _awaited(found)
        section, anchor = _asked(request)
        root = _root(found, anchor.root_sha256)
        chain = certs.path(certificate, intermediates=found, trusted=TrustStore((root,)), at=at)
    except (InputError, NoPath) as error:
        raise InvalidRequest(str(error)) from None
    if not _root_is_in_time(root, at):
        raise InvalidRequest("The root that the ceremony’s file names is over, or not valid yet.")
    if broken := _broken(certificate, section):
        raise InvalidRequest(f"The certificate cannot be used for {request.name}: {broken}.")
    return Answer(request, section, chain, digest_of(data))


def answered(data: bytes) -> Request | None:
    """The request that a file answered before."""
    try:
        found = certs.read(data)
    except InputError:
        return None
    done = Request.objects.filter(answered_at__isnull=False).order_by("pk")
    return next((request for request in done if standing(request.name).parsed in found), None)


def _awaited(found: Sequence[x509.Certificate]) -> tuple[Request, x509.Certificate]:
    """The certificate of a key that awaits it: what the file calls it does not matter."""
    for request in Request.objects.select_for_update(of=["self"]).filter(answered_at=None).order_by("pk"):
        key = x509.load_pem_x509_csr(request.csr.encode()).public_key()
        for certificate in found:
            if certificate.public_key() == key:
                return request, certificate
    raise InvalidRequest("None of these certificates belongs to a key that awaits one.")


def _asked(request: Request) -> tuple[Standing, External]:
    """What the ceremony's file says of a request, and who was to answer it."""
    plan = read(request.ceremony.plan)
    section: Standing | None = next((seal for seal in plan.seals if seal.credential == request.name), None)
    if section is None:
        section = plan.issuing if request.name.startswith(ISSUING) else plan.timestamping
    anchor = section.external if isinstance(section, Seal | Timestamping) else external(plan)
    assert section is not None  # noqa: S101  no other requests are made
    assert anchor is not None  # noqa: S101  as above
    return section, anchor


def _root(found: Sequence[x509.Certificate], fingerprint: str) -> x509.Certificate:
    for certificate in found:
        if certs.thumbprint(certificate) == fingerprint:
            return certificate
    raise InvalidRequest(f"The file lacks the root that the ceremony’s file names, with SHA-256 {fingerprint}.")


def _root_is_in_time(root: x509.Certificate, at: datetime) -> bool:
    return root.not_valid_before_utc <= at < root.not_valid_after_utc


def _broken(certificate: x509.Certificate, section: Standing) -> str | None:
    """Why a certificate would not serve, whatever else its issuer put into it."""
    constraints, usage = _of(certificate, x509.BasicConstraints), _of(certificate, x509.KeyUsage)
    issues = bool(constraints and constraints.ca and usage and usage.key_cert_sign and usage.crl_sign)
    if not isinstance(section, Seal | Timestamping):
        if not issues:
            return "it is not that of an authority that may sign certificates and lists (RFC 5280 §4.2.1.3, §4.2.1.9)"
        return None if _of(certificate, x509.SubjectKeyIdentifier) else "its key has no identifier (RFC 5280 §4.2.1.2)"
    if constraints and constraints.ca:
        return "it is an authority’s"
    if usage is None or not (usage.content_commitment or usage.digital_signature):
        return "its key may not sign (RFC 5280 §4.2.1.3)"
    if isinstance(section, Timestamping) and not _is_for_timestamping(certificate):
        return "time-stamping is not its one purpose, critically (RFC 3161 §2.3)"
    return None


def _is_for_timestamping(certificate: x509.Certificate) -> bool:
    found = [each for each in certificate.extensions if isinstance(each.value, x509.ExtendedKeyUsage)]
    return [(each.critical, list(each.value)) for each in found] == [(True, [ExtendedKeyUsageOID.TIME_STAMPING])]


def _of(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    return next((each.value for each in certificate.extensions if isinstance(each.value, kind)), None)
