"""`--key pkcs11:…`, with SoftHSM 2."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from paraph.cli import batch
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.token import MODULE, PIN, Token

Paraph = Callable[[str], tuple[int, str, str]]
pytestmark = pytest.mark.skipif(
    not (MODULE.exists() and shutil.which("softhsm2-util")), reason="softhsm2 is not installed"
)


@pytest.fixture
def uri(desk: Path, today: Pki) -> str:
    token = Token(desk, "Seals")
    token.put(today.rsa_seal, "invoices")
    (desk / "pin").write_text(f"{PIN}\n")
    return token.uri("invoices")


def test_a_pdf_is_signed(paraph: Paraph, desk: Path, uri: str) -> None:
    assert paraph(f"sign invoice.pdf --key {uri} --passphrase-file pin")[0] == 0
    assert paraph("validate invoice-signed.pdf --trust root.pem")[0] == 0
    said = subprocess.run(
        ["pdfsig", "-nocert", desk / "invoice-signed.pdf"], capture_output=True, text=True, check=True
    )
    assert "Signature is Valid" in said.stdout


def test_many_are_sealed_by_several_processes(
    paraph: Paraph, desk: Path, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_WORTH", 0.0)
    (desk / "invoices").mkdir()
    for number in range(20):
        (desk / "invoices" / f"{number}.pdf").write_bytes(pdfs.invoice(number))
    code, said, error = paraph(f"seal invoices --output sealed --key {uri}&pin-source=pin")
    assert code == 0, said + error
    assert said.startswith("20 sealed")


def test_the_pin_may_come_through_a_descriptor(paraph: Paraph, uri: str) -> None:
    reading, writing = os.pipe()
    os.write(writing, PIN.encode())
    os.close(writing)
    assert paraph(f"sign invoice.pdf --key {uri} --passphrase-fd {reading}")[0] == 0


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("", "needs its PIN"),
        ("&pin-value=1234", "does not belong into a URI"),
        ("&pin-source=passphrase", "PIN is wrong"),
    ],
)
def test_what_does_not_open_the_token_is_said(paraph: Paraph, desk: Path, uri: str, extra: str, said: str) -> None:
    code, _, error = paraph(f"sign invoice.pdf --key {uri}{extra}")
    assert (code, (desk / "invoice-signed.pdf").exists()) == (2, False)
    assert said in error
