from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from paraph import pades
from paraph.validation import Indication, validate
from paraph_agent import cards, log, modules
from paraph_agent.errors import AgentError, Cancelled, CardRefuses, CardRemoved, LockedPin, WrongPin
from paraph_testing import pdfs
from paraph_testing.lending import Page, Person
from paraph_testing.pki import Pki
from paraph_testing.token import PIN, Token
from pkcs11 import exceptions

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


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        (exceptions.PinLocked, LockedPin),
        (exceptions.PinIncorrect, WrongPin),
        (exceptions.PinLenRange, WrongPin),
        (exceptions.DeviceRemoved, CardRemoved),
        (exceptions.TokenNotPresent, CardRemoved),
        (exceptions.UserNotLoggedIn, CardRemoved),
        (exceptions.MechanismInvalid, CardRefuses),
        (exceptions.FunctionRejected, CardRefuses),
    ],
)
def test_what_a_card_says_is_told_apart(
    card: Token, said: type[Exception], understood: type[AgentError], monkeypatch: pytest.MonkeyPatch
) -> None:
    [credential] = cards.credentials(modules.installed(), at=datetime.now(UTC))

    def refuse(*_arguments: object) -> None:
        raise said

    monkeypatch.setattr(cards, "_signed", refuse)
    with pytest.raises(understood):
        cards.sign(credential, PIN, [b""], algorithm="ECDSA_SHA256")


def test_a_pin_that_is_locked_is_not_asked(
    page: Page, carol: Person, card: Token, lend: Lend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "_tries", lambda _flags: "locked")
    with pytest.raises(LockedPin):
        lend()
    assert carol.shown == []
    assert page.failures == ["locked-pin"]


def test_a_key_that_asks_for_each_signature_gets_the_pin_each_time(
    page: Page, card: Token, pki: Pki, lend: Lend
) -> None:
    """As those of qualified certificates do (CKA_ALWAYS_AUTHENTICATE)."""
    page.documents["annex.pdf"] = pdfs.invoice(2)
    card.ask_each_time(pki.agent)
    lend()
    assert passed(page, pki)
    assert len(page.signed) == 2


def test_only_certificates_for_signatures_are_offered(store: Path, pki: Pki) -> None:
    """Not one for signing in, not an expired one, not its issuer's."""
    old = Pki(pki.at - timedelta(days=30))
    token = Token(store, "Full")
    for number, signer in enumerate((pki.agent, old.bob, pki.timestamping_unit), start=1):
        token.put(signer, f"key {number}", number=number)
    found = [each.certificate for each in cards.credentials(modules.installed(), at=datetime.now(UTC))]
    assert pki.agent.certificate in found
    assert old.bob.certificate not in found
    assert pki.issuing.certificate not in found
