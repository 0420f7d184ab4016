"""A provider of remote signatures that is not ours: Certomancer's, which speaks version 1.0.4 of the CSC API.

with CscProvider(folder) as provider:
    CscService(provider.url, None, Version.V1).credential("provider/bob")
"""

import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from paraph_testing.foreign import Foreign

_VALIDITY = '{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2100-01-01T00:00:00+0000"}'
_PEOPLE = ("root", "bob", "seal")
_CONFIGURATION = "\n".join(
    [
        "keysets:",
        "  provider:",
        "    path-prefix: .",
        "    keys:",
        *(f"      {name}: {{path: {name}.pem}}" for name in _PEOPLE),
        "pki-architectures:",
        "  provider:",
        "    keyset: provider",
        "    entity-defaults: {country-name: FR, organization-name: Provider}",
        "    entities:",
        *(f"      {name}: {{common-name: {name.title()}}}" for name in _PEOPLE),
        "    certs:",
        *(f"      {name}: {{subject: {name}, issuer: root, validity: {_VALIDITY}}}" for name in _PEOPLE),
    ]
)


class CscProvider(Foreign):
    """It has the credentials `provider/bob` (P-256) and `provider/seal` (RSA)."""

    folder: Path

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        """How it is started, once its keys are made."""
        for name in _PEOPLE:
            key = ec.generate_private_key(ec.SECP256R1()) if name == "bob" else rsa.generate_private_key(65537, 2048)
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (self.folder / f"{name}.pem").write_bytes(pem)
        (self.folder / "certomancer.yml").write_text(_CONFIGURATION)
        program = str(Path(sys.executable).with_name("certomancer-csc"))
        return [program, "certomancer.yml", str(self.port), "2"]
