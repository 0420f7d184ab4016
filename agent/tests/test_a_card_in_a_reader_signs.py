"""Through `pcscd` and OpenSC, as cards of administrations are reached: a virtual reader, and a PIV card in it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from paraph import pades
from paraph_agent.errors import LockedPin
from paraph_testing import pdfs
from paraph_testing.lending import Page, Person
from paraph_testing.piv import DRIVER, OPENSC, PIN, Card, Reader
from paraph_testing.pki import Pki

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not (shutil.which("pcscd") and DRIVER.exists() and OPENSC.exists()),
    reason="pcscd, vsmartcard-vpcd and opensc are not installed, or we may not start them",
)
Lend = Callable[..., None]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.fixture
def card(reader: Reader, pki: Pki, carol: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    monkeypatch.setenv("PARAPH_AGENT_MODULES", str(OPENSC))
    carol.pins = [PIN]
    with Card(pki.agent) as card:
        yield card


def test_the_pin_is_given_for_each_signature(page: Page, card: Card, lend: Lend) -> None:
    """A qualified signature's key wants it each time (CKA_ALWAYS_AUTHENTICATE); the person types it once."""
    page.documents["annex.pdf"] = pdfs.invoice(2)
    lend()
    assert [len(pades.read(each)) for each in page.signed] == [1, 1]
    assert card.signatures == 2


def test_wrong_pins_are_counted_and_the_lock_is_said(page: Page, carol: Person, card: Card, lend: Lend) -> None:
    carol.pins = ["111111", "222222", "333333", "444444"]
    with pytest.raises(LockedPin):
        lend()
    assert page.failures == ["wrong-pin", "wrong-pin", "locked-pin"]
    assert card.tries == 0
    assert carol.pins == ["444444"]
    assert page.signed == []


def test_one_wrong_pin_is_one_try(page: Page, carol: Person, card: Card, lend: Lend) -> None:
    carol.pins = ["111111", PIN]
    lend()
    assert len(page.signed) == 1
    assert page.failures == ["wrong-pin"]


def test_a_card_that_is_pulled_out_comes_back(page: Page, carol: Person, card: Card, lend: Lend) -> None:
    carol.before_pin.append(card.pull_out)
    carol.before_again.append(card.put_in)
    carol.pins = [PIN, PIN]
    lend()
    assert page.failures == ["card-removed"]
    assert len(page.signed) == 1


def test_an_empty_reader_is_waited_for(page: Page, carol: Person, card: Card, lend: Lend) -> None:
    card.pull_out()
    carol.before_again.append(card.put_in)
    lend()
    assert carol.shown[0] == "no-card"
    assert len(page.signed) == 1
