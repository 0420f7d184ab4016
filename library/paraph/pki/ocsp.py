"""Answers about certificates' status (RFC 6960), by a responder that the issuer delegated."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from paraph.algorithms import Digest
from paraph.cms.attributes import signature_algorithm
from paraph.errors import InputError
from paraph.formats import asn1
from paraph.keys.signer import Signer
from paraph.pki.revocation import Revoked

Standing = Revoked | bool
"""Revoked, or whether the certificate was issued at all."""

_BASIC = asn1.oid("1.3.6.1.5.5.7.48.1.1")
_NONCE = asn1.oid("1.3.6.1.5.5.7.48.1.2")
_ARCHIVE_CUTOFF = asn1.oid("1.3.6.1.5.5.7.48.1.6")
_HASHES = {
    asn1.oid("1.3.14.3.2.26"): "sha1",  # only names the issuer here, and most clients send nothing else
    asn1.oid("2.16.840.1.101.3.4.2.1"): "sha256",
    asn1.oid("2.16.840.1.101.3.4.2.2"): "sha384",
    asn1.oid("2.16.840.1.101.3.4.2.3"): "sha512",
}
_MOST = 50
"""Certificates that one request may ask about."""
_LONGEST_NONCE = 128
"""Octets (RFC 9654 §2.1)."""


class Refusal(IntEnum):
    """Why a request gets no answer (RFC 6960 §4.2.1)."""

    MALFORMED_REQUEST = 1
    INTERNAL_ERROR = 2
    TRY_LATER = 3
    UNAUTHORIZED = 6


class NotAQuestion(InputError):
    """What was sent is not an OCSP request."""

    code = "not-an-ocsp-request"


@dataclass(frozen=True, slots=True)
class Asked:
    """One certificate that a request asks about: its `CertID` (RFC 6960 §4.1.1)."""

    encoded: bytes
    algorithm: str
    issuer_name: bytes
    issuer_key: bytes
    serial: int


@dataclass(frozen=True, slots=True)
class Question:
    """An OCSP request."""

    certificates: tuple[Asked, ...]
    nonce: bytes
    """The extension as it was sent, or nothing."""

    def about(self, issuer: x509.Certificate) -> bool:
        """Whether all its certificates are this issuer's."""
        name, key = issuer.subject.public_bytes(), _key_bits(issuer)
        return all(
            each.issuer_name == hashlib.new(each.algorithm, name, usedforsecurity=False).digest()
            and each.issuer_key == hashlib.new(each.algorithm, key, usedforsecurity=False).digest()
            for each in self.certificates
        )


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
        question = read(request)
    except NotAQuestion:
        return refuse(Refusal.MALFORMED_REQUEST)
    if not question.about(issuer):
        return refuse(Refusal.UNAUTHORIZED)
    return answer(question, responder, issuer=issuer, standing=standing, at=at, next_update=next_update)


def read(request: bytes) -> Question:
    """Read an `OCSPRequest` (RFC 6960 §4.1.1). Who signed it, if anybody, makes no difference to the answer.

    Raises:
        NotAQuestion: it is not one, asks about too many certificates, or has a nonce against RFC 9654.
    """
    try:
        (tag, body), *_ = asn1.members(asn1.whole(request, asn1.SEQUENCE))
        fields = dict(asn1.members(body))
        wanted = [_asked(each) for each in _sequences(fields[asn1.SEQUENCE])]
        nonce = _nonce(asn1.whole(fields[0xA2], asn1.SEQUENCE)) if 0xA2 in fields else b""  # noqa: PLR2004  [2]
    except (asn1.BrokenDer, ValueError, KeyError, IndexError):
        raise NotAQuestion("This is not an OCSP request.") from None
    if tag != asn1.SEQUENCE or not 1 <= len(wanted) <= _MOST:
        raise NotAQuestion(f"An OCSP request asks about 1 to {_MOST} certificates.")
    return Question(tuple(wanted), nonce)


def answer(
    question: Question,
    responder: Signer,
    *,
    issuer: x509.Certificate,
    standing: Callable[[int], Standing],
    at: datetime,
    next_update: datetime,
) -> bytes:
    """A signed answer about certificates of `issuer`.

    The archive cut-off says that the register goes back to the issuer's first day: who validates an old signature still
    learns what became of a certificate that has expired since (RFC 6960 §4.4.4).

    Raises:
        Unavailable: the key's holder did not answer.
    """
    cutoff = _extension(_ARCHIVE_CUTOFF, _time(issuer.not_valid_before_utc))
    responses = [
        asn1.sequence(
            each.encoded,
            _status(standing(each.serial)),
            _time(at),
            asn1.explicit(0, _time(next_update)),
            asn1.explicit(1, asn1.sequence(cutoff)),
        )
        for each in question.certificates
    ]
    body = asn1.sequence(
        asn1.explicit(1, responder.certificate.subject.public_bytes()),
        _time(at),
        asn1.sequence(*responses),
        asn1.explicit(1, asn1.sequence(question.nonce)) if question.nonce else b"",
    )
    return _signed(body, responder)


def refuse(why: Refusal) -> bytes:
    """An `OCSPResponse` without an answer."""
    return asn1.sequence(bytes((0x0A, 1, why)))


def _sequences(content: bytes) -> Iterable[bytes]:
    for tag, each in asn1.members(content):
        if tag != asn1.SEQUENCE:
            raise NotAQuestion("This is not an OCSP request.")
        yield each


def _asked(request: bytes) -> Asked:
    (tag, identifier), *_ = asn1.members(request)
    algorithm, (_, name), (_, key), (kind, serial) = asn1.members(identifier)
    named, *_ = asn1.members(algorithm[1])
    if (tag, kind) != (asn1.SEQUENCE, asn1.INTEGER):
        raise NotAQuestion("This is not an OCSP request.")
    number = int.from_bytes(serial, "big", signed=True)
    return Asked(asn1.sequence(identifier), _HASHES[asn1.tlv(*named)], name, key, number)


def _nonce(extensions: bytes) -> bytes:
    """The nonce to echo; `OCTET STRING` in the extension's own `OCTET STRING` (RFC 9654 §2.1: 1 to 128 octets)."""
    for extension in _sequences(extensions):
        kind, *_, (_, value) = asn1.members(extension)
        if asn1.tlv(*kind) != _NONCE:
            continue
        if not 1 <= len(asn1.whole(value, asn1.OCTET_STRING)) <= _LONGEST_NONCE:
            raise NotAQuestion("The nonce is empty or longer than 128 octets.")
        return _extension(_NONCE, value)
    return b""


def _extension(kind: bytes, value: bytes) -> bytes:
    return asn1.sequence(kind, asn1.octets(value))


def _status(standing: Standing) -> bytes:
    """`CertStatus` (§4.2.1); a reason that says nothing is left out (RFC 5280 §5.3.1)."""
    if not isinstance(standing, Revoked):
        return b"\x80\x00" if standing else b"\x82\x00"
    number = _REASONS[standing.reason]
    reason = asn1.explicit(0, bytes((0x0A, 1, number))) if number else b""
    return asn1.explicit(1, _time(standing.at), reason)


_REASONS = {
    x509.ReasonFlags.unspecified: 0,
    x509.ReasonFlags.key_compromise: 1,
    x509.ReasonFlags.ca_compromise: 2,
    x509.ReasonFlags.affiliation_changed: 3,
    x509.ReasonFlags.superseded: 4,
    x509.ReasonFlags.cessation_of_operation: 5,
    x509.ReasonFlags.certificate_hold: 6,
    x509.ReasonFlags.remove_from_crl: 8,
    x509.ReasonFlags.privilege_withdrawn: 9,
    x509.ReasonFlags.aa_compromise: 10,
}
"""`CRLReason` (RFC 5280 §5.3.1)."""


def _signed(body: bytes, responder: Signer) -> bytes:
    """The responder's certificate goes along, so that nobody has to look for it."""
    value = responder.sign(Digest.of(body, responder.algorithm.hash))
    basic = asn1.sequence(
        body,
        signature_algorithm(responder.algorithm),
        asn1.tlv(asn1.BIT_STRING, b"\0", value),
        asn1.explicit(0, asn1.sequence(responder.certificate.public_bytes(Encoding.DER))),
    )
    return asn1.sequence(bytes((0x0A, 1, 0)), asn1.explicit(0, asn1.sequence(_BASIC, asn1.octets(basic))))


def _time(moment: datetime) -> bytes:
    return asn1.tlv(asn1.GENERALIZED_TIME, f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}".encode())


def _key_bits(issuer: x509.Certificate) -> bytes:
    key = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    (_, _), (_, bits) = asn1.members(asn1.whole(key, asn1.SEQUENCE))
    return bits[1:]
