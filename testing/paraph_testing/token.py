"""A PKCS#11 token that is real but for its plastic: SoftHSM 2, its store in a folder.

    token = Token(folder, "Seals")
    token.put(pki.seal, "invoices")
    TokenSigner(Pkcs11Uri.of(token.uri("invoices")), PIN)

SoftHSM reads its configuration when it starts anew: a process sees the tokens of one folder at a time.
"""

import os
import subprocess
from pathlib import Path

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paraph.keys.file import FileSigner
from paraph.keys.sessions import start_anew
from pkcs11 import Attribute, CertificateType, ObjectClass
from pkcs11.util.ec import decode_ec_private_key

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"


class Token:
    """A new token; its label may be that of another one."""

    def __init__(self, folder: Path, label: str, *, pin: str = PIN) -> None:
        self.label, self._pin, self._folder = label, pin, folder
        self._store = folder / "tokens"
        self._store.mkdir(exist_ok=True)
        configuration = folder / "softhsm2.conf"
        configuration.write_text(
            f"directories.tokendir = {self._store}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        os.environ["SOFTHSM2_CONF"] = str(configuration)
        before = set(self._store.iterdir())
        self._run("--init-token", "--free", "--label", label, "--so-pin", "5678", "--pin", pin)
        (self._place,) = set(self._store.iterdir()) - before
        self.serial = self._place.name.replace("-", "")[-16:]
        start_anew(str(MODULE))

    @property
    def slot(self) -> int:
        """The number of the slot in which it is."""
        return int(self._here.slot.slot_id)

    def uri(self, name: str) -> str:
        return f"pkcs11:token={self.label};object={name}?module-path={MODULE}"

    def put(self, signer: FileSigner, name: str, *, number: int = 1, certificates: bool = True) -> None:
        """A key under a name, with its certificate and its issuers'."""
        key = self._folder / "key.pem"
        key.write_bytes(_in_clear(signer))
        into = ("--serial", self.serial, "--pin", self._pin)
        self._run("--import", str(key), *into, "--label", name, "--id", f"{number:02x}")
        key.unlink()
        start_anew(str(MODULE))
        with self._here.open(rw=True, user_pin=self._pin) as session:
            for certificate in (signer.certificate, *signer.chain) if certificates else ():
                session.create_object(_certificate(certificate, bytes([number]), name))

    def ask_each_time(self, signer: FileSigner, *, number: int = 1) -> None:
        """Have an elliptic key that was put want the PIN before each signature."""
        encoded = signer._key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())  # noqa: SLF001  as below
        own = {Attribute.ID: bytes([number]), Attribute.TOKEN: True, Attribute.SIGN: True}
        with self._here.open(rw=True, user_pin=self._pin) as session:
            for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
                key.destroy()
            session.create_object(decode_ec_private_key(encoded) | own | {Attribute.ALWAYS_AUTHENTICATE: True})

    def remove(self) -> None:
        """Pull it out."""
        self._place.rename(self._away)

    def insert(self) -> None:
        self._away.rename(self._place)

    @property
    def _away(self) -> Path:
        return self._folder / f"{self.serial}-removed"

    @property
    def _here(self) -> pkcs11.Token:
        return pkcs11.lib(str(MODULE)).get_token(token_serial=self.serial.encode())

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
