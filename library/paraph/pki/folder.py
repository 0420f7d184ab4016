"""A certificate authority in a folder: its certificate, its key, its register, and what it has issued.

`certificate.pem` its certificate and those of its issuers; `key.pem` its key, encrypted, or `key.uri` where it is kept;
`addresses.json` where the status of what it issues is found; `register.jsonl` see `Register`; `issued/` a copy of each
certificate; `revoked.crl` the newest revocation list.
"""

import json
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.errors import InputError
from paraph.keys.file import PrivateKey
from paraph.keys.new import locked
from paraph.keys.signer import Signer
from paraph.pki import profiles
from paraph.pki.form import Addresses, PublicKey, acceptable
from paraph.pki.issue import issue, self_issue
from paraph.pki.profiles import Profile
from paraph.pki.register import Register
from paraph.pki.revocation import Revoked, revocation_list
from paraph.pki.subjects import LegalSubject, Subject

CERTIFICATE, KEY, ELSEWHERE, ADDRESSES, REGISTER, ISSUED, LIST = (
    "certificate.pem",
    "key.pem",
    "key.uri",
    "addresses.json",
    "register.jsonl",
    "issued",
    "revoked.crl",
)


class Authority:
    """One that issues.

    Args:
        folder: made by `create`.
        signer: the authority's key with its certificate, wherever the key is kept.
    """

    def __init__(self, folder: Path, signer: Signer) -> None:
        self.folder, self._signer = folder, signer
        self._register = Register(folder / REGISTER)
        self._addresses = Addresses(**json.loads((folder / ADDRESSES).read_bytes()))

    @classmethod
    def create(
        cls,
        folder: Path,
        subject: LegalSubject,
        key: PrivateKey | Signer,
        kept: bytes,
        *,
        issuer: "Authority | None" = None,
        addresses: Addresses,
        at: datetime,
        validity: timedelta,
    ) -> None:
        """A root, or an authority under `issuer`, in a new folder.

        Args:
            folder: of the authority.
            subject: whom its certificate names.
            key: a new one; or the holder of one that lives elsewhere, with a certificate that stands in.
            kept: the passphrase for the new key; or the URI under which the other one is found again.
            issuer: who vouches for it.
            addresses: where the status of what it issues is found.
            at: from when on it is good.
            validity: for how long.

        Raises:
            FileExistsError: the folder is there already.
            What `issue` raises.
        """
        if folder.exists():
            raise FileExistsError(f"{folder} exists already.")
        public = acceptable((key if isinstance(key, PrivateKey) else key.certificate).public_key())
        if issuer is None:
            serial = x509.random_serial_number()
            certificate = self_issue(profiles.root(), subject, key, serial=serial, at=at, validity=validity)
            chain: tuple[x509.Certificate, ...] = ()
        else:
            certificate = issuer.issue(profiles.issuing(), subject, public, at=at, validity=validity)
            chain = issuer.path
        draft = folder.with_name(f".{folder.name}.{os.getpid()}")
        (draft / ISSUED).mkdir(mode=0o700, parents=True)
        if isinstance(key, PrivateKey):
            _write(draft / KEY, locked(key, kept), mode=0o600)
        else:
            _write(draft / ELSEWHERE, kept)
        _write(draft / CERTIFICATE, pem([certificate, *chain]))
        _write(draft / ADDRESSES, json.dumps(addresses._asdict()).encode())
        draft.rename(folder)

    @property
    def path(self) -> tuple[x509.Certificate, ...]:
        """Its certificate and those of its issuers, nearest first."""
        return (self._signer.certificate, *self._signer.chain)

    def issue(
        self, profile: Profile, subject: Subject, key: PublicKey, *, at: datetime, validity: timedelta
    ) -> x509.Certificate:
        """A certificate, written down before it is handed out.

        Raises:
            What `paraph.pki.issue` raises.
        """
        certificate = issue(
            profile,
            subject,
            key,
            issuer=self._signer,
            serial=x509.random_serial_number(),
            at=at,
            validity=validity,
            crl_url=self._addresses.crl,
            ocsp_url=self._addresses.ocsp,
            ca_url=self._addresses.issuer,
        )
        self._register.issued(certificate, at=at)
        _write(self.folder / ISSUED / f"{certificate.serial_number:x}.pem", pem([certificate]))
        return certificate

    def revoke(self, certificate: x509.Certificate, *, reason: x509.ReasonFlags, at: datetime) -> None:
        """From `at` on the certificate is no longer good; the next list says so.

        Raises:
            InputError: it was not issued here, or was revoked already.
        """
        if certificate.issuer != self._signer.certificate.subject:
            raise InputError("This authority has not issued that certificate.")
        self._register.revoke(Revoked(certificate.serial_number, at, reason))

    def list_revoked(self, *, at: datetime, validity: timedelta) -> bytes:
        """The next revocation list, also put into the folder."""
        number, revoked = self._register.list_next(at=at)
        made = revocation_list(self._signer, revoked, at=at, number=number, next_update=at + validity)
        _write(self.folder / LIST, made)
        return made


def pem(certificates: Sequence[x509.Certificate]) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Whole or not at all."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
