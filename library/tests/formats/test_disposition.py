"""What a file is called on its way through HTTP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph.formats import disposition


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("inline; FileName=a.pdf", "a.pdf"),
        ("attachment; filename*=UTF-8''Contrat%20%E2%82%AC.pdf", "Contrat €.pdf"),
        ("attachment; filename=\"Contrat _.pdf\"; filename*=UTF-8''Contrat%20%E2%82%AC.pdf", "Contrat €.pdf"),
        ("attachment; filename*=UTF-8''%E2%82%AC.pdf; filename=plain.pdf", "€.pdf"),
        ("attachment; filename*=nonsense''a.pdf", "a.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ("attachment", ""),
        ("", ""),
        (";;;", ""),
    ],
)
def test_the_name_that_was_meant(header: str, name: str) -> None:
    assert disposition.filename(header) == name


@given(st.text())
def test_nothing_breaks_it(header: str) -> None:
    assert isinstance(disposition.filename(header), str)
