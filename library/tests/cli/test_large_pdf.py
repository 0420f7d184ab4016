"""A PDF too large to be held in memory more than once."""

import os
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from paraph.cli.exits import Exit
from paraph_testing import pdfs

Paraph = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def scans(desk: Path) -> Path:
    with pikepdf.open(BytesIO(pdfs.contract())) as pdf:
        pdf.Root.Scans = pdf.make_stream(os.urandom(9 << 20))
        pdf.save(desk / "scans.pdf")
    return desk / "scans.pdf"


@pytest.mark.parametrize("command", ["sign scans.pdf KEY --output sealed", "seal scans.pdf KEY --output sealed"])
def test_it_is_sealed(scans: Path, desk: Path, paraph: Paraph, command: str) -> None:
    assert paraph(command)[0] == 0
    (sealed,) = (desk / "sealed").iterdir() if (desk / "sealed").is_dir() else [desk / "sealed"]
    assert sealed.read_bytes().startswith(scans.read_bytes())
    poppler = subprocess.run(["pdfsig", "-nocert", sealed], capture_output=True, text=True, check=True)
    assert "Signature is Valid" in poppler.stdout


def test_nothing_is_left_of_one_that_is_refused(scans: Path, desk: Path, paraph: Paraph) -> None:
    scans.write_bytes(scans.read_bytes()[: 8 << 20] + b"\0" * 1024)
    before = {path.name for path in desk.iterdir()}
    assert paraph("sign scans.pdf KEY --output sealed.pdf")[0] == Exit.BAD_INPUT
    assert {path.name for path in desk.iterdir()} == before
