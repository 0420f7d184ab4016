"""`paraph sign`, then `paraph validate`."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from paraph_testing import pdfs
from paraph_testing.pki import Pki

Paraph = Callable[[str], tuple[int, str, str]]


def test_a_signed_file_lies_beside_the_original_and_passes(paraph: Paraph, desk: Path) -> None:
    assert paraph("sign invoice.pdf KEY --name Alice --reason Paid") == (0, "invoice-signed.pdf\n", "")
    assert (desk / "invoice-signed.pdf").read_bytes().startswith(pdfs.invoice())
    code, said, _ = paraph("validate invoice-signed.pdf --trust root.pem")
    assert code == 0
    assert "TOTAL_PASSED" in said


@pytest.mark.usefixtures("authority")
def test_with_an_authority_it_is_time_stamped(paraph: Paraph, today: Pki) -> None:
    assert paraph("sign invoice.pdf KEY --tsa http://tsa.example.org")[0] == 0
    code, said, _ = paraph("validate invoice-signed.pdf --trust root.pem --json")
    (judged,) = json.loads(said)
    assert (code, judged["file"], judged["indication"]) == (0, "invoice-signed.pdf", "TOTAL_PASSED")
    assert judged["findings"][0]["timestamped_at"] == today.at.isoformat()


def test_a_block_is_shown(paraph: Paraph, desk: Path) -> None:
    assert paraph("sign invoice.pdf KEY --block -1,50,600,200,60 --name Alice --output shown.pdf")[0] == 0
    assert b"/AP<</N" in (desk / "shown.pdf").read_bytes()


@pytest.mark.parametrize("block", ["1,2,3", "one,2,3,4,5", "1,0,0,9000,10", "0,0,0,10,10", "99,0,0,10,10"])
def test_a_block_that_is_none_is_refused(paraph: Paraph, desk: Path, block: str) -> None:
    assert paraph(f"sign invoice.pdf KEY --block {block}")[0] == 2
    assert not (desk / "invoice-signed.pdf").exists()


def test_several_files_go_to_a_folder(paraph: Paraph, desk: Path) -> None:
    (desk / "other.pdf").write_bytes(pdfs.invoice(2))
    (desk / "signed").mkdir()
    assert paraph("sign invoice.pdf other.pdf KEY --output signed")[0] == 0
    assert sorted(each.name for each in (desk / "signed").iterdir()) == ["invoice-signed.pdf", "other-signed.pdf"]
    code, _, _ = paraph("validate signed/invoice-signed.pdf signed/other-signed.pdf --trust root.pem")
    assert code == 0


def test_nothing_is_overwritten(paraph: Paraph, desk: Path) -> None:
    (desk / "precious.pdf").write_text("precious")
    code, _, said = paraph("sign invoice.pdf KEY --output precious.pdf")
    assert (code, (desk / "precious.pdf").read_text()) == (2, "precious")
    assert "not overwritten" in said


def test_no_half_file_is_left(paraph: Paraph, desk: Path) -> None:
    before = sorted(os.listdir(desk))  # noqa: PTH208  names only
    assert paraph("sign invoice.pdf KEY --output missing/folder.pdf")[0] == 2
    assert sorted(os.listdir(desk)) == before  # noqa: PTH208  as above


@pytest.mark.parametrize("defect", pdfs.HOSTILE)
def test_what_cannot_be_signed_is_one_clear_line(paraph: Paraph, desk: Path, defect: str) -> None:
    (desk / "hostile.pdf").write_bytes(pdfs.HOSTILE[defect]())
    code, said, complaint = paraph("sign hostile.pdf KEY")
    assert (code, said, complaint.count("\n")) == (2, "", 1)
    assert complaint.startswith("paraph: ")


def test_a_wrong_passphrase_is_said(paraph: Paraph, desk: Path) -> None:
    (desk / "passphrase").write_text("guessed")
    code, _, said = paraph("sign invoice.pdf KEY")
    assert (code, said) == (2, "paraph: This is not a private key, or the passphrase is wrong.\n")


def test_the_passphrase_comes_by_descriptor(paraph: Paraph) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"correct horse battery staple\n")
    os.close(writing)
    assert paraph(f"sign invoice.pdf --key seal.p12 --passphrase-fd {reading}")[0] == 0


def test_an_authority_that_is_away_is_told_apart(paraph: Paraph) -> None:
    """Nobody listens on port 1."""
    code, _, said = paraph("sign invoice.pdf KEY --tsa http://127.0.0.1:1/")
    assert code == 3
    assert "does not answer" in said


def test_a_changed_file_is_not_valid(paraph: Paraph, desk: Path) -> None:
    paraph("sign invoice.pdf KEY")
    signed = (desk / "invoice-signed.pdf").read_bytes()
    (desk / "changed.pdf").write_bytes(signed.replace(b"/MediaBox", b"/MediaB0x", 1))
    code, said, _ = paraph("validate changed.pdf --trust root.pem")
    assert code == 1
    assert "TOTAL_FAILED" in said


def test_one_that_nobody_signed_is_not_valid_either(paraph: Paraph) -> None:
    assert paraph("validate invoice.pdf --trust root.pem")[0] == 1


def test_roots_that_are_none_are_bad_input(paraph: Paraph) -> None:
    code, _, said = paraph("validate invoice.pdf --trust invoice.pdf")
    assert code == 2
    assert "not a certificate" in said
