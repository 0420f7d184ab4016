"""The folder of the long-lived private keys: one PKCS#8 file each, encrypted with the installation's passphrase.

A key file may be carried away, as the root's should be after the ceremony; what does not need it keeps working.
"""

import os
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from paraph.keys.file import PrivateKey

from paraph_trust.config.options import options
from paraph_trust.errors import NotReady
from paraph_trust.keys.wrapping import Wrapping, derive

SALT = "wrapping.salt"
LEAST_PASSPHRASE = 20
"""Bytes. The passphrase guards every key, and an attacker with the files can guess at leisure."""


class KeyFolder:
    """Encrypted key files, by the name of the certificate they belong to."""

    def __init__(self, path: Path, passphrase: bytes) -> None:
        if len(passphrase) < LEAST_PASSPHRASE:
            raise NotReady(f"The passphrase is too short: {LEAST_PASSPHRASE} bytes at least, random ones.")
        self.path = path
        self._passphrase = passphrase

    @property
    def passphrase(self) -> bytes:
        return self._passphrase

    def holds(self, name: str) -> bool:
        return self._file(name).exists()

    def read(self, name: str) -> bytes:
        """The encrypted PKCS#8 file of a key.

        Raises:
            NotReady: the key is not here; it may be kept offline.
        """
        try:
            return self._file(name).read_bytes()
        except FileNotFoundError:
            raise NotReady(f"The private key of {name} is not on this host.") from None

    def unlock(self, name: str) -> PrivateKey:
        """A key, decrypted.

        Raises:
            NotReady: it is not here, or this is not its passphrase.
        """
        try:
            key = load_pem_private_key(self.read(name), self._passphrase)
        except ValueError:
            raise NotReady(f"The private key of {name} does not open with this passphrase.") from None
        assert isinstance(key, PrivateKey)  # noqa: S101  no other kind is kept
        return key

    def keep(self, name: str, key: PrivateKey, passphrase: bytes | None = None) -> None:
        """Write a new key, durably, for its owner's eyes only; an existing one is never overwritten."""
        encryption = BestAvailableEncryption(passphrase or self._passphrase)
        self._write(self._file(name), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))

    def destroy(self, name: str) -> None:
        """Remove a key from this host.

        Raises:
            NotReady: it is not here.
        """
        try:
            self._file(name).unlink()
        except FileNotFoundError:
            raise NotReady(f"The private key of {name} is not on this host.") from None

    def keep_salt(self) -> None:
        self._write(self.path / SALT, os.urandom(16))

    def wrapping(self) -> Wrapping:
        try:
            return derive(self._passphrase, (self.path / SALT).read_bytes())
        except FileNotFoundError:
            raise NotReady("There are no keys yet: perform the key ceremony.") from None

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.pem"

    def _write(self, path: Path, data: bytes) -> None:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  a mode from birth
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def private() -> Path:
    """Where the private keys lie under the keys directory."""
    return options().keys_dir / "private"


@cache
def folder() -> KeyFolder:
    """The folder of this installation, as its options name it."""
    return KeyFolder(private(), options().passphrase())


@cache
def wrapping() -> Wrapping:
    """The wrapping key of this installation, derived once per process."""
    return folder().wrapping()
