"""Answers about a certificate's status (RFC 6960), by a responder that the issuer delegated."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from paraph.formats import asn1
from paraph.keys.signer import Signer
from paraph.pki.presign import resign, throwaway_key
from paraph.pki.revocation import Revoked

Standing = Revoked | bool
"""Revoked, or whether the certificate was issued at all."""

_BASIC = asn1.oid("1.3.6.1.5.5.7.48.1.1")
_SUCCESSFUL = b"\x0a\x01\x00"


def respond(
    request: bytes,
    responder: Signer,
    *,
    issuer: x509.Certificate,
    standing: Callable[[int], Standing],
    at: datetime,
    next_update: datetime,
) -> bytes:
    """An `OCSPResponse`, DER, whatever was asked: what cannot be answered is refused in the protocol's own words."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        nonce = _nonce(asked)
        ours = _asks_about(asked, issuer)
    except (ValueError, NotImplementedError):  # not a request; several certificates at once; an unknown digest
        return _refuse(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not ours:
        return _refuse(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    builder = _answer(asked, standing(asked.serial_number), at, next_update)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, _stand_in(responder))
    if nonce:
        builder = builder.add_extension(nonce, critical=False)
    draft = builder.sign(throwaway_key(responder.algorithm), responder.algorithm.hash.primitive)
    return _resigned(draft.public_bytes(Encoding.DER), responder)


def _nonce(asked: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    """The nonce to echo (RFC 9654 §2.1: 1 to 128 octets)."""
    for extension in asked.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            if not 1 <= len(extension.value.nonce) <= 128:  # noqa: PLR2004  as above
                raise ValueError("nonce")
            return extension.value
    return None


def _asks_about(asked: ocsp.OCSPRequest, issuer: x509.Certificate) -> bool:
    """Whether the question is about a certificate of this issuer (§4.1.1)."""
    spki = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key_bits = list(asn1.members(asn1.whole(spki, asn1.SEQUENCE)))[1][1][1:]
    name = hashlib.new(asked.hash_algorithm.name, issuer.subject.public_bytes()).digest()
    key = hashlib.new(asked.hash_algorithm.name, key_bits).digest()
    return asked.issuer_name_hash == name and asked.issuer_key_hash == key


def _answer(
    asked: ocsp.OCSPRequest, standing: Standing, at: datetime, next_update: datetime
) -> ocsp.OCSPResponseBuilder:
    revoked = standing if isinstance(standing, Revoked) else None
    known = ocsp.OCSPCertStatus.GOOD if standing else ocsp.OCSPCertStatus.UNKNOWN
    return ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=asked.issuer_name_hash,
        issuer_key_hash=asked.issuer_key_hash,
        serial_number=asked.serial_number,
        algorithm=asked.hash_algorithm,
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else known,
        this_update=at.astimezone(UTC),
        next_update=next_update.astimezone(UTC),
        revocation_time=revoked.at.astimezone(UTC) if revoked else None,
        revocation_reason=revoked.reason if revoked else None,
    )


def _stand_in(responder: Signer) -> x509.Certificate:
    """A certificate with the responder's name and the throw-away key: the builder insists that they fit."""
    key = throwaway_key(responder.algorithm)
    name, certificate = responder.certificate.subject, responder.certificate
    return (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(certificate.not_valid_before_utc)
        .not_valid_after(certificate.not_valid_after_utc)
        .sign(key, responder.algorithm.hash.primitive)
    )


def _resigned(response: bytes, responder: Signer) -> bytes:
    """Exchange the signature inside `OCSPResponse { status, [0] { OID, OCTET STRING } }`, the certificate beside it."""
    (_, _), (_, enclosed) = asn1.members(asn1.whole(response, asn1.SEQUENCE))
    (_, _), (_, basic) = asn1.members(asn1.whole(enclosed, asn1.SEQUENCE))
    signed = asn1.whole(resign(basic, responder), asn1.SEQUENCE)
    certificates = asn1.explicit(0, asn1.sequence(responder.certificate.public_bytes(Encoding.DER)))
    answer = asn1.octets(asn1.sequence(signed, certificates))
    return asn1.sequence(_SUCCESSFUL, asn1.explicit(0, asn1.sequence(_BASIC, answer)))


def _refuse(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
