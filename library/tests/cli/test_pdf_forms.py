"""`paraph sign --field`, `--certify` and `--password-file`, as one types them."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from paraph import pades
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.status import StatusService

Paraph = Callable[[str], tuple[int, str, str]]


@pytest.fixture(autouse=True)
def papers(desk: Path) -> None:
    (desk / "form.pdf").write_bytes(pdfs.form())
    (desk / "locked.pdf").write_bytes(pdfs.locked(pdfs.invoice()))
    (desk / "password").write_text("user\n")


def test_a_field_is_signed_by_its_name(paraph: Paraph, desk: Path) -> None:
    assert paraph("sign form.pdf KEY --field client --name Bob")[0] == 0
    assert [one.field for one in pades.read((desk / "form-signed.pdf").read_bytes())] == ["client"]


def test_a_field_that_is_not_there_is_said(paraph: Paraph) -> None:
    code, _, said = paraph("sign form.pdf KEY --field buyer")
    assert code == 2
    assert "it has client, provider" in said


def test_a_field_has_its_own_place(paraph: Paraph) -> None:
    assert paraph("sign form.pdf KEY --field client --block 1,10,10,100,50")[0] == 2


def test_a_certified_document_takes_no_second_signature(paraph: Paraph, desk: Path) -> None:
    assert paraph("sign invoice.pdf KEY --certify none")[0] == 0
    code, _, said = paraph("sign invoice-signed.pdf KEY")
    assert code == 1
    assert "forbids any further change" in said
    assert "certified: no further signature is allowed" in paraph("inspect invoice-signed.pdf")[1]


def test_an_encrypted_document_is_signed_inspected_and_extended_with_its_password(
    paraph: Paraph, desk: Path, service: StatusService
) -> None:
    assert paraph("sign locked.pdf KEY")[0] == 2
    assert paraph("sign locked.pdf KEY --password-file password")[0] == 0
    assert "B-B" in paraph("inspect locked-signed.pdf --password-file password")[1]
    trusting = f"--level B-LT --tsa {service.tsa} --trust root.pem"
    assert paraph(f"extend locked-signed.pdf {trusting} --password-file password")[::2] == (0, "")
    extended = (desk / "locked-signed-extended.pdf").read_bytes()
    assert pades.read(extended, password="owner")[0].level is Level.LT


def test_a_batch_of_encrypted_documents_is_resumed(paraph: Paraph) -> None:
    assert paraph("seal locked.pdf --output sealed KEY --password-file password")[0] == 0
    assert "1 were sealed before" in paraph("seal locked.pdf --output sealed KEY --password-file password")[1]


def test_a_script_is_refused_taken_out_or_allowed(paraph: Paraph, desk: Path) -> None:
    with pikepdf.open(desk / "invoice.pdf") as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.save(desk / "script.pdf")
    code, _, said = paraph("sign script.pdf KEY")
    assert code == 1
    assert "the document runs JavaScript" in said
    assert "runs JavaScript" in paraph("inspect script.pdf")[1]
    code, _, said = paraph("sign script.pdf KEY --normalise")
    assert (code, said) == (0, "taken out: the document runs JavaScript\n")
    assert b"app.alert" not in (desk / "script-signed.pdf").read_bytes()
    assert paraph("sign script.pdf KEY --allow-misleading --output allowed.pdf")[0] == 0
