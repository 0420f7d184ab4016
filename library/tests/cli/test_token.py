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


@pytest.mark.parametrize("key", ["rsa_seal", "seal"], ids=["RSA", "P-256"])
def test_an_authority_keeps_its_key_on_the_token(paraph: Paraph, desk: Path, today: Pki, key: str) -> None:
    token = Token(desk, "Vault")
    token.put(getattr(today, key), "root", certificates=False)
    (desk / "pin").write_text(f"{PIN}\n")
    names = "--country FR --identifier NTRFR-123456789"
    line = f"pki create ca --name Root {names} --crl http://example.org/root.crl --key {token.uri('root')}"
    assert paraph(f"{line} --passphrase-file pin")[0] == 0
    assert not (desk / "ca" / "key.pem").exists()
    assert paraph(f"pki request seal --name Atelier {names} --passphrase-file passphrase")[0] == 0
    assert paraph("pki issue ca seal.csr --profile seal --days 30 --passphrase-file pin")[0] == 0
    assert paraph("pki crl ca --passphrase-file pin")[0] == 0
    root, crl = desk / "ca" / "certificate.pem", desk / "crl.pem"
    openssl("crl", "-inform", "DER", "-in", desk / "ca" / "revoked.crl", "-out", crl)
    judged = openssl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", root, desk / "seal.pem")
    assert judged.stdout.strip().endswith("OK"), judged.stderr


@pytest.mark.parametrize("key", ["rsa_seal", "seal"], ids=["RSA", "P-256"])
def test_a_certificate_is_asked_for_a_key_on_the_token(paraph: Paraph, desk: Path, today: Pki, key: str) -> None:
    token = Token(desk, "Bobs")
    token.put(getattr(today, key), "mine", certificates=False)
    (desk / "pin").write_text(f"{PIN}\n")
    names = "--given-name Bob --surname Martin --serial-number 1 --country FR --organization A --identifier NTRFR-1"
    line = f"pki request bob {names} --email bob@example.org --key {token.uri('mine')} --passphrase-file pin"
    assert paraph(line)[0] == 0
    judged = openssl("req", "-in", desk / "bob.csr", "-verify", "-noout", "-text")
    assert "verify OK" in judged.stdout + judged.stderr
    assert "email:bob@example.org" in judged.stdout
    assert not (desk / "bob.key").exists()


def test_a_key_in_a_file_is_not_on_a_token(paraph: Paraph, desk: Path) -> None:
    line = "pki create ca --name Root --country FR --identifier NTRFR-1 --crl http://example.org/root.crl"
    code, _, error = paraph(f"{line} --key seal.p12")
    assert (code, "pkcs11:" in error) == (2, True)
    assert not (desk / "ca").exists()


def openssl(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
