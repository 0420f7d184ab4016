"""Signature values as XMLDSig writes them: those of ECDSA are two numbers side by side, not DER (RFC 6931 §2.3.6)."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


def written(key: PublicKeyTypes, signature: bytes) -> bytes:
    """The value for `ds:SignatureValue`, of one that the key is known to have made."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return signature
    size = (key.key_size + 7) // 8
    return b"".join(number.to_bytes(size, "big") for number in decode_dss_signature(signature))
