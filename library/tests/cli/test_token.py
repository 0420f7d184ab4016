"""`--key pkcs11:…`, with SoftHSM 2."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from paraph import pades
from paraph.cli import batch
from paraph.cli.exits import Exit
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


def test_a_token_that_is_pulled_out_stops_a_batch_which_goes_on_when_it_is_back(
    paraph: Paraph, desk: Path, today: Pki
) -> None:
    token = Token(desk, "Travelling")
    token.put(today.rsa_seal, "invoices")
    (desk / "pin").write_text(PIN)
    (desk / "many").mkdir()
    for number in range(300):
        (desk / "many" / f"{number}.pdf").write_bytes(pdfs.invoice(1))
    words = ["seal", "many", "--output", "sealed", "--key", f"{token.uri('invoices')}&pin-source=pin"]
    command = [sys.executable, "-m", "paraph", *words]
    running = subprocess.Popen(command, cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while running.poll() is None and sum(1 for _ in desk.glob("sealed/*.pdf")) < 10:
        time.sleep(0.01)
    token.remove()
    _, error = running.communicate(timeout=60)
    assert running.returncode == Exit.UNAVAILABLE
    assert "is it plugged in?" in error
    assert "run the same command again" in error
    sealed = {path: path.read_bytes() for path in desk.glob("sealed/*.pdf")}
    assert 10 <= len(sealed) < 300
    assert all(len(pades.read(document)) == 1 for document in sealed.values())
    token.insert()
    code, said, _ = paraph(" ".join(words))
    assert (code, len(list(desk.glob("sealed/*")))) == (0, 300)
    assert said.startswith(f"{300 - len(sealed)} sealed, {len(sealed)} were sealed before, 0 failed")
    assert all(path.read_bytes() == document for path, document in sealed.items())
