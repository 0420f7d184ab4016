"""Keys that live for one signature: wrapped with AES-256-GCM while they wait in the database."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from paraph_trust.errors import NotReady

NONCE = 12


def derive(passphrase: bytes, salt: bytes) -> "Wrapping":
    """The wrapping key of an installation; slow on purpose (scrypt, 32 MiB), so called once at start."""
    return Wrapping(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase))


class Wrapping:
    """Wraps and unwraps secrets for the place they are stored in; a wrapped secret is useless in another place."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def wrap(self, secret: bytes, *, place: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, place.encode())

    def unwrap(self, wrapped: bytes, *, place: str) -> bytes:
        """Give a secret back.

        Raises:
            NotReady: another passphrase wrapped it, or the row was moved or changed.
        """
        try:
            return self._cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], place.encode())
        except InvalidTag:
            raise NotReady("A stored key does not open with this passphrase.") from None
