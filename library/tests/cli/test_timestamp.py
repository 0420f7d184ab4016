"""`paraph timestamp`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paraph_testing.pki import Pki

Paraph = Callable[[str], tuple[int, str, str]]
pytestmark = pytest.mark.usefixtures("authority")


@pytest.mark.parametrize("name", ["lease.txt.tst", "lease.tsr"])
def test_a_file_is_stamped_and_verified(paraph: Paraph, desk: Path, today: Pki, name: str) -> None:
    (desk / "lease.txt").write_text("The lease")
    output = "" if name.endswith(".tst") else f" --output {name}"
    assert paraph(f"timestamp lease.txt --tsa http://tsa.example.org{output}") == (0, f"{name}\n", "")
    code, said, _ = paraph(f"timestamp lease.txt --verify {name} --trust root.pem --json")
    assert (code, json.loads(said)["time"]) == (0, today.at.isoformat())


def test_openssl_reads_the_response(paraph: Paraph, desk: Path, today: Pki, openssl: Any, pem: Any) -> None:
    paraph("timestamp invoice.pdf --tsa http://tsa.example.org --output invoice.tsr")
    judged = openssl(
        *("ts", "-verify", "-data", desk / "invoice.pdf", "-in", desk / "invoice.tsr"),
        *("-CAfile", desk / "root.pem", "-untrusted", pem("chain.pem", today.issuing.certificate)),
    )
    assert judged.stdout == "Verification: OK\n", judged.stderr


def test_it_is_not_for_another_file(paraph: Paraph, desk: Path) -> None:
    paraph("timestamp invoice.pdf --tsa http://tsa.example.org")
    code, _, said = paraph("timestamp root.pem --verify invoice.pdf.tst --trust root.pem")
    assert (code, said) == (1, "paraph: The time-stamp is for another document.\n")


@pytest.mark.parametrize("token", ["invoice.pdf", "root.pem", "passphrase"])
def test_what_is_no_token_is_bad_input(paraph: Paraph, token: str) -> None:
    assert paraph(f"timestamp invoice.pdf --verify {token} --trust root.pem")[0] == 2


@pytest.mark.parametrize(
    "options",
    ["", "--verify passphrase", "--trust root.pem", "--tsa http://tsa.example.org --verify x --trust root.pem"],
)
def test_options_that_do_not_go_together_are_usage(paraph: Paraph, options: str) -> None:
    assert paraph(f"timestamp invoice.pdf {options}")[0] == 2


def test_nothing_is_overwritten(paraph: Paraph, desk: Path) -> None:
    (desk / "invoice.pdf.tst").write_text("precious")
    assert paraph("timestamp invoice.pdf --tsa http://tsa.example.org")[0] == 2
    assert (desk / "invoice.pdf.tst").read_text() == "precious"
