"""xmlsec1 as the judge of signatures in XML."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from paraph_testing.pki import Pki

ORDER = (
    '<?xml version="1.0"?><?paper A4?><!-- no. 7 --><order xmlns="urn:example:order" xmlns:m="urn:example:money">'
    "<note>été &#13;\r\n &lt;3</note><!-- net --><m:total currency='EUR'>12.50</m:total></order><?end?>"
).encode()
Judge = Callable[..., str]


@pytest.fixture
def order() -> bytes:
    return ORDER


@pytest.fixture
def judge(tmp_path: Path, pem: Callable[..., Path]) -> Judge:
    """What xmlsec1 says of the first signature at the hierarchy's time, files that it signs lying beside it."""
    if not shutil.which("xmlsec1"):
        pytest.skip("xmlsec1 is not installed")

    def verdict(signed: bytes, pki: Pki, beside: Mapping[str, bytes] | None = None) -> str:
        for name, content in {"signed.xml": signed, **(beside or {})}.items():
            (tmp_path / name).write_bytes(content)
        trusted = ("--enabled-key-data", "x509", "--trusted-pem", pem("root.pem", pki.root.certificate))
        moment = ("--verification-gmt-time", pki.at.strftime("%Y-%m-%d %H:%M:59"))
        command = ["xmlsec1", "--verify", "--id-attr:Id", "SignedProperties", *map(str, trusted), *moment, "signed.xml"]
        judged = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        return "good" if judged.returncode == 0 else judged.stdout + judged.stderr

    return verdict
