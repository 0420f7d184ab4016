"""`paraph inspect`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from paraph_testing import pdfs
from paraph_testing.pki import Pki

Paraph = Callable[[str], tuple[int, str, str]]


def test_an_unsigned_document(paraph: Paraph) -> None:
    assert paraph("inspect invoice.pdf") == (0, "invoice.pdf: 1 page\n  not signed\n", "")


@pytest.mark.usefixtures("authority")
def test_a_time_stamped_signature_and_what_came_after_it(paraph: Paraph, today: Pki) -> None:
    paraph("sign invoice.pdf KEY --tsa http://tsa.example.org --output once.pdf")
    paraph("sign once.pdf KEY --output twice.pdf")
    code, said, _ = paraph("inspect twice.pdf --json")
    first, second = json.loads(said)[0]["signatures"]
    assert code == 0
    assert (first["level"], first["timestamped_at"]) == ("B-T", today.at.isoformat())
    assert (second["level"], second["timestamped_at"], second["covers_whole_document"]) == ("B-B", None, True)
    assert "something was added afterwards" in paraph("inspect twice.pdf")[1]


@pytest.mark.parametrize("defect", pdfs.HOSTILE)
def test_what_is_no_sound_pdf_is_said(paraph: Paraph, desk: Path, defect: str) -> None:
    (desk / "hostile.pdf").write_bytes(pdfs.HOSTILE[defect]())
    code, _, said = paraph("inspect hostile.pdf")
    assert code == 2
    assert said.startswith("paraph: ")
