"""Keys on tokens. The folder keeps only their `pkcs11:` URI (RFC 7512); what opens them is the token's PIN."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from cryptography import x509
from paraph.algorithms import Digest
from paraph.errors import Refused, Unavailable, UnusableKey
from paraph.keys import onboard, sessions
from paraph.keys.new import KeyType
from paraph.keys.sessions import Token
from paraph.keys.token import TokenSigner, public_key
from paraph.keys.uri import Pkcs11Uri
from paraph.pki import stand_in

from paraph_trust.config.options import options
from paraph_trust.errors import InvalidRequest, NotReady


@contextmanager
def usable(name: str) -> Iterator[None]:
    """Say as this service does what stands in the way of a key."""
    try:
        yield
    except (UnusableKey, Unavailable, Refused) as error:
        raise NotReady(f"The private key of {name} cannot be used: {error}") from None


class HeldSigner(TokenSigner):
    """A key on a token, whose refusals are this service's."""

    def __init__(self, name: str, uri: Pkcs11Uri, pin: str | None, certificates: Sequence[x509.Certificate]) -> None:
        self._name = name
        super().__init__(uri, pin, certificates)

    def sign(self, digest: Digest) -> bytes:
        with usable(self._name):
            return super().sign(digest)

    def check(self) -> None:
        with usable(self._name):
            super().check()


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a token, by the name of its certificate and its URI."""

    name: str
    uri: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """What a file NAME.uri says."""
        return cls(path.stem, path.read_text().strip())

    def is_here(self) -> bool:
        """Whether its token is plugged in and its PIN at hand, which is not tried."""
        try:
            _ = self._pin
            self.token()
        except NotReady:
            return False
        return True

    def token(self) -> Token:
        """What the token says of itself.

        Raises:
            NotReady: it is not there.
        """
        with usable(self.name):
            return sessions.describe(self._uri)

    def signer(self, certificates: Sequence[x509.Certificate]) -> HeldSigner:
        """The key behind its certificate, or behind one that stands in.

        Raises:
            NotReady: the token is away, refuses its PIN, or has another key.
        """
        with usable(self.name):
            given = certificates or [stand_in(public_key(self._uri, self._pin))]
            return HeldSigner(self.name, self._uri, self._pin, given)

    def numbered(self) -> "TokenKey":
        """The key that will be made under this name, with a number that no other key has.

        Raises:
            InvalidRequest: the token has a key of this name already.
            NotReady: the token is away, or refuses its PIN.
        """
        with usable(self.name):
            if onboard.exists(self._uri, self._pin):
                raise InvalidRequest(f"The token has a key {self._uri.object} already: name another one by object=.")
        path, _, query = self.uri.partition("?")
        return TokenKey(self.name, f"{path};id={quote(secrets.token_bytes(16), safe='')}?{query}")

    def make(self, kind: KeyType) -> None:
        with usable(self.name):
            onboard.generate(self._uri, self._pin, kind)

    def destroy(self) -> None:
        """Have the token forget the key.

        Raises:
            NotReady: the token is away, refuses its PIN, or has no such key.
        """
        with usable(self.name):
            onboard.destroy(self._uri, self._pin)

    def undo(self) -> None:
        """The same, if the key was made at all."""
        with usable(self.name):
            if onboard.exists(self._uri, self._pin):
                onboard.destroy(self._uri, self._pin)

    @property
    def _uri(self) -> Pkcs11Uri:
        return Pkcs11Uri.of(self.uri)

    @property
    def _pin(self) -> str | None:
        return options().pin(self._uri.pin_source)
