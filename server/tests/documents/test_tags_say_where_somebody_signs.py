"""Tags in the text of a PDF: how they are read, and where they are found."""

import io
from datetime import datetime

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.accounts.models import Tenant
from paraph_server.documents import actions, queries, tags
from paraph_server.documents.tags import Tag
from paraph_server.journal.actions import Actor
from paraph_testing import pdfs

SIGNERS = st.integers(1, tags.MOST)
WIDTHS, HEIGHTS = st.integers(tags.NARROWEST, tags.WIDEST), st.integers(tags.LOWEST, tags.TALLEST)
BLANKS = st.text(" \t\r\n", max_size=3)


@given(signer=SIGNERS, size=st.none() | st.tuples(WIDTHS, HEIGHTS))
def test_what_is_written_is_read(signer: int, size: tuple[int, int] | None) -> None:
    tag = Tag(signer, *(size or ()))
    assert tags.parse(str(tag)) == tag


@given(signer=SIGNERS, width=WIDTHS, height=HEIGHTS, blanks=st.lists(BLANKS, min_size=7, max_size=7))
def test_blanks_and_capitals_do_not_matter(signer: int, width: int, height: int, blanks: list[str]) -> None:
    pieces = ["{{", "SIG", ":", str(signer), ":", f"{width}X{height}", "}}"]
    written = "".join(piece + blank for piece, blank in zip(pieces, blanks, strict=True))
    assert tags.parse(written) == Tag(signer, width, height)


@given(st.text(max_size=40))
def test_anything_may_stand_in_a_text(written: str) -> None:
    found = tags.parse(f"{{{{{written}}}}}")
    assert found is None or 1 <= found.signer <= tags.MOST


@pytest.mark.parametrize(
    "written",
    ["{{sig:0}}", "{{sig:101}}", "{{sig:1:5x5}}", "{{sig:1:99999x10}}", "{{sig}}", "{{name:1}}", "{{sig:-1}}"],
)
def test_what_is_no_tag_is_none(written: str) -> None:
    assert tags.parse(written) is None


# ---------------------------------------------------------------- in a file


@pytest.fixture
def found(tenant: Tenant, by_alice: Actor, noon: datetime) -> object:
    def found(content: bytes) -> list[tuple[int, float, float, str]]:
        part = actions.receive(tenant, io.BytesIO(content), "a.pdf", by=by_alice, at=noon)
        return [(each.page, each.x, each.y, str(each.tag)) for each in queries.signature_tags(part)]

    return found


def test_a_tag_is_found_where_it_stands(found: object) -> None:
    content = pdfs.tagged((72, 100, "{{sig:1}}"), (300, 100, "{{sig:2:150x60}}"), (72, 500, "{{name}}"), page=2)
    [first, second] = found(content)  # type: ignore[operator]
    assert (first[0], first[3], second[3]) == (2, "{{sig:1}}", "{{sig:2:150x60}}")
    assert first[1] == pytest.approx(72, abs=2)
    assert second[1] == pytest.approx(300, abs=2)
    assert first[2] == pytest.approx(100 - 8, abs=2)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_on_a_turned_and_cropped_page_it_is_where_it_is_seen(found: object, turn: int) -> None:
    with pikepdf.open(io.BytesIO(pdfs.tagged((200, 300, "{{sig:1}}")))) as pdf:
        page = pdf.pages[0]
        page.cropbox = [100, 50, 500, 800]
        page.rotate(turn, relative=False)
        target = io.BytesIO()
        pdf.save(target)
    [(_, x, y, _)] = found(target.getvalue())  # type: ignore[operator]
    height = 842 - 300  # from the foot of the page up to the tag, which is 12 high and 50 wide
    seen = {
        0: (200 - 100, 800 - height),
        90: (height - 50, 200 - 100),
        180: (500 - 250, height - 50),
        270: (800 - height, 500 - 250),
    }[turn]
    assert (x, y) == pytest.approx(seen, abs=14)


def test_a_text_without_tags_has_none(found: object) -> None:
    assert found(pdfs.contract(3)) == []  # type: ignore[operator]


def test_white_text_counts_like_any(found: object) -> None:
    assert len(found(pdfs.tagged((72, 100, "{{sig:1}}"), white=True))) == 1  # type: ignore[operator]
