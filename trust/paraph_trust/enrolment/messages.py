"""What goes over the wire: base64 of DER (RFC 7030 §4, RFC 8951 §3)."""

from base64 import b64decode, encodebytes
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from paraph.formats import asn1

from paraph_trust.errors import InvalidRequest

_EC_KEY, _P256 = asn1.oid("1.2.840.10045.2.1"), asn1.oid("1.2.840.10045.3.1.7")
_ECDSA_WITH_SHA256 = asn1.oid("1.2.840.10045.4.3.2")


def decoded(body: bytes) -> bytes:
    """What a request's body carries; lines may be of any length (RFC 8951 §3.1).

    Raises:
        InvalidRequest: it is not base64.
    """
    try:
        return b64decode(b"".join(body.split()), validate=True)
    except ValueError:
        raise InvalidRequest("The request is not base64.") from None


def certificates(of: Sequence[x509.Certificate]) -> bytes:
    """A message that carries certificates only (RFC 5272 §4.1)."""
    return encodebytes(pkcs7.serialize_certificates(list(of), Encoding.DER))


def wishes() -> bytes:
    """What a request had best contain: a key on P-256, and its signature. The subject comes from the grant (§4.5.2)."""
    return encodebytes(asn1.sequence(asn1.sequence(_EC_KEY, asn1.set_of(_P256)), _ECDSA_WITH_SHA256))
