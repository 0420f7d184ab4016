"""A PKCS#11 token that is real but for its plastic: SoftHSM 2, its store in a folder.

    token = Token(folder, "Seals")
    token.put(pki.seal, "invoices")
    TokenSigner(Pkcs11Uri.of(token.uri("invoices")), PIN)

SoftHSM reads its configuration once in a process: all tokens of a process lie in one folder.
"""

import os
import subprocess
from pathlib import Path

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paraph.keys.file import FileSigner
from pkcs11 import Attribute, CertificateType, ObjectClass

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"


class Token:
    """A new token."""

    def __init__(self, folder: Path, label: str) -> None:
        self.label, self._folder = label, folder
        self._store = folder / "tokens"
        self._store.mkdir(exist_ok=True)
        configuration = folder / "softhsm2.conf"
        configuration.write_text(
            f"directories.tokendir = {self._store}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        os.environ["SOFTHSM2_CONF"] = str(configuration)
        before = set(self._store.iterdir())
        self._run("--init-token", "--free", "--label", label, "--so-pin", "5678", "--pin", PIN)
        (self._place,) = set(self._store.iterdir()) - before
        pkcs11.lib(str(MODULE)).reinitialize()

    def uri(self, name: str) -> str:
        return f"pkcs11:token={self.label};object={name}?module-path={MODULE}"

    def put(self, signer: FileSigner, name: str, *, number: int = 1, certificates: bool = True) -> None:
        """A key under a name, with its certificate and its issuers'."""
        key = self._folder / "key.pem"
        key.write_bytes(_in_clear(signer))
        self._run("--import", str(key), "--token", self.label, "--label", name, "--id", f"{number:02x}", "--pin", PIN)
        key.unlink()
        module = pkcs11.lib(str(MODULE))
        module.reinitialize()
        with module.get_token(token_label=self.label).open(rw=True, user_pin=PIN) as session:
            for certificate in (signer.certificate, *signer.chain) if certificates else ():
                session.create_object(_certificate(certificate, bytes([number]), name))

    def remove(self) -> None:
        """Pull it out."""
        self._place.rename(self._folder / "removed")

    def insert(self) -> None:
        (self._folder / "removed").rename(self._place)

    def _run(self, *arguments: str) -> None:
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _in_clear(signer: FileSigner) -> bytes:
    return signer._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # noqa: SLF001  the key itself is handed over


def _certificate(certificate: x509.Certificate, number: bytes, name: str) -> dict[Attribute, object]:
    return {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.TOKEN: True,
        Attribute.LABEL: name,
        Attribute.ID: number,
        Attribute.SUBJECT: certificate.subject.public_bytes(),
        Attribute.VALUE: certificate.public_bytes(Encoding.DER),
    }
