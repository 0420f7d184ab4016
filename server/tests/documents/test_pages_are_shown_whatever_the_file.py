import io
from collections.abc import Iterator
from datetime import datetime

import pytest
from paraph_server.accounts.models import Tenant
from paraph_server.documents import actions, queries, renderer
from paraph_server.documents.errors import NoSuchPage, Unreadable
from paraph_server.documents.models import Part
from paraph_server.journal.actions import Actor
from paraph_testing import pdfs
from PIL import Image


@pytest.fixture
def contract(tenant: Tenant, by_alice: Actor, noon: datetime) -> Part:
    return actions.receive(tenant, io.BytesIO(pdfs.contract(2)), "contract.pdf", by=by_alice, at=noon)


@pytest.fixture
def broken(tenant: Tenant, noon: datetime) -> Part:
    return actions.keep(tenant, pdfs.not_a_pdf(), "broken.pdf", "application/pdf", at=noon)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A child that never answers."""
    renderer._renderer.stop()
    monkeypatch.setattr(renderer, "COMMAND", ("sleep", "60"))
    monkeypatch.setattr(renderer, "PATIENCE", 0.2)
    yield
    renderer._renderer.stop()


def test_a_page_is_drawn_as_wide_as_asked(contract: Part) -> None:
    image = Image.open(io.BytesIO(queries.page_image(contract, 1, 390)))
    assert (image.format, image.width) == ("WEBP", 390)


def test_a_page_can_be_read_aloud(contract: Part) -> None:
    assert len(queries.page_text(contract, 2).split()) > 10


def test_there_is_no_page_beyond_the_last(contract: Part) -> None:
    with pytest.raises(NoSuchPage):
        queries.page_image(contract, 3, 390)


def test_nobody_gets_an_image_larger_than_a_screen(contract: Part) -> None:
    assert Image.open(io.BytesIO(queries.page_image(contract, 1, 10**9))).width == queries.WIDEST


def test_a_broken_file_is_an_answer_and_the_next_one_works(broken: Part, contract: Part) -> None:
    with pytest.raises(Unreadable):
        queries.page_image(broken, 1, 390)
    assert queries.page_image(contract, 1, 390)


def test_a_file_that_keeps_the_renderer_busy_is_given_up(slow: None, contract: Part) -> None:
    with pytest.raises(Unreadable):
        queries.page_image(contract, 1, 390)


def test_a_renderer_that_died_is_replaced(contract: Part) -> None:
    assert queries.page_image(contract, 1, 390)
    child = renderer._renderer._child
    assert child is not None
    child.kill()
    child.wait()
    assert queries.page_image(contract, 1, 390)
