"""`paraph seal`: many documents, in several processes, resumed after interruptions."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from paraph.cli import batch
from paraph_testing import pdfs

Paraph = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def invoices(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As if they were enough for several processes."""
    monkeypatch.setattr(batch, "_WORTH", 0.0)
    folder = desk / "invoices"
    (folder / "2026").mkdir(parents=True)
    for number in range(20):
        (folder / ("2026" if number % 2 else "") / f"{number}.pdf").write_bytes(pdfs.invoice(number))
    return folder


def sealed(desk: Path) -> list[Path]:
    return sorted(each.relative_to(desk / "sealed") for each in (desk / "sealed").rglob("*") if each.is_file())


def test_a_folder_is_sealed_with_everything_below_it(paraph: Paraph, desk: Path, invoices: Path) -> None:
    code, said, _ = paraph("seal invoices --output sealed KEY --json")
    facts = json.loads(said)
    assert (code, facts["sealed"], facts["failed"], facts["not_tried"]) == (0, 20, [], 0)
    assert sealed(desk) == sorted(each.relative_to(invoices) for each in invoices.rglob("*.pdf"))
    assert paraph("validate sealed/0.pdf sealed/2026/19.pdf --trust root.pem")[0] == 0


@pytest.mark.usefixtures("invoices")
def test_a_pattern_is_expanded(paraph: Paraph, desk: Path) -> None:
    assert paraph("seal invoices/2026/1*.pdf invoice.pdf --output sealed KEY")[0] == 0
    assert [str(each) for each in sealed(desk)] == [
        *("1.pdf", "11.pdf", "13.pdf", "15.pdf", "17.pdf", "19.pdf", "invoice.pdf"),
    ]


@pytest.mark.usefixtures("invoices")
def test_a_second_run_does_what_the_first_left(paraph: Paraph, desk: Path) -> None:
    paraph("seal invoices --output sealed KEY")
    kept = (desk / "sealed" / "0.pdf").read_bytes()
    (desk / "sealed" / "2.pdf").unlink()
    code, said, _ = paraph("seal invoices --output sealed KEY")
    assert code == 0
    assert said.startswith("1 sealed, 19 were sealed before, 0 failed")
    assert (desk / "sealed" / "0.pdf").read_bytes() == kept


@pytest.mark.parametrize("place", ["precious", "seal of another document", "half a seal", "the original"])
def test_what_lies_in_the_way_is_left_alone(paraph: Paraph, desk: Path, place: str) -> None:
    paraph("sign invoice.pdf KEY")
    signed = (desk / "invoice-signed.pdf").read_bytes()
    (desk / "other.pdf").write_bytes(pdfs.invoice(2))
    paraph("sign other.pdf KEY")
    contents = {
        "precious": b"precious",
        "seal of another document": (desk / "other-signed.pdf").read_bytes(),
        "half a seal": signed[: len(pdfs.invoice()) + 500],
        "the original": pdfs.invoice(),
    }
    (desk / "sealed").mkdir()
    (desk / "sealed" / "invoice.pdf").write_bytes(contents[place])
    code, _, said = paraph("seal invoice.pdf --output sealed KEY")
    assert code == 1
    assert "left alone" in said
    assert (desk / "sealed" / "invoice.pdf").read_bytes() == contents[place]


def test_failures_are_listed_and_the_others_sealed(paraph: Paraph, desk: Path, invoices: Path) -> None:
    for defect, make in pdfs.HOSTILE.items():
        (invoices / f"{defect}.pdf").write_bytes(make())
    code, said, _ = paraph("seal invoices --output sealed KEY --json")
    facts = json.loads(said)
    assert (code, facts["sealed"]) == (1, 20)
    assert {Path(each["file"]).stem for each in facts["failed"]} == set(pdfs.HOSTILE)
    assert "internal" not in {each["code"] for each in facts["failed"]}


@pytest.mark.usefixtures("invoices")
def test_it_stops_when_the_authority_stays_away(paraph: Paraph) -> None:
    code, _, said = paraph("seal invoices --output sealed KEY --tsa http://127.0.0.1:1/")
    assert code == 3
    assert "run the same command again" in said


def test_the_results_of_a_run_are_not_its_input(paraph: Paraph, desk: Path) -> None:
    assert paraph("seal . --output sealed KEY")[0] == 0
    assert paraph("seal . --output sealed KEY")[0] == 0
    assert [str(each) for each in sealed(desk)] == ["invoice.pdf"]


@pytest.mark.usefixtures("invoices")
@pytest.mark.parametrize(
    "paths", ["missing.pdf", "missing/*.pdf", "invoices/0.pdf twin/0.pdf", "twin/empty"], ids=lambda paths: paths
)
def test_what_cannot_be_meant_is_usage(paraph: Paraph, desk: Path, paths: str) -> None:
    (desk / "twin" / "empty").mkdir(parents=True)
    (desk / "twin" / "0.pdf").write_bytes(pdfs.invoice())
    assert paraph(f"seal {paths} --output sealed KEY")[0] == 2
    assert not (desk / "sealed").exists()
