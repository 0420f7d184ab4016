"""The folder of the long-lived private keys: encrypted files, and the URIs of keys that never leave their tokens.

Of each there is one PKCS#8 file under the installation's passphrase, or one `pkcs11:` URI. A file may be carried away,
as the root's should be after the ceremony, and a token pulled out; what does not need them keeps working.
"""

import os
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from paraph.keys import file
from paraph.keys.file import FileSigner
from paraph.keys.new import KeyType, locked
from paraph.keys.sessions import Token
from paraph.keys.signer import Signer
from paraph.pki import stand_in

from paraph_trust.config.options import options
from paraph_trust.errors import NotReady
from paraph_trust.keys.token import TokenKey, usable
from paraph_trust.keys.wrapping import Wrapping, derive

SALT = "wrapping.salt"
SALT_BYTES = 16
LEAST_PASSPHRASE = 20
"""Bytes. The passphrase guards every key, and an attacker with the files can guess at leisure."""


class KeyFolder:
    """Keys by the name of the certificate they belong to."""

    def __init__(self, path: Path, passphrase: bytes) -> None:
        if len(passphrase) < LEAST_PASSPHRASE:
            raise NotReady(f"The passphrase is too short: {LEAST_PASSPHRASE} bytes at least, random ones.")
        self.path = path
        self._passphrase = passphrase

    def holds(self, name: str) -> bool:
        """Whether a key can be used here: its file is in the folder, or its token plugged in."""
        on_token = self._on_token(name)
        return on_token.is_here() if on_token else self._file(name).exists()

    def token(self, name: str) -> Token | None:
        """What the token of a key says of itself; None for a key in a file.

        Raises:
            NotReady: the token is away.
        """
        on_token = self._on_token(name)
        return on_token.token() if on_token else None

    def signer(self, name: str, certificates: Sequence[x509.Certificate]) -> Signer:
        """A key, opened, behind its certificate.

        Raises:
            NotReady: it is not here, or this is not its passphrase or PIN.
        """
        if on_token := self._on_token(name):
            return on_token.signer(certificates)
        with usable(name):
            pem = b"".join(each.public_bytes(Encoding.PEM) for each in certificates)
            return file.load(self._read(name), self._passphrase, pem)

    def unlock(self, *, apart: str) -> None:
        """See that the passphrase opens every file here but one, which has its own.

        Raises:
            NotReady: it does not.
        """
        self.wrapping()
        for name in {each.stem for each in self.path.glob("*.pem")} - {apart}:
            try:
                load_pem_private_key(self._read(name), self._passphrase)
            except ValueError:
                raise NotReady(f"The private key of {name} does not open with this passphrase.") from None

    def make(self, name: str, kind: KeyType, token: str | None = None) -> Signer:
        """A new key, with a certificate that stands in until it has its own; an existing one is never overwritten.

        What a token makes is written down before: whatever becomes of the ceremony, the key can be destroyed.

        Args:
            name: of its certificate.
            kind: of the key.
            token: the URI under which a token makes it; None for a file.

        Raises:
            InvalidRequest: the token has a key of this name already.
            NotReady: the token is away, or refuses its PIN.
        """
        if token is None:
            key = kind.generate()
            self._write(self._file(name), locked(key, self._passphrase))
            return FileSigner(key, stand_in(key.public_key()))
        on_token = TokenKey(name, token).numbered()
        self._write(self._uri(name), on_token.uri.encode())
        on_token.make(kind)
        return on_token.signer(())

    def destroy(self, name: str) -> None:
        """Remove a key from this host, or from its token.

        Raises:
            NotReady: it is not here.
        """
        if on_token := self._on_token(name):
            on_token.destroy()
            self._uri(name).unlink()
            return
        try:
            self._file(name).unlink()
        except FileNotFoundError:
            raise NotReady(f"The private key of {name} is not on this host.") from None

    def keep_salt(self) -> None:
        """A new salt, and after it what proves a passphrase when no key lies in a file."""
        salt = os.urandom(SALT_BYTES)
        self._write(self.path / SALT, salt + derive(self._passphrase, salt).wrap(b"", place=SALT))

    def wrapping(self) -> Wrapping:
        try:
            kept = (self.path / SALT).read_bytes()
        except FileNotFoundError:
            raise NotReady("There are no keys yet: perform the key ceremony.") from None
        made = derive(self._passphrase, kept[:SALT_BYTES])
        if proof := kept[SALT_BYTES:]:  # older installations have none
            made.unwrap(proof, place=SALT)
        return made

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.pem"

    def _uri(self, name: str) -> Path:
        return self.path / f"{name}.uri"

    def _read(self, name: str) -> bytes:
        try:
            return self._file(name).read_bytes()
        except FileNotFoundError:
            raise NotReady(f"The private key of {name} is not on this host.") from None

    def _on_token(self, name: str) -> TokenKey | None:
        return TokenKey.read(self._uri(name)) if self._uri(name).exists() else None

    def _write(self, path: Path, data: bytes) -> None:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  a mode from birth
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def discard(path: Path) -> None:
    """Remove a folder of keys that never counted, and have the tokens forget what they made for it.

    Raises:
        NotReady: a token is away; the folder stays until it is back.
    """
    for each in path.glob("*.uri"):
        TokenKey.read(each).undo()
        each.unlink()
    shutil.rmtree(path)


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
