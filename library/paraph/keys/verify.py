"""The other half of a key: does a value come from it?"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import SignatureMismatch, WeakAlgorithm


def rsa_padding(algorithm: SignatureAlgorithm) -> padding.PSS | padding.PKCS1v15:
    """How RSA is padded: MGF1 and the salt go with the digest (RFC 4055 §3.1, TS 119 312 §6.2.1)."""
    if not algorithm.is_pss:
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(algorithm.hash.primitive), salt_length=algorithm.hash.size)


def verify(
    key: PublicKeyTypes, digest: Digest, signature: bytes, *, algorithm: SignatureAlgorithm | None = None
) -> None:
    """Check a signature value over a digest; `algorithm` need only be told where it is not the key's usual one.

    Raises:
        SignatureMismatch: the value was not made by this key over this digest.
        WeakAlgorithm: the key is of a kind that is not accepted.
        Refused: the key signs messages, and the digest came without its own.
    """
    algorithm = algorithm or SignatureAlgorithm.for_key(key)
    if not algorithm.fits(key):
        raise SignatureMismatch("The signature was not made with an algorithm of the certificate’s key.")
    prehashed = Prehashed(digest.algorithm.primitive)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest.value, rsa_padding(algorithm), prehashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest.value, ec.ECDSA(prehashed))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, digest.signed)
        else:
            raise WeakAlgorithm("This kind of key is not accepted for signatures; use ECDSA or RSA.")
    except InvalidSignature:
        raise SignatureMismatch("The signature value was not made by the certificate’s key.") from None
