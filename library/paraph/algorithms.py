"""Which algorithms are acceptable, for what, until when (ETSI TS 119 312 v1.5.1): the only such table."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from paraph.errors import Refused, WeakAlgorithm


class Hash(Enum):
    """A digest algorithm that may protect new signatures, named as everyone names it."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"

    @cached_property
    def function(self) -> "Callable[[bytes], hashlib._Hash]":
        return {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}[self.value]

    @property
    def size(self) -> int:
        """Bytes of a digest."""
        return int(self.function(b"").digest_size)

    @property
    def oid(self) -> str:
        return {
            "sha256": "2.16.840.1.101.3.4.2.1",
            "sha384": "2.16.840.1.101.3.4.2.2",
            "sha512": "2.16.840.1.101.3.4.2.3",
        }[self.value]

    @property
    def primitive(self) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512:
        match self:
            case Hash.SHA256:
                return hashes.SHA256()
            case Hash.SHA384:
                return hashes.SHA384()
            case Hash.SHA512:
                return hashes.SHA512()

    @classmethod
    def from_oid(cls, oid: str) -> "Hash":
        for algorithm in cls:
            if algorithm.oid == oid:
                return algorithm
        raise WeakAlgorithm(f"The digest algorithm {oid} is not accepted; use SHA-256, SHA-384 or SHA-512.")


@dataclass(slots=True, unsafe_hash=True)
class Digest:
    """A digest that never travels without the name of its algorithm.

    Never changed, but frozen ones take twice as long, and every signature makes one.
    """

    algorithm: Hash
    value: bytes
    message: bytes | None = field(default=None, compare=False, repr=False)
    """What was digested, for keys that sign that: see `SignatureAlgorithm.is_pure`."""

    @classmethod
    def of(cls, data: bytes, algorithm: Hash = Hash.SHA256) -> Self:
        return cls(algorithm, algorithm.function(data).digest())

    @property
    def hex(self) -> str:
        return self.value.hex()

    @property
    def signed(self) -> bytes:
        """The message, as a pure algorithm signs it.

        Raises:
            Refused: there is none, or it is another one's digest.
        """
        if self.message is None or self.algorithm.function(self.message).digest() != self.value:
            raise Refused("This key signs messages and no digests, and the message is missing or another one.")
        return self.message


LEGACY_ENDS = datetime(2029, 1, 1, tzinfo=UTC)
"""RSA padded as PKCS#1 v1.5 says, of any length, and all RSA below 3000 bits are legacy until then."""
_LEAST_RSA, _LEAST_LASTING_RSA = 2048, 3000


class SignatureAlgorithm(Enum):
    """A signature algorithm over a digest; the value is its OID, and for PSS, which has one for all, the digest's."""

    ECDSA_SHA256 = "1.2.840.10045.4.3.2"
    ECDSA_SHA384 = "1.2.840.10045.4.3.3"
    ECDSA_SHA512 = "1.2.840.10045.4.3.4"
    RSA_SHA256 = "1.2.840.113549.1.1.11"
    RSA_SHA384 = "1.2.840.113549.1.1.12"
    RSA_SHA512 = "1.2.840.113549.1.1.13"
    PSS_SHA256 = "1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.1"
    PSS_SHA384 = "1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.2"
    PSS_SHA512 = "1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.3"
    ED25519_SHA512 = "1.3.101.112"
    """The digest is that of the content (RFC 8419 §2.2)."""

    @property
    def oid(self) -> str:
        return self.value.partition(" ")[0]

    @property
    def is_pss(self) -> bool:
        """Whether RSA is padded as RFC 8017 §8.1 says, with a salt as long as the digest."""
        return self.name.startswith("PSS")

    @property
    def is_pure(self) -> bool:
        """Whether it signs messages, not their digests (RFC 8032 §5.1)."""
        return self is SignatureAlgorithm.ED25519_SHA512

    @property
    def is_listed(self) -> bool:
        """Whether TS 119 312 recommends it; who validates by that alone finds a signature indeterminate otherwise."""
        return not self.is_pure

    def digest(self, message: bytes) -> Digest:
        """What is given to a key that is to sign a message."""
        digest = Digest.of(message, self.hash)
        return replace(digest, message=message) if self.is_pure else digest

    def ends(self, key: PublicKeyTypes) -> datetime | None:
        """Since when its signatures by a key are no longer accepted without a newer time-stamp (TS 119 312 §8)."""
        if not isinstance(key, rsa.RSAPublicKey):
            return None
        return None if self.is_pss and key.key_size >= _LEAST_LASTING_RSA else LEGACY_ENDS

    @cached_property
    def hash(self) -> Hash:
        return Hash(self.name.partition("_")[2].lower())

    def fits(self, key: PublicKeyTypes) -> bool:
        """Whether a key can sign with it: an RSA key with each that RSA has, others with the one of `for_key`.

        Raises:
            WeakAlgorithm: the key is not acceptable at all.
        """
        usual = SignatureAlgorithm.for_key(key)
        return self is usual or (isinstance(key, rsa.RSAPublicKey) and self.name.startswith(("RSA", "PSS")))

    @classmethod
    def for_key(cls, key: PublicKeyTypes) -> "SignatureAlgorithm":
        """The usual algorithm for a public key: the digest as strong as the curve, PKCS#1 v1.5 with SHA-256 for RSA.

        Raises:
            WeakAlgorithm: RSA below 2048 bits, another curve or another kind of key (TS 119 312 §8).
        """
        if isinstance(key, ec.EllipticCurvePublicKey):
            curve = key.curve.name
            if curve in _BY_CURVE:
                return _BY_CURVE[curve]
            raise WeakAlgorithm(f"The curve {curve} is not accepted; use P-256, P-384 or P-521.")
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size >= _LEAST_RSA:
                return cls.RSA_SHA256
            raise WeakAlgorithm(f"An RSA key of {key.key_size} bits is too short; use 3072 bits or P-256.")
        if isinstance(key, ed25519.Ed25519PublicKey):
            return cls.ED25519_SHA512
        raise WeakAlgorithm("This kind of key is not accepted for signatures; use ECDSA or RSA.")


_BY_CURVE = {
    "secp256r1": SignatureAlgorithm.ECDSA_SHA256,
    "secp384r1": SignatureAlgorithm.ECDSA_SHA384,
    "secp521r1": SignatureAlgorithm.ECDSA_SHA512,
}
