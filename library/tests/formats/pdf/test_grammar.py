"""The syntax: what is read is written back byte for byte; what is odd is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph.formats.pdf import grammar
from paraph.formats.pdf.grammar import Unsupported


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"<<>>", {}),
        (b"<</Type/Catalog/Pages 2 0 R>>", {b"/Type": b"/Catalog", b"/Pages": b"2 0 R"}),
        (b" <</A[1 2[3]]/B<</C(x(y)z)>>>> ", {b"/A": b"[1 2[3]]", b"/B": b"<</C(x(y)z)>>"}),
        (
            b"<</A (\\() % comment )>>\n/B<00 ff>/C true/D null/E -.5/F +1.>>",
            {b"/A": b"(\\()", b"/B": b"<00 ff>", b"/C": b"true", b"/D": b"null", b"/E": b"-.5", b"/F": b"+1."},
        ),
        (b"<</A(/B 1)/C/D>>", {b"/A": b"(/B 1)", b"/C": b"/D"}),
    ],
)
def test_a_dictionary_keeps_the_bytes_of_its_values(written: bytes, expected: dict[bytes, bytes]) -> None:
    assert grammar.dictionary(written) == expected
    assert grammar.dictionary(grammar.write(expected)) == expected


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"<<",
        b"<</A>>",
        b"<</A 1/A 2>>",
        b"<</A#42 1>>",
        b"<</A 12x>>",
        b"<</A foo>>",
        b"<</A (>>",
        b"<</A <zz>>>",
        b"<</A [1 2>>",
        b"<</A <</B>>>>",
        b"<</A 1>> <</B 2>>",
        b"<</A 1>>stream",
        b"<</A\xe9 1>>",
        b"<</A 1 %>>",
        b"<</A " + b"[" * 20 + b"]" * 20 + b">>",
    ],
)
def test_an_odd_dictionary_is_refused(odd: bytes) -> None:
    with pytest.raises(Unsupported):
        grammar.dictionary(odd)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for read in (grammar.dictionary, grammar.array, grammar.reference, grammar.integer, grammar.number):
        try:
            read(b"<<" + data + b">>" if read is grammar.dictionary else data)
        except Unsupported:
            continue


def test_hostile_nesting_takes_no_time() -> None:
    with pytest.raises(Unsupported):
        grammar.dictionary(b"<</A " + b"[" * 100_000 + b">>")
    with pytest.raises(Unsupported):
        grammar.dictionary(b"<</A " + b"(" * 100_000 + b">>")
    with pytest.raises(Unsupported):
        grammar.dictionary(b"<<" + b"%\n" * 100_000 + b"/A>>")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Bob", b"(Bob)"), ("a(b)\\", rb"(a\(b\)\\)"), ("é", b"<FEFF00E9>"), ("a\nb", b"<FEFF0061000A0062>")],
)
def test_text_is_written_so_that_every_reader_understands_it(value: str, expected: bytes) -> None:
    assert grammar.text(value) == expected
