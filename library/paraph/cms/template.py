"""`SignedData` with holes: everything that depends on the signer alone is encoded once.

For each document only the message digest, the signature value, the time-stamp and the lengths around them change.
"""

import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.algorithms import SignatureAlgorithm
from paraph.cms.attributes import (
    CONTENT_TYPE,
    MESSAGE_DIGEST,
    SIGNATURE_TIMESTAMP,
    algorithm_protection,
    attribute,
    digest_algorithm,
    signature_algorithm,
    signing_certificate,
)
from paraph.formats import asn1

DATA = "1.2.840.113549.1.7.1"
TIMESTAMP_INFO = "1.2.840.113549.1.9.16.1.4"

_SHORTEST, _LONGEST = 32, 4096
"""Bytes of enclosed content for which a frame is kept: what can be found again in it, and what comes often."""
_SIGNED_DATA = asn1.oid("1.2.840.113549.1.7.2")
_ED25519 = 64  # bytes, RFC 8032 §5.1.6


class Template:
    """The signed message of one signer, but for what one signature changes (EN 319 122-1 §5, EN 319 142-1 §6.3).

    Its signed attributes are content-type, message-digest, signing-certificate-v2 and cms-algorithm-protection; there
    is no signing-time, which PAdES forbids and a time-stamp states better.

    Args:
        certificate: the signer's.
        chain: issuers to embed beside it.
        content_type: what is signed: detached data, or a `TSTInfo`.
        embed: whether the message carries certificates at all (a time-stamp request may decline them).
    """

    def __init__(
        self,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate],
        algorithm: SignatureAlgorithm,
        *,
        content_type: str = DATA,
        embed: bool = True,
    ) -> None:
        der = certificate.public_bytes(Encoding.DER)
        issuer = certificate.issuer.public_bytes()
        serial = asn1.integer(certificate.serial_number)
        hashing = digest_algorithm(algorithm)
        self._largest_signature = _largest_signature(certificate)
        self._digest_size = algorithm.hash.size
        self._before_digest, self._after_digest = self._attributes(
            attribute(CONTENT_TYPE, asn1.oid(content_type)),
            signing_certificate(der, issuer, serial, algorithm),
            algorithm_protection(algorithm),
        )
        self._signer = asn1.integer(1) + asn1.sequence(issuer, serial) + hashing
        self._signature_algorithm = signature_algorithm(algorithm)
        # RFC 5652 §5.1: version 3 when something else than plain data is enclosed.
        version = asn1.integer(1 if content_type == DATA else 3)
        self._head = version + asn1.set_of(hashing)
        self._content_type = asn1.oid(content_type)
        embedded = {der, *(issuing.public_bytes(Encoding.DER) for issuing in chain)} if embed else set()
        self._certificates = asn1.explicit(0, *sorted(embedded)) if embedded else b""
        self._frame = lru_cache(maxsize=64)(self._framed)  # signatures and tokens have few lengths

    def _attributes(self, *others: bytes) -> tuple[bytes, bytes]:
        """The signed attributes before and after the digest; their order is fixed by their first bytes (DER)."""
        hole = bytes(self._digest_size)
        digest = attribute(MESSAGE_DIGEST, asn1.octets(hole))
        ordered = sorted([digest, *others])
        place = ordered.index(digest)
        encoded = asn1.tlv(asn1.SET, *ordered)
        end = len(encoded) - sum(map(len, ordered[place + 1 :]))
        return encoded[: end - len(hole)], encoded[end:]

    def signed_attributes(self, message_digest: bytes) -> bytes:
        """What the key signs, as DER `SET OF` (RFC 5652 §5.4)."""
        return b"%b%b%b" % (self._before_digest, message_digest, self._after_digest)

    def signed_data(
        self, message_digest: bytes, signature: bytes, *, token: bytes | None = None, content: bytes | None = None
    ) -> bytes:
        """The finished `ContentInfo`, DER.

        Args:
            message_digest: of the content.
            signature: the value over `signed_attributes(message_digest)`.
            token: a time-stamp over the signature value.
            content: what is enclosed, unless the signature is detached.
        """
        if content is not None and not _SHORTEST <= len(content) <= _LONGEST:
            return self._encoded(message_digest, signature, token, content)
        opening, signer, value, stamp = self._frame(len(signature), len(token or b""), len(content or b""))
        return b"".join((opening, content or b"", signer, message_digest, value, signature, stamp, token or b""))

    def _framed(self, signature: int, token: int, content: int) -> list[bytes]:
        """What stands before content, digest, signature and token, when they have these lengths; 0 for none."""
        holes = [secrets.token_bytes(size) for size in (content, self._digest_size, signature, token)]
        frame, rest = [], self._encoded(holes[1], holes[2], holes[3] or None, holes[0] or None)
        for hole in holes:
            before, _, rest = rest.partition(hole) if hole else (b"", b"", rest)
            frame.append(before)
        return frame

    def _encoded(self, message_digest: bytes, signature: bytes, token: bytes | None, content: bytes | None) -> bytes:
        attributes = b"\xa0%b%b%b" % (self._before_digest[1:], message_digest, self._after_digest)
        unsigned = b"" if token is None else asn1.explicit(1, attribute(SIGNATURE_TIMESTAMP, token))
        signer = asn1.sequence(self._signer, attributes, self._signature_algorithm, asn1.octets(signature), unsigned)
        enclosed = b"" if content is None else asn1.explicit(0, asn1.octets(content))
        signed_data = asn1.sequence(
            self._head, asn1.sequence(self._content_type, enclosed), self._certificates, asn1.tlv(asn1.SET, signer)
        )
        return asn1.sequence(_SIGNED_DATA, asn1.explicit(0, signed_data))

    def reserve(self, *, token: int = 0) -> int:
        """The most bytes that `signed_data` of a detached signature can take, with a token of at most `token` bytes."""
        return len(
            self.signed_data(
                bytes(self._digest_size), bytes(self._largest_signature), token=bytes(token) if token else None
            )
        )


def _largest_signature(certificate: x509.Certificate) -> int:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return (key.key_size + 7) // 8
    if isinstance(key, ed25519.Ed25519PublicKey):
        return _ED25519
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101  SignatureAlgorithm knows no other kind
    largest = asn1.integer((1 << (8 * ((key.curve.key_size + 7) // 8))) - 1)
    return len(asn1.sequence(largest, largest))
