"""The keys that a command is told of, and how what opens them is asked for."""

import sys
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import click
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.algorithms import SignatureAlgorithm
from paraph.errors import UnusableKey
from paraph.keys import file
from paraph.keys.chain import pem_certificates
from paraph.keys.csc import CscService, CscSigner, CscUri, Secret
from paraph.keys.signer import Signer
from paraph.keys.uri import Pkcs11Uri


@dataclass(frozen=True, slots=True)
class FileKey:
    """A key as it lies in its file, with what opens it: it can be handed to another process."""

    data: bytes
    passphrase: bytes | None
    certificates: bytes
    algorithm: SignatureAlgorithm | None

    def signer(self) -> Signer:
        return file.load(self.data, self.passphrase, self.certificates, algorithm=self.algorithm)


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a token, by its name; each process opens a session of its own."""

    uri: Pkcs11Uri
    pin: str
    certificates: bytes
    algorithm: SignatureAlgorithm | None

    def signer(self) -> Signer:
        return _on_token(self)


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """A key at a signing service, with what opens it; one-time codes are asked for when they are needed."""

    uri: CscUri
    token: str | None
    pin: str | None

    def signer(self) -> Signer:
        return _at_service(self)


@cache
def _at_service(key: RemoteKey) -> Signer:
    """Looked up once; it is the same key all along."""
    uri = key.uri
    service = CscService(uri.address, key.token, uri.version)
    return CscSigner(service, service.credential(uri.credential or _only(service)), partial(_secret, key))


def _only(service: CscService) -> str:
    found = service.credentials()
    if len(found) != 1:
        listed = ", ".join(found) or "none"
        raise UnusableKey(f"Name the key with credential= in the URI. The service has: {listed}.")
    return found[0]


def _secret(key: RemoteKey, wanted: Secret) -> str:
    if wanted is Secret.PIN and key.pin is not None:
        return key.pin
    if not sys.stdin.isatty():
        raise UnusableKey(f"The signing service wants a {wanted}, and nobody is there to be asked.")
    return _asked(f"{wanted} for {key.uri.credential or 'the key'}").decode()


@cache
def _on_token(key: TokenKey) -> Signer:
    """Opened once: tokens are slow, and count wrong PINs."""
    from paraph.keys.token import TokenSigner  # noqa: PLC0415  only who has a token needs its driver

    return TokenSigner(key.uri, key.pin, pem_certificates(key.certificates), algorithm=key.algorithm)


Key = FileKey | TokenKey | RemoteKey


def opened(
    name: str, passphrase: bytes | None, certificates: Path | None, algorithm: SignatureAlgorithm | None = None
) -> Key:
    """The key behind a file's name or a URI, tried once; a person at a terminal is asked for what was not given.

    Raises:
        click.UsageError: there is no such file.
        UnusableKey: it cannot be opened with this.
    """
    beside = certificates.read_bytes() if certificates else b""
    if name.startswith("pkcs11:"):
        return _token_key(Pkcs11Uri.of(name), passphrase, beside, algorithm)
    if name.startswith("csc:"):
        return _remote_key(CscUri.of(name), passphrase)
    path = Path(name.removeprefix("file:"))
    if not path.is_file():
        raise click.UsageError(f"There is no key at {path}.")
    return _file_key(path, passphrase, beside, algorithm)


def on_token(name: str, pin: bytes | None) -> Signer:
    """A key on a token that has no certificate yet.

    Raises:
        click.UsageError: this is not the URI of a key on a token.
    """
    from paraph.keys.token import public_key  # noqa: PLC0415  only who has a token needs its driver
    from paraph.pki import stand_in  # noqa: PLC0415  only who makes an authority needs it

    if not name.startswith("pkcs11:"):
        raise click.UsageError("Name a key on a token, as pkcs11:token=…;object=…")
    uri = Pkcs11Uri.of(name)
    asked = _pin(uri, pin)
    certificate = stand_in(public_key(uri, asked.decode()))
    return TokenKey(uri, asked.decode(), certificate.public_bytes(Encoding.PEM), None).signer()


def _token_key(uri: Pkcs11Uri, pin: bytes | None, beside: bytes, algorithm: SignatureAlgorithm | None) -> TokenKey:
    key = TokenKey(uri, _pin(uri, pin).decode(), beside, algorithm)
    key.signer()
    return key


def _pin(uri: Pkcs11Uri, given: bytes | None) -> bytes:
    if given is None and uri.pin_source:
        given = _first_line(uri.pin_source)
    if given is None and not sys.stdin.isatty():
        raise UnusableKey(
            "The token needs its PIN: give --passphrase-file, --passphrase-fd, or pin-source= in the URI."
        )
    return _asked(f"PIN of {uri.token or 'the token'}") if given is None else given


def _remote_key(uri: CscUri, pin: bytes | None) -> RemoteKey:
    if pin is None and uri.pin_source:
        pin = _first_line(uri.pin_source)
    key = RemoteKey(uri, _access_token(uri), None if pin is None else pin.decode())
    key.signer()
    return key


def _access_token(uri: CscUri) -> str | None:
    """The one in its file, or the one that a name and a password are worth."""
    if uri.token_source:
        return _first_line(uri.token_source).decode()
    if uri.user is None:
        return None
    given = _first_line(uri.password_source) if uri.password_source else _asked(f"Password of {uri.user}")
    return CscService.log_in(uri.address, uri.user, given.decode(), uri.version)


def _first_line(path: Path) -> bytes:
    return path.read_bytes().rstrip(b"\r\n")


def _file_key(path: Path, passphrase: bytes | None, beside: bytes, algorithm: SignatureAlgorithm | None) -> FileKey:
    key = FileKey(path.read_bytes(), passphrase, beside, algorithm)
    try:
        key.signer()
    except UnusableKey:
        if passphrase is not None or not _may_be_locked(key.data) or not sys.stdin.isatty():
            raise
        key = FileKey(key.data, _asked(f"Passphrase of {path.name}"), beside, algorithm)
        key.signer()
    return key


def _asked(what: str) -> bytes:
    return str(click.prompt(what, hide_input=True, err=True)).encode()


def _may_be_locked(data: bytes) -> bool:
    return b"ENCRYPTED" in data or b"-----BEGIN" not in data
