"""Whether a certificate was revoked: reading what its issuer answers (RFC 5280 §5, RFC 6960 §4.2).

Nothing is fetched here, and nothing is believed that is not signed by the issuer or its delegate and of the right time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from asn1crypto import ocsp as asn1_ocsp
from asn1crypto.core import GeneralizedTime
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from paraph.algorithms import Digest, Hash
from paraph.certs.names import readable
from paraph.certs.validation_data import ValidationData
from paraph.errors import ParaphError, Revoked, Untrusted
from paraph.keys.verify import verify

_ASSURED = x509.ObjectIdentifier("0.4.0.194121.2.1")
"""validityAssured-ST: over before anybody could have revoked it (EN 319 412-1 §5.2)."""
_EXPIRED_CERTIFICATES = x509.ObjectIdentifier("2.5.29.60")
_SKEW = timedelta(minutes=5)
"""How far the issuer's clock may be ahead of ours."""
_HASHES = {each.value: each for each in Hash}


@dataclass(frozen=True, slots=True)
class Answer:
    """That a certificate is good, as its issuer says."""

    encoded: bytes
    since: datetime
    """When it was true (`thisUpdate`)."""
    until: datetime | None
    """When there will be a newer one, if its issuer says so (`nextUpdate`)."""
    responder: x509.Certificate | None = None
    """The delegate who answered, unless it was the issuer."""
    is_list: bool = False

    @property
    def data(self) -> ValidationData:
        return ValidationData(crls=(self.encoded,)) if self.is_list else ValidationData(ocsps=(self.encoded,))


class Unusable(Untrusted):
    """An answer that proves nothing: another's, too old, or not signed as it should be."""

    code = "unusable-status"


def needs_none(certificate: x509.Certificate) -> bool:
    """Nobody revokes it: a short-term certificate, or a responder's that says so (RFC 6960 §4.2.2.2.1)."""
    return any(each.oid in (_ASSURED, ExtensionOID.OCSP_NO_CHECK) for each in certificate.extensions)


def by_response(
    encoded: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime, now: datetime
) -> Answer:
    """Read an `OCSPResponse`: whether a certificate was good at the time `at`, as known `now`.

    Raises:
        Revoked: it was no longer.
        Unusable: it proves nothing about this certificate at this time.
    """
    try:
        response = ocsp.load_der_ocsp_response(encoded)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise Unusable(f"The responder refuses to answer: {response.response_status.name.lower()}.")
        single = _about(response, certificate, issuer)
        this_update = single.this_update_utc
        delegate = _signed(response, issuer, at=this_update)
        _in_time(this_update, single.next_update_utc, at, now)
        if this_update > certificate.not_valid_after_utc:
            _remembers(certificate, _archive_cutoff(encoded, certificate))
        if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
            raise Unusable("The responder does not know the certificate.")
        _not_revoked(certificate, single.revocation_time_utc, single.revocation_reason, at)
        return Answer(encoded, this_update, single.next_update_utc, delegate)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise Unusable(f"The OCSP response cannot be read: {error}") from None


def by_list(
    encoded: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime, now: datetime
) -> Answer:
    """Look a certificate up in its issuer's complete list: whether it was good at the time `at`, as known `now`.

    Raises:
        Revoked: it stands there, from that time or earlier.
        Unusable: the list proves nothing about this certificate at this time.
    """
    try:
        found = x509.load_der_x509_crl(encoded)
        if found.issuer != issuer.subject or not found.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]  # an issuer's key signs
            raise Unusable("The revocation list is not the issuer’s.")
        _complete(found, certificate)
        _in_time(found.last_update_utc, found.next_update_utc, at, now)
        if found.last_update_utc > certificate.not_valid_after_utc:
            _remembers(certificate, _expired_certificates(found))
        entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise Unusable(f"The revocation list cannot be read: {error}") from None
    if entry is not None:
        _not_revoked(certificate, entry.revocation_date_utc, _reason(entry), at)
    return Answer(encoded, found.last_update_utc, found.next_update_utc, is_list=True)


# ---------------------------------------------------------------- OCSP


def _about(
    response: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> ocsp.OCSPSingleResponse:
    """The answer about this certificate among those that came."""
    for single in response.responses:
        asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, single.hash_algorithm).build()
        if (single.serial_number, single.issuer_name_hash, single.issuer_key_hash) == (
            asked.serial_number,
            asked.issuer_name_hash,
            asked.issuer_key_hash,
        ):
            return single
    raise Unusable("The responder speaks of another certificate.")


def _signed(response: ocsp.OCSPResponse, issuer: x509.Certificate, *, at: datetime) -> x509.Certificate | None:
    """Who signed: nobody but the issuer itself, which gives None, or a delegate it certified for that."""
    delegates = [each for each in response.certificates if each != issuer and _delegated(each, issuer, at)]
    candidates: Sequence[x509.Certificate] = (*delegates, issuer)
    digest = Digest.of(response.tbs_response_bytes, _hash(response.signature_hash_algorithm))
    for each in candidates:
        try:
            verify(each.public_key(), digest, response.signature)
        except ParaphError:
            continue
        return None if each == issuer else each
    raise Unusable("The OCSP response is not signed by the issuer, nor by anybody whom it allows to.")


def _delegated(responder: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    """RFC 6960 §4.2.2.2: certified by the very issuer, for this purpose."""
    try:
        responder.verify_directly_issued_by(issuer)
        purposes = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    in_time = responder.not_valid_before_utc <= at + _SKEW and at <= responder.not_valid_after_utc
    return in_time and ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def _hash(algorithm: HashAlgorithm | None) -> Hash:
    if algorithm is None or algorithm.name not in _HASHES:
        raise Unusable("The answer is signed with an algorithm that is not accepted.")
    return _HASHES[algorithm.name]


def _archive_cutoff(encoded: bytes, certificate: x509.Certificate) -> datetime | None:
    """RFC 6960 §4.4.4; the `cryptography` package does not show the extensions of single responses."""
    body = asn1_ocsp.OCSPResponse.load(encoded)["response_bytes"]["response"].parsed["tbs_response_data"]
    for single in body["responses"]:
        if single["cert_id"]["serial_number"].native == certificate.serial_number:
            for extension in single["single_extensions"] or ():
                if extension["extn_id"].native == "archive_cutoff":
                    return cast("datetime", extension["extn_value"].parsed.native)
    return None


# ---------------------------------------------------------------- lists


def _complete(found: x509.CertificateRevocationList, certificate: x509.Certificate) -> None:
    """Neither a delta, nor indirect, nor for other certificates or reasons (RFC 5280 §5.2.4, §5.2.5)."""
    for extension in found.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            point = extension.value
            authority = _is_authority(certificate)
            elsewhere = (point.only_contains_user_certs and authority) or (
                point.only_contains_ca_certs and not authority
            )
            if elsewhere or point.indirect_crl or point.only_contains_attribute_certs or point.only_some_reasons:
                raise Unusable("The revocation list does not cover the certificate.")
        elif extension.critical:
            raise Unusable("The revocation list has a critical extension that is not understood.")


def _expired_certificates(found: x509.CertificateRevocationList) -> datetime | None:
    """`expiredCertsOnCRL` (X.509 §9.5.2.8)."""
    for extension in found.extensions:
        if extension.oid == _EXPIRED_CERTIFICATES and isinstance(extension.value, x509.UnrecognizedExtension):
            return cast("datetime", GeneralizedTime.load(extension.value.value).native)
    return None


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


# ---------------------------------------------------------------- both


def _in_time(this_update: datetime, next_update: datetime | None, at: datetime, now: datetime) -> None:
    """It was known by `now`, and reaches as far as `at`."""
    if this_update > now + _SKEW:
        raise Unusable("The answer is of the future: is the clock right?")
    if next_update is not None and next_update < at:
        raise Unusable(f"The answer is too old: it held until {next_update:%Y-%m-%d %H:%M} UTC.")


def _remembers(certificate: x509.Certificate, since: datetime | None) -> None:
    """Issuers may forget certificates that have expired, unless they say since when they do not."""
    if since is None or since > certificate.not_valid_after_utc:
        raise Unusable("The certificate has expired, and its issuer may have forgotten what became of it.")


def _not_revoked(
    certificate: x509.Certificate, since: datetime | None, reason: x509.ReasonFlags | None, at: datetime
) -> None:
    if since is None or since > at:
        return
    why = f" ({reason.value})" if reason and reason is not x509.ReasonFlags.unspecified else ""
    name = readable(certificate.subject)
    raise Revoked(f"The certificate of {name} is revoked since {since:%Y-%m-%d %H:%M} UTC{why}.")
