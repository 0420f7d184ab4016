"""Whoever can sign a digest: a file, a card, an HSM, a service far away."""

from typing import Protocol

from cryptography import x509

from paraph.algorithms import Digest, SignatureAlgorithm


class Signer(Protocol):
    """A private key behind its certificate."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key that signs."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuing certificates, nearest first, as far as they are known."""

    @property
    def algorithm(self) -> SignatureAlgorithm:
        """The algorithm of every signature that comes back."""

    def sign(self, digest: Digest) -> bytes:
        """The signature value over a digest: DER `ECDSA-Sig-Value`, the RSA integer, or 64 bytes of Ed25519.

        Raises:
            Refused: the digest is not of the algorithm's hash, or lacks the message that a pure algorithm signs.
            Unavailable: the key's holder did not answer.
        """
