"""Any byte may be wrong: the answer is a sound signed document or a clear refusal."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from paraph import pades
from paraph.errors import ParaphError
from paraph.formats.pdf import gate
from paraph.keys.file import FileSigner
from paraph_testing import pdfs

DOCUMENTS = {"classic": pdfs.invoice(lines=2), "compact": pdfs.compact(pdfs.invoice(lines=2))}
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def sound(signed: bytes) -> bool:
    """Qpdf reads it, repairing nothing but what is common, and its one signature covers all of it."""
    with pikepdf.open(io.BytesIO(signed), attempt_recovery=False) as pdf:
        pages = len(pdf.pages)
        gate.check(pdf)
    return pages >= 1 and [one.covers_whole_document for one in pades.read(signed)] == [True]


@pytest.mark.parametrize("kind", DOCUMENTS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_byte_gives_a_sound_document_or_a_refusal(kind: str, data: st.DataObject, bob: FileSigner) -> None:
    document = bytearray(DOCUMENTS[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    try:
        signed = pades.sign(bytes(document), bob, at=NOON)
    except ParaphError:
        return
    assert sound(signed)


@pytest.mark.parametrize("kind", DOCUMENTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1))
@example(cut=1.0)
def test_a_document_cut_anywhere_is_refused_or_sound(kind: str, cut: float, bob: FileSigner) -> None:
    document = DOCUMENTS[kind]
    try:
        signed = pades.sign(document[: round(cut * len(document))], bob, at=NOON)
    except ParaphError:
        return
    assert sound(signed)
