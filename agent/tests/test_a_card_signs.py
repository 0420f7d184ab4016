from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from paraph import pades
from paraph.validation import Indication, validate
from paraph_agent import log
from paraph_agent.errors import Cancelled
from paraph_testing import pdfs
from paraph_testing.lending import Page, Person
from paraph_testing.pki import Pki
from paraph_testing.token import Token

Lend = Callable[..., None]


def passed(page: Page, pki: Pki) -> bool:
    """Whether every document came back with a signature that is mathematically right."""
    found = [pades.read(each) for each in page.signed]
    reports = [validate(each, trusted=pki.trusted, at=pki.at + timedelta(minutes=1)) for each in page.signed]
    return all(len(each) == 1 for each in found) and all(each.indication is Indication.TOTAL_PASSED for each in reports)


def test_with_a_pin_every_document_is_signed(page: Page, carol: Person, card: Token, pki: Pki, lend: Lend) -> None:
    page.documents["annex.pdf"] = pdfs.invoice(2)
    lend()
    assert passed(page, pki)
    assert len(page.signed) == 2
    assert [each.name for each in carol.requests[0].documents] == ["contract.pdf", "annex.pdf"]
    assert "Signed." in carol.shown[-1]


@pytest.mark.parametrize("algorithm", ["RSA_SHA256", "PSS_SHA256", "PSS_SHA512"])
def test_an_rsa_key_pads_as_the_platform_wants(page: Page, store: Path, pki: Pki, lend: Lend, algorithm: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    Token(store, "RSA").put(pki.seal_of(key, "Carol Petit"), "signature")
    page.algorithms = [algorithm]
    lend()
    assert passed(page, pki)


def test_a_wrong_pin_is_asked_again_and_told_apart(
    page: Page, carol: Person, card: Token, pki: Pki, lend: Lend
) -> None:
    carol.pins.insert(0, "9999")
    lend()
    assert carol.shown[0] == "pin"
    assert carol.shown[1].startswith("pin wrong")
    assert page.failures == ["wrong-pin"]
    assert passed(page, pki)


def test_a_card_that_is_not_there_is_waited_for(page: Page, carol: Person, card: Token, pki: Pki, lend: Lend) -> None:
    card.remove()
    carol.before_again.append(card.insert)
    lend()
    assert carol.shown[0] == "no-card"
    assert page.failures == ["no-card"]
    assert passed(page, pki)


def test_a_card_that_is_pulled_out_before_it_signs_may_come_back(
    page: Page, carol: Person, card: Token, pki: Pki, lend: Lend
) -> None:
    carol.before_pin.append(card.remove)
    carol.pins *= 2
    carol.before_again.append(card.insert)
    lend()
    assert page.failures == ["card-removed"]
    assert passed(page, pki)


def test_who_gives_up_signs_nothing(page: Page, carol: Person, card: Token, lend: Lend) -> None:
    carol.pins.clear()
    with pytest.raises(Cancelled):
        lend()
    assert page.signed == []
    assert page.failures == ["cancelled"]
    assert page.asked[-1][1]["final"]


def test_the_pin_is_written_nowhere(page: Page, card: Token, home: Path, lend: Lend) -> None:
    log.begin()
    lend()
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    told = repr(page.asked).encode()
    assert b"contract.pdf" in written
    assert b"1234" not in written
    assert b"'1234'" not in told
    assert (home / "agent.log").stat().st_mode & 0o077 == 0
