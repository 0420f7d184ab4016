"""The keys that a command is told of, and how what opens them is asked for."""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from paraph.errors import UnusableKey
from paraph.keys import file
from paraph.keys.chain import pem_certificates
from paraph.keys.signer import Signer
from paraph.keys.uri import Pkcs11Uri


@dataclass(frozen=True, slots=True)
class FileKey:
    """A key as it lies in its file, with what opens it: it can be handed to another process."""

    data: bytes
    passphrase: bytes | None
    certificates: bytes

    def signer(self) -> Signer:
        return file.load(self.data, self.passphrase, self.certificates)


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a token, by its name; each process opens a session of its own."""

    uri: Pkcs11Uri
    pin: str
    certificates: bytes

    def signer(self) -> Signer:
        return _on_token(self)


@cache
def _on_token(key: TokenKey) -> Signer:
    """Opened once: tokens are slow, and count wrong PINs."""
    from paraph.keys.token import TokenSigner  # noqa: PLC0415  only who has a token needs its driver

    return TokenSigner(key.uri, key.pin, pem_certificates(key.certificates))


def opened(name: str, passphrase: bytes | None, certificates: Path | None) -> FileKey | TokenKey:
    """The key behind a file's name or a URI, tried once; a person at a terminal is asked for what was not given.

    Raises:
        click.UsageError: there is no such file.
        UnusableKey: it cannot be opened with this.
    """
    beside = certificates.read_bytes() if certificates else b""
    if name.startswith("pkcs11:"):
        return _token_key(Pkcs11Uri.of(name), passphrase, beside)
    path = Path(name.removeprefix("file:"))
    if not path.is_file():
        raise click.UsageError(f"There is no key at {path}.")
    return _file_key(path, passphrase, beside)


def _token_key(uri: Pkcs11Uri, pin: bytes | None, beside: bytes) -> TokenKey:
    if pin is None and uri.pin_source:
        pin = uri.pin_source.read_bytes().rstrip(b"\r\n")
    if pin is None and not sys.stdin.isatty():
        raise UnusableKey(
            "The token needs its PIN: give --passphrase-file, --passphrase-fd, or pin-source= in the URI."
        )
    asked = _asked(f"PIN of {uri.token or 'the token'}") if pin is None else pin
    key = TokenKey(uri, asked.decode(), beside)
    key.signer()
    return key


def _file_key(path: Path, passphrase: bytes | None, beside: bytes) -> FileKey:
    key = FileKey(path.read_bytes(), passphrase, beside)
    try:
        key.signer()
    except UnusableKey:
        if passphrase is not None or not _may_be_locked(key.data) or not sys.stdin.isatty():
            raise
        key = FileKey(key.data, _asked(f"Passphrase of {path.name}"), beside)
        key.signer()
    return key


def _asked(what: str) -> bytes:
    return str(click.prompt(what, hide_input=True, err=True)).encode()


def _may_be_locked(data: bytes) -> bool:
    return b"ENCRYPTED" in data or b"-----BEGIN" not in data
