import shutil
import subprocess
from pathlib import Path

import pytest
from paraph_testing import pdfs


def test_the_same_bytes_every_time() -> None:
    assert pdfs.invoice(7) == pdfs.invoice(7)
    assert pdfs.invoice(7) != pdfs.invoice(8)


def test_a_compact_document_hides_its_objects_in_streams() -> None:
    document = pdfs.compact(pdfs.contract())
    assert b"/ObjStm" in document
    assert b"trailer" not in document


@pytest.mark.skipif(not shutil.which("qpdf"), reason="needs qpdf")
@pytest.mark.parametrize("document", [pdfs.invoice(), pdfs.contract(), pdfs.compact(pdfs.invoice())])
def test_good_documents_are_good(document: bytes, tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(document)
    subprocess.run(["qpdf", "--check", tmp_path / "good.pdf"], check=True, capture_output=True)


@pytest.mark.skipif(not shutil.which("qpdf"), reason="needs qpdf")
@pytest.mark.parametrize("defect", pdfs.HOSTILE.keys() - {"no_pages"})  # qpdf has no objection to a book without pages
def test_each_hostile_document_has_its_defect(defect: str, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(pdfs.HOSTILE[defect]())
    judged = subprocess.run(["qpdf", "--check", tmp_path / "bad.pdf"], check=False, capture_output=True)
    assert judged.returncode != 0
