"""Certificate revocation lists (RFC 5280 §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.formats import asn1
from paraph.keys.signer import Signer
from paraph.pki.presign import resign, throwaway_key

_EXPIRED_CERTIFICATES = x509.ObjectIdentifier("2.5.29.60")


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that is no longer good."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


def revocation_list(
    issuer: Signer, revoked: Iterable[Revoked], *, at: datetime, number: int, next_update: datetime
) -> bytes:
    """A complete list in DER. Expired certificates stay on it, and it says so (X.509 `expiredCertsOnCRL`).

    Raises:
        Unavailable: the key's holder did not answer.
    """
    certificate = issuer.certificate
    key_identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    since = certificate.not_valid_before_utc.strftime("%Y%m%d%H%M%SZ").encode("ascii")
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certificate.subject)
        .last_update(at.astimezone(UTC))
        .next_update(next_update.astimezone(UTC))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_identifier), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.UnrecognizedExtension(_EXPIRED_CERTIFICATES, asn1.tlv(asn1.GENERALIZED_TIME, since)), critical=False
        )
    )
    for each in revoked:
        builder = builder.add_revoked_certificate(_entry(each))
    draft = builder.sign(throwaway_key(issuer.algorithm), issuer.algorithm.hash.primitive)
    return resign(draft.public_bytes(Encoding.DER), issuer)


def _entry(revoked: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(revoked.serial).revocation_date(revoked.at.astimezone(UTC))
    if revoked.reason is not x509.ReasonFlags.unspecified:  # §5.3.1: rather absent than unspecified
        builder = builder.add_extension(x509.CRLReason(revoked.reason), critical=False)
    return builder.build()
