"""`paraph sign`, `extend` and `inspect` take any file: each is signed in the format that fits it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from paraph import asic, xades
from paraph.documents import Format
from paraph_testing.status import StatusService

Run = Callable[..., tuple[int, str, str]]
ORDER = b"<order><total>12.50</total></order>"


@pytest.fixture(autouse=True)
def more(desk: Path) -> None:
    (desk / "order.xml").write_bytes(ORDER)
    (desk / "list.csv").write_bytes(b"1;2;3\n")
    (desk / "page.html").write_bytes(b"<!DOCTYPE html><p>not <br> XML")


def test_the_content_decides(desk: Path, paraph: Run) -> None:
    code, said, _ = paraph("sign invoice.pdf order.xml list.csv page.html KEY")
    assert code == 0
    assert said.split() == ["invoice-signed.pdf", "order-signed.xml", "list.csv.asice", "page.html.asice"]
    assert len(xades.read((desk / "order-signed.xml").read_bytes())) == 1
    assert asic.Container.from_bytes((desk / "list.csv.asice").read_bytes()).files == {"list.csv": b"1;2;3\n"}


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ("--format cades", "list.csv.p7s"),
        ("--format CAdES --enclose", "list.csv.p7m"),
        ("--format xades", "list.csv.xml"),
        ("--format xades --enclose", "list.csv.xml"),
        ("--format asic-s", "list.csv.asics"),
    ],
)
def test_another_format_can_be_asked_for(desk: Path, paraph: Run, options: str, made: str) -> None:
    assert paraph(f"sign list.csv KEY {options}")[:2] == (0, f"{made}\n")
    wanted = options.split()[1].lower()
    assert Format.of((desk / made).read_bytes()).lower() == wanted
    code, said, _ = paraph(f"inspect {made} --json")
    assert code == 0
    assert [each["level"] for each in json.loads(said)[0]["signatures"]] == ["B-B"]


def test_a_file_that_does_not_fit_the_format_is_refused_in_words(paraph: Run) -> None:
    code, _, said = paraph("sign list.csv KEY --format pades")
    assert (code, "PDF" in said) == (2, True)


def test_several_files_go_into_one_container(desk: Path, paraph: Run) -> None:
    assert paraph("sign invoice.pdf list.csv KEY --container all.asice")[0] == 0
    assert set(asic.Container.from_bytes((desk / "all.asice").read_bytes()).files) == {"invoice.pdf", "list.csv"}
    code, said, _ = paraph("inspect all.asice")
    assert (code, "invoice.pdf, list.csv" in said) == (0, True)
    assert paraph("sign all.asice KEY") == (0, "all-signed.asice\n", "")
    assert len(asic.read((desk / "all-signed.asice").read_bytes())) == 2
    assert paraph("sign list.csv KEY --container all.asice")[0] == 2


@pytest.mark.parametrize("options", ["", "--format cades", "--format cades --enclose", "--format xades"])
def test_everything_is_extended_with_what_lies_beside_it(paraph: Run, service: StatusService, options: str) -> None:
    made = paraph(f"sign list.csv KEY {options}")[1].strip()
    for level in ("B-T", "B-LT", "B-LTA", "B-LTA"):
        code, said, error = paraph(f"extend {made} --level {level} --tsa {service.tsa} --trust root.pem")
        assert (code, error) == (0, "")
        made = said.strip()
        facts = json.loads(paraph(f"inspect {made} --json")[1])
        assert [each["level"] for each in facts[0]["signatures"]] == [level]
