"""The other half of a key: does a value come from it?"""

from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from paraph.algorithms import Digest, Hash, SignatureAlgorithm
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
    verifier(key, digest.algorithm, algorithm=algorithm)(digest, signature)


def verifier(
    key: PublicKeyTypes, hash_: Hash, *, algorithm: SignatureAlgorithm | None = None
) -> Callable[[Digest, bytes], None]:
    """What checks the values of one key over digests of one kind, as `verify` does: for many, made once.

    Raises:
        SignatureMismatch: the algorithm is not one of the key's.
        WeakAlgorithm: the key is of a kind that is not accepted.
    """
    algorithm = algorithm or SignatureAlgorithm.for_key(key)
    if not algorithm.fits(key):
        raise SignatureMismatch("The signature was not made with an algorithm of the certificate’s key.")
    check = _checking(key, hash_, algorithm)

    def verify(digest: Digest, signature: bytes) -> None:
        if digest.algorithm is not hash_:
            raise SignatureMismatch("The signature value was made over another kind of digest.")
        try:
            check(digest, signature)
        except InvalidSignature:
            raise SignatureMismatch("The signature value was not made by the certificate’s key.") from None

    return verify


def _checking(key: PublicKeyTypes, hash_: Hash, algorithm: SignatureAlgorithm) -> Callable[[Digest, bytes], None]:
    """How a key checks a value, found out once; it raises what `cryptography` does."""
    prehashed = Prehashed(hash_.primitive)
    if isinstance(key, rsa.RSAPublicKey):
        scheme = rsa_padding(algorithm)
        return lambda digest, signature: key.verify(signature, digest.value, scheme, prehashed)
    if isinstance(key, ec.EllipticCurvePublicKey):
        ecdsa = ec.ECDSA(prehashed)
        return lambda digest, signature: key.verify(signature, digest.value, ecdsa)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return lambda digest, signature: key.verify(signature, digest.signed)
    raise WeakAlgorithm("This kind of key is not accepted for signatures; use ECDSA or RSA.")
