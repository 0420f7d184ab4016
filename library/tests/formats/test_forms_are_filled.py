"""Text fields of a form are found, filled, and shown alike by every reader."""

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from paraph import pades
from paraph.errors import BrokenDocument, InputError, ModificationForbidden
from paraph.formats.pdf import forms
from paraph_testing import pdfs
from pikepdf import Array, Dictionary, Name, String

EVERYWHERE = "Łódź – Besançon, l’été à 100 €"


def shaped(**entries: Any) -> bytes:
    """The form, its field with other entries."""
    with pikepdf.open(io.BytesIO(pdfs.form())) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        for key, value in entries.items():
            field[f"/{key}"] = value
        output = io.BytesIO()
        pdf.save(output)
        return output.getvalue()


def test_the_text_fields_are_listed() -> None:
    document = shaped(MaxLen=12, Ff=1 << 12, V=String("Lyon"))
    assert forms.text_fields(document) == (forms.TextField("city", "Lyon", multiline=True, max_length=12),)


def test_a_document_without_a_form_has_none() -> None:
    assert forms.text_fields(pdfs.contract()) == ()


def test_what_is_filled_in_stands_in_the_field() -> None:
    filled = forms.fill(pdfs.form(), {"city": EVERYWHERE})
    assert [each.value for each in forms.text_fields(filled)] == [EVERYWHERE]


@pytest.mark.parametrize(
    "entries",
    [{}, {"Q": 2, "DA": String("/Helv 9 Tf 0 0 1 rg")}, {"Ff": 1 << 12}, {"MK": Dictionary(R=90, BG=Array([0.9]))}],
    ids=["plain", "right, blue, small", "several lines", "turned, on grey"],
)
def test_poppler_shows_it(entries: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "filled.pdf"
    path.write_bytes(forms.fill(shaped(**entries), {"city": EVERYWHERE}))
    shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    assert "Besançon" in shown or "turned" in entries or "MK" in entries
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def test_a_comb_puts_each_letter_into_its_cell() -> None:
    with pikepdf.open(io.BytesIO(forms.fill(shaped(Ff=1 << 24, MaxLen=10), {"city": "LYON"}))) as pdf:
        drawn = pdf.Root.AcroForm.Fields[0].AP.N.read_bytes()
    assert drawn.count(b" Tj") == 4


def test_the_same_values_give_the_same_bytes() -> None:
    assert forms.fill(pdfs.form(), {"city": "Lyon"}) == forms.fill(pdfs.form(), {"city": "Lyon"})


def test_what_is_filled_passes_the_gate() -> None:
    assert not pades.inspect(forms.fill(pdfs.form(), {"city": "Lyon"})).misleading


def test_a_reader_is_not_asked_to_draw() -> None:
    with pikepdf.open(io.BytesIO(pdfs.form())) as pdf:
        pdf.Root.AcroForm.NeedAppearances = True
        output = io.BytesIO()
        pdf.save(output)
    with pikepdf.open(io.BytesIO(forms.fill(output.getvalue(), {"city": "Lyon"}))) as filled:
        assert "/NeedAppearances" not in filled.Root.AcroForm


def test_a_field_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="no text field town"):
        forms.fill(pdfs.form(), {"town": "Lyon"})


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="room for 3 characters"):
        forms.fill(shaped(MaxLen=3), {"city": "Lyon"})


def test_letters_that_would_not_be_seen_are_refused() -> None:
    with pytest.raises(InputError, match="cannot show 東"):
        forms.fill(pdfs.form(), {"city": "東"})


def test_a_form_that_refers_to_itself_is_refused() -> None:
    with pikepdf.open(io.BytesIO(pdfs.form())) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        field.Kids = Array([pdf.make_indirect(Dictionary(T=String("a"), Kids=Array([field])))])
        del field.FT
        output = io.BytesIO()
        pdf.save(output)
    with pytest.raises(BrokenDocument):
        forms.text_fields(output.getvalue())


def test_a_signed_form_is_not_filled() -> None:
    with pikepdf.open(io.BytesIO(pdfs.form())) as pdf:
        pdf.Root.AcroForm.Fields[1].V = pdf.make_indirect(Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite")))
        output = io.BytesIO()
        pdf.save(output)
    with pytest.raises(ModificationForbidden):
        forms.fill(output.getvalue(), {"city": "Lyon"})
