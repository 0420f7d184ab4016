"""`--level B-LT`, and `paraph extend`, with a status service and an authority over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from paraph import pades
from paraph.signatures import Level
from paraph_testing.status import StatusService

Paraph = Callable[[str], tuple[int, str, str]]


@pytest.mark.parametrize("level", [Level.LT, Level.LTA])
def test_a_pdf_is_signed_for_the_long_term(paraph: Paraph, desk: Path, service: StatusService, level: Level) -> None:
    code, _, said = paraph(f"sign invoice.pdf KEY --level {level.value} --tsa {service.tsa} --trust root.pem")
    assert code == 0, said
    assert pades.read((desk / "invoice-signed.pdf").read_bytes())[0].level is level
    assert paraph("validate invoice-signed.pdf --trust root.pem")[0] == 0


def test_a_folder_is_sealed_for_the_long_term(paraph: Paraph, desk: Path, service: StatusService) -> None:
    (desk / "invoices").mkdir()
    for number in range(3):
        (desk / "invoices" / f"{number}.pdf").write_bytes((desk / "invoice.pdf").read_bytes())
    arguments = f"invoices --output sealed KEY --level B-LT --tsa {service.tsa} --trust root.pem"
    assert paraph(f"seal {arguments}")[0] == 0
    assert [pades.read(each.read_bytes())[0].level for each in (desk / "sealed").iterdir()] == [Level.LT] * 3
    asked = [each for each in service.asked if "/tsa" not in each]
    assert len(asked) == len(set(asked)) + 1  # two answers by the responder; everything else once


def test_a_signed_pdf_is_extended(paraph: Paraph, desk: Path, service: StatusService) -> None:
    paraph("sign invoice.pdf KEY")
    code, said, _ = paraph(f"extend invoice-signed.pdf --level B-LTA --tsa {service.tsa} --trust root.pem")
    assert (code, said) == (0, "invoice-signed-extended.pdf\n")
    assert pades.read((desk / "invoice-signed-extended.pdf").read_bytes())[0].level is Level.LTA


def test_another_authority_is_asked_when_the_first_is_dead(paraph: Paraph, desk: Path, service: StatusService) -> None:
    dead = service.tsa.replace("/tsa", "/dead")
    assert paraph(f"sign invoice.pdf KEY --tsa {dead} --tsa {service.tsa}")[0] == 0
    assert pades.read((desk / "invoice-signed.pdf").read_bytes())[0].level is Level.T


@pytest.mark.parametrize(
    ("arguments", "said"),
    [("--level B-LT", "needs a time-stamp authority"), ("--level B-LTA --tsa http://tsa.example.org", "trusted")],
)
def test_what_is_missing_is_said_before_anything_is_signed(
    paraph: Paraph, desk: Path, arguments: str, said: str
) -> None:
    code, _, error = paraph(f"sign invoice.pdf KEY {arguments}")
    assert (code, (desk / "invoice-signed.pdf").exists()) == (2, False)
    assert said in error
