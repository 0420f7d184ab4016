"""The other half of a key: does a value come from it?"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import SignatureMismatch, WeakAlgorithm


def verify(key: PublicKeyTypes, digest: Digest, signature: bytes) -> None:
    """Check a signature value over a digest.

    Raises:
        SignatureMismatch: the value was not made by this key over this digest.
        WeakAlgorithm: the key is of a kind that is not accepted.
    """
    SignatureAlgorithm.for_key(key)
    prehashed = Prehashed(digest.algorithm.primitive)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest.value, padding.PKCS1v15(), prehashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest.value, ec.ECDSA(prehashed))
        else:
            raise WeakAlgorithm("This kind of key is not accepted for signatures; use ECDSA or RSA.")
    except InvalidSignature:
        raise SignatureMismatch("The signature value was not made by the certificate’s key.") from None
