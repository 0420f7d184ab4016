"""One credential of a service as a signer."""

from collections.abc import Sequence

from cryptography import x509

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.keys.csc.credential import Credential, Secrets
from paraph.keys.csc.service import CscService


class CscSigner:
    """A key far away.

    Args:
        service: that holds it.
        credential: which one.
        secrets: whom to ask for the PIN or a one-time code, where the credential wants them.
    """

    def __init__(self, service: CscService, credential: Credential, secrets: Secrets | None = None) -> None:
        self._service, self._credential, self._secrets = service, credential, secrets

    @property
    def certificate(self) -> x509.Certificate:
        return self._credential.certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return self._credential.chain

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._credential.algorithm

    def sign(self, digest: Digest) -> bytes:
        return self.sign_many([digest])[0]

    def sign_many(self, digests: Sequence[Digest]) -> list[bytes]:
        """All signatures, in the order of the digests, under as few authorisations as the credential allows."""
        return self._service.sign_with(self._credential, digests, self._secrets)
