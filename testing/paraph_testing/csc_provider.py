"""A provider of remote signatures that is not ours: Certomancer's, which speaks version 1.0.4 of the CSC API.

with CscProvider(folder) as provider:
    CscService(provider.url, None, Version.V1).credential("provider/bob")
"""

import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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
_PATIENCE = 20.0


class CscProvider:
    """A process of its own with the credentials `provider/bob` (P-256) and `provider/seal` (RSA)."""

    def __init__(self, folder: Path) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._folder = folder

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        for name in _PEOPLE:
            key = ec.generate_private_key(ec.SECP256R1()) if name == "bob" else rsa.generate_private_key(65537, 2048)
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (self._folder / f"{name}.pem").write_bytes(pem)
        (self._folder / "certomancer.yml").write_text(_CONFIGURATION)
        program = str(Path(sys.executable).with_name("certomancer-csc"))
        command = [program, "certomancer.yml", str(self._port), "2"]
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("The provider does not answer.")
