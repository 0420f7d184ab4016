"""What a platform, or whoever sits in its place, may try in order to have something else signed than was shown."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from paraph import pades
from paraph.algorithms import Digest
from paraph_agent import attributes, messages
from paraph_agent.errors import AgentError, Misbehaves, NotAsShown, Refused, TooOld, Unreachable
from paraph_testing import pdfs
from paraph_testing.lending import Page, Person
from paraph_testing.pki import Pki
from paraph_testing.token import Token

Lend = Callable[..., None]


def bend(page: Page, name: str, change: Callable[[Any], Any]) -> None:
    """Have one of the page's answers changed on its way."""
    honest = getattr(page, name)

    def bent(*told: Any) -> tuple[int, Any]:
        status, answer = honest(*told)
        changed = change(answer)
        return status, answer if changed is None else changed

    setattr(page, name, bent)


def nothing_was_signed(page: Page, carol: Person) -> bool:
    return page.signed == [] and not any(shown.startswith("pin") for shown in carol.shown)


def one_more(answer: Any) -> None:
    answer["toSign"] += [answer["toSign"][0] | {"id": "doc_9", "name": "debt.pdf"}] if answer["toSign"] else []


def one_less(answer: Any) -> None:
    answer["toSign"] = answer["toSign"][1:]


def twice(answer: Any) -> None:
    answer["toSign"] *= 2


def renamed(answer: Any) -> None:
    for each in answer["toSign"]:
        each["name"] = "debt.pdf"


def exchanged(answer: Any) -> None:
    for each in answer["toSign"]:
        each["sha256"] = "0" * 64


def a_bare_digest(answer: Any) -> None:
    for each in answer["toSign"]:
        each["attributes"] = base64.b64encode(bytes(32)).decode()


def a_message_to_the_bank(answer: Any) -> None:
    for each in answer["toSign"]:
        each["attributes"] = base64.b64encode(b"Pay Mallory a fortune.").decode()


@pytest.mark.parametrize(
    "change", [one_more, one_less, twice, renamed, exchanged, a_bare_digest, a_message_to_the_bank]
)
def test_only_what_was_shown_is_signed(
    page: Page, carol: Person, card: Token, lend: Lend, change: Callable[[Any], None]
) -> None:
    page.documents["annex.pdf"] = pdfs.invoice(2)
    bend(page, "standing", change)
    with pytest.raises(NotAsShown):
        lend()
    assert nothing_was_signed(page, carol)
    assert page.failures == ["not-as-shown"]


def test_a_signature_by_another_certificate_is_not_made(page: Page, pki: Pki) -> None:
    """Its attributes are bound to Bob's certificate, and Carol's card is asked."""
    pending = pades.prepare(pdfs.invoice(), pki.bob.certificate, at=pki.at)
    signed = pades.signed_attributes(pending, pdfs.invoice())
    attributes.check(signed, pki.bob.certificate, "sha256")
    with pytest.raises(NotAsShown):
        attributes.check(signed, pki.agent.certificate, "sha256")


def test_what_is_signed_is_the_digest_of_the_attributes(pki: Pki) -> None:
    pending = pades.prepare(pdfs.invoice(), pki.bob.certificate, at=pki.at)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(pades.signed_attributes(pending, pdfs.invoice()))
    assert pending.digest == Digest(pending.digest.algorithm, digest.finalize())


def test_a_certificate_request_is_no_document(pki: Pki) -> None:
    """Signed data of any other kind has another form: here the part of a certificate that its issuer signs."""
    with pytest.raises(NotAsShown):
        attributes.check(pki.bob.certificate.tbs_certificate_bytes, pki.bob.certificate, "sha256")


@pytest.mark.parametrize("newer", [2, 99, "1", None])
def test_a_newer_protocol_is_refused(page: Page, carol: Person, card: Token, lend: Lend, newer: object) -> None:
    bend(page, "claim", lambda answer: answer | {"protocol": newer})
    with pytest.raises(TooOld):
        lend()
    assert carol.requests == []


@pytest.mark.parametrize(
    "change",
    [
        lambda _answer: [],
        lambda _answer: "hello",
        lambda answer: answer | {"documents": []},
        lambda answer: answer | {"documents": answer["documents"] * 2},
        lambda answer: answer | {"documents": answer["documents"] * 6000},
        lambda answer: answer | {"algorithms": ["RSA_SHA1", "NONE"]},
        lambda answer: answer | {"id": "../../elsewhere"},
        lambda answer: answer | {"check": "<b>1</b>"},
        lambda answer: answer | {"sender": None},
        lambda _answer: {"protocol": 1},
    ],
)
def test_an_answer_of_another_form_ends_it(
    page: Page, carol: Person, card: Token, lend: Lend, change: Callable[[Any], Any]
) -> None:
    bend(page, "claim", change)
    with pytest.raises(Misbehaves):
        lend()
    assert carol.requests == []


def test_an_endless_answer_is_cut_off(page: Page, lend: Lend) -> None:
    page.claim = lambda _told: (200, b"[" + b" " * (17 * 2**20))  # type: ignore[method-assign,return-value]
    with pytest.raises(Misbehaves):
        lend()


def test_nobody_is_followed_elsewhere(page: Page, lend: Lend) -> None:
    page.claim = lambda _told: (302, b"{}")  # type: ignore[method-assign]
    with pytest.raises(AgentError):
        lend()
    assert len(page.asked) == 1


def test_a_wrong_code_is_said_in_the_platforms_words(page: Page, lend: Lend) -> None:
    with pytest.raises(Refused, match="no longer good"):
        lend(code="AAAAAAAA")


def test_a_platform_that_stumbles_is_asked_again_with_the_same_secret(page: Page, card: Token, lend: Lend) -> None:
    honest, stumbles = page.claim, [503, 502]

    def stumbling(told: Any) -> tuple[int, Any]:
        return (stumbles.pop(), {}) if stumbles else honest(told)

    page.claim = stumbling  # type: ignore[method-assign]
    lend()
    claims = [told["secret"] for path, told in page.asked if path == "POST /pairings"]
    assert len(claims) == 3
    assert len(set(claims)) == 1
    assert page.signed


def test_a_platform_that_is_away_is_not_asked_for_ever(page: Page, lend: Lend) -> None:
    page.claim = lambda _told: (503, {})  # type: ignore[method-assign]
    with pytest.raises(Unreachable):
        lend()
    assert len(page.asked) == 5


def test_what_cannot_be_seen_in_a_name_is_made_visible() -> None:
    assert messages.text("invoice\u202efdp.exe") == "invoice�fdp.exe"
    assert messages.text("a\x1b[2Jb\nc") == "a�[2Jb�c"
    assert len(messages.text("x" * 5000)) == messages.LONGEST_TEXT


def test_what_the_platform_says_no_to_is_shown(page: Page, carol: Person, card: Token, lend: Lend) -> None:
    def refuse(_told: Any) -> tuple[int, Any]:
        return 200, {"protocol": 1, "state": "refused", "reason": "Another person’s card.", "toSign": []}

    page.present = refuse  # type: ignore[method-assign]
    with pytest.raises(AgentError):
        lend()
    assert carol.shown == ["refused"]


def test_a_pairing_that_is_over_ends_it(page: Page, carol: Person, card: Token, lend: Lend) -> None:
    page.present = lambda _told: (409, {"code": "PairingOver", "detail": "Over."})  # type: ignore[method-assign]
    with pytest.raises(AgentError):
        lend()
    assert nothing_was_signed(page, carol)
