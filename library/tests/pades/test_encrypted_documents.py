"""What is encrypted is signed with its password, and stays encrypted: also what the signature adds."""

import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Literal

import pikepdf
import pytest
from paraph import pades
from paraph.certs import Revocations
from paraph.errors import EncryptedDocument, ModificationForbidden
from paraph.keys.file import FileSigner
from paraph.pades import Block, Changes
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.status import StatusService

REVISIONS: dict[str, Literal[3, 4, 6]] = {"RC4 of 128 bits": 3, "AES of 128 bits": 4, "AES of 256 bits": 6}
BLOCK = Block(1, 300, 600, 220, 60, ("Signé par Žofia Łęcka-Ünal",))


def judged(document: bytes, path: Path) -> str:
    """What Poppler says with the user's password; qpdf must find no fault."""
    for program in ("pdfsig", "qpdf"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    path.write_bytes(document)
    qpdf = subprocess.run(["qpdf", "--check", "--password=user", path], capture_output=True, text=True, check=False)
    assert qpdf.returncode == 0, qpdf.stdout + qpdf.stderr
    return subprocess.run(
        ["pdfsig", "-nocert", "-upw", "user", path], capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize("cipher", REVISIONS)
@pytest.mark.parametrize("password", ["user", "owner"])
def test_either_password_signs(cipher: str, password: str, bob: FileSigner, noon: datetime, tmp_path: Path) -> None:
    document = pdfs.locked(pdfs.invoice(), revision=REVISIONS[cipher])
    signed = pades.sign(document, bob, at=noon, password=password, reason="Approuvé – vu", block=BLOCK)
    assert signed.startswith(document)
    assert judged(signed, tmp_path / "signed.pdf").count("Signature is Valid.") == 1
    shown = subprocess.run(["pdftotext", "-upw", "user", tmp_path / "signed.pdf", "-"], capture_output=True, check=True)
    assert BLOCK.lines[0] in shown.stdout.decode()
    with pikepdf.open(io.BytesIO(signed), password="user") as pdf:
        assert str(pdf.Root.AcroForm.Fields[0].V.Reason) == "Approuvé – vu"


@pytest.mark.parametrize("cipher", REVISIONS)
def test_an_encrypted_document_reaches_every_level(
    cipher: str, service: StatusService, revocations: Revocations, noon: datetime, tmp_path: Path
) -> None:
    seal, document = service.pki.seal, pdfs.locked(pdfs.invoice(), revision=REVISIONS[cipher])
    pending = pades.prepare(
        document, seal.certificate, chain=seal.chain, at=noon, level=Level.LTA, password="user", certify=Changes.FORMS
    )
    signed = pades.complete(
        pending,
        seal.sign(pending.digest),
        document,
        timestamper=service.pki.timestamper(noon),
        revocations=revocations,
        password="user",
    )
    assert judged(signed, tmp_path / "signed.pdf").count("Signature is Valid.") == 1
    assert pades.read(signed, password="owner")[0].level is Level.LTA
    assert pades.inspect(signed, password="owner").signatures == 2


def test_what_is_added_cannot_be_read_without_the_password(bob: FileSigner, noon: datetime) -> None:
    document = pdfs.locked(pdfs.invoice())
    added = pades.sign(document, bob, at=noon, password="user", reason="Reorganisation", block=BLOCK)[len(document) :]
    assert b"Reorganisation" not in added
    assert b"/Reason<" in added


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nothing_is_signed(password: str, bob: FileSigner, noon: datetime) -> None:
    with pytest.raises(EncryptedDocument):
        pades.sign(pdfs.locked(pdfs.invoice()), bob, at=noon, password=password)


def test_what_the_owner_forbids_is_not_done_with_the_users_password(bob: FileSigner, noon: datetime) -> None:
    document = pdfs.locked(pdfs.form(), sign=False)
    with pytest.raises(ModificationForbidden, match="owner"):
        pades.sign(document, bob, at=noon, password="user")
    pades.sign(document, bob, at=noon, password="owner")


def test_a_field_in_an_encrypted_document_is_signed(bob: FileSigner, noon: datetime, tmp_path: Path) -> None:
    signed = pades.sign(pdfs.locked(pdfs.form()), bob, at=noon, password="user", field="client")
    assert "Signature Field Name: client" in judged(signed, tmp_path / "signed.pdf")


def test_structure_that_is_encrypted_is_said_to_be_so(noon: datetime, bob: FileSigner) -> None:
    """As Acrobat writes it: object streams cannot be measured before they are decrypted."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdfs.contract())) as pdf:
        encryption = pikepdf.Encryption(owner="owner", user="user")
        pdf.save(output, encryption=encryption, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(EncryptedDocument, match="together with its structure"):
        pades.sign(output.getvalue(), bob, at=noon, password="user")
