from datetime import datetime, timedelta

import pytest
from paraph.evidence import Means
from paraph_server.accounts.models import Tenant
from paraph_server.identification.actions import CODES_PER_HOUR, MOST_WRONG, issue_code, verify_code
from paraph_server.identification.errors import (
    BadAddress,
    ExpiredCode,
    GuessedTooOften,
    LockedCode,
    NoCode,
    TooManyCodes,
    UsedCode,
    WrongCode,
)
from paraph_server.identification.models import LIFETIME, TRIES, Code
from paraph_server.journal.queries import about
from paraph_testing.cast import BOB, CAROL

BOBS = "rcp_bob"
CAROLS = "rcp_carol"


@pytest.fixture
def code(tenant: Tenant, noon: datetime) -> str:
    return issue_code(tenant, subject=BOBS, channel="email", address=BOB.email, at=noon)


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_right_code_proves_the_address_it_was_sent_to(tenant: Tenant, code: str, noon: datetime) -> None:
    proof = verify_code(tenant, subject=BOBS, code=code, at=noon + timedelta(minutes=1))
    assert (proof.means, proof.address, proof.tries) == (Means.EMAIL_CODE, BOB.email, 1)
    assert (proof.issued_at, proof.verified_at) == (noon.isoformat(), (noon + timedelta(minutes=1)).isoformat())


def test_spaces_do_not_matter(tenant: Tenant, code: str, noon: datetime) -> None:
    assert verify_code(tenant, subject=BOBS, code=f" {code[:3]} {code[3:]}\n", at=noon)


def test_the_code_is_not_in_the_database(tenant: Tenant, code: str) -> None:
    row = str(Code.objects.values().get())
    assert code not in row
    assert not any(code in str(entry.payload.details) for entry in about(tenant, [BOBS]))


def test_a_wrong_code_says_how_many_tries_remain(tenant: Tenant, code: str, noon: datetime) -> None:
    with pytest.raises(WrongCode) as refusal:
        verify_code(tenant, subject=BOBS, code=other(code), at=noon)
    assert refusal.value.remaining == TRIES - 1


def test_five_wrong_tries_lock_the_code_even_for_the_right_one(tenant: Tenant, code: str, noon: datetime) -> None:
    for _try in range(TRIES - 1):
        with pytest.raises(WrongCode):
            verify_code(tenant, subject=BOBS, code=other(code), at=noon)
    for entered in (other(code), code):
        with pytest.raises(LockedCode):
            verify_code(tenant, subject=BOBS, code=entered, at=noon)


def test_a_code_is_good_once(tenant: Tenant, code: str, noon: datetime) -> None:
    verify_code(tenant, subject=BOBS, code=code, at=noon)
    with pytest.raises(UsedCode):
        verify_code(tenant, subject=BOBS, code=code, at=noon)


def test_a_code_expires(tenant: Tenant, code: str, noon: datetime) -> None:
    with pytest.raises(ExpiredCode):
        verify_code(tenant, subject=BOBS, code=code, at=noon + LIFETIME)


def test_a_new_code_replaces_the_old_one(tenant: Tenant, code: str, noon: datetime) -> None:
    new = issue_code(tenant, subject=BOBS, channel="email", address=BOB.email, at=noon + timedelta(seconds=1))
    if new != code:
        with pytest.raises(WrongCode):
            verify_code(tenant, subject=BOBS, code=code, at=noon + timedelta(seconds=2))
    assert verify_code(tenant, subject=BOBS, code=new, at=noon + timedelta(seconds=2))


def test_one_persons_code_is_not_anothers(tenant: Tenant, code: str, noon: datetime) -> None:
    with pytest.raises(NoCode):
        verify_code(tenant, subject=CAROLS, code=code, at=noon)


def test_nobody_asks_for_codes_without_end(tenant: Tenant, noon: datetime) -> None:
    ask = {"subject": BOBS, "channel": "email", "address": BOB.email}
    for minute in range(CODES_PER_HOUR):
        issue_code(tenant, at=noon + timedelta(minutes=minute), **ask)
    with pytest.raises(TooManyCodes) as refusal:
        issue_code(tenant, at=noon + timedelta(minutes=30), **ask)
    assert refusal.value.retry_after == 30 * 60 + 1
    assert issue_code(tenant, subject=CAROLS, channel="email", address=CAROL.email, at=noon + timedelta(minutes=30))
    assert issue_code(tenant, at=noon + timedelta(minutes=61), **ask)


def test_whoever_guesses_is_stopped_for_good_and_nobody_else(tenant: Tenant, noon: datetime) -> None:
    """However long they wait between the hours."""
    ask = {"subject": BOBS, "channel": "email", "address": BOB.email}
    for number in range(MOST_WRONG // TRIES):
        at = noon + timedelta(hours=number)
        code = issue_code(tenant, at=at, **ask)
        for _try in range(TRIES):
            with pytest.raises((WrongCode, LockedCode)):
                verify_code(tenant, subject=BOBS, code=other(code), at=at)
    with pytest.raises(GuessedTooOften):
        issue_code(tenant, at=noon + timedelta(days=7), **ask)
    assert issue_code(tenant, subject=CAROLS, channel="email", address=CAROL.email, at=noon + timedelta(days=7))


@pytest.mark.parametrize("number", ["+33 6 39 98 01 02", "06.39.98.01.02", "0033639980102"])
def test_telephone_numbers_are_known_by_their_canonical_form(tenant: Tenant, noon: datetime, number: str) -> None:
    code = issue_code(tenant, subject=BOBS, channel="sms", address=number, at=noon)
    assert verify_code(tenant, subject=BOBS, code=code, at=noon).address == "+33639980102"


@pytest.mark.parametrize(
    ("channel", "address"), [("sms", "hello"), ("sms", "12"), ("email", "bob"), ("email", "bob@example.org\r\nBcc: x")]
)
def test_an_address_that_is_none_is_refused(tenant: Tenant, noon: datetime, channel: str, address: str) -> None:
    with pytest.raises(BadAddress):
        issue_code(tenant, subject=BOBS, channel=channel, address=address, at=noon)


def test_the_journal_tells_every_try(tenant: Tenant, code: str, noon: datetime) -> None:
    with pytest.raises(WrongCode):
        verify_code(tenant, subject=BOBS, code=other(code), at=noon)
    verify_code(tenant, subject=BOBS, code=code, at=noon)
    assert [entry.event for entry in about(tenant, [BOBS])] == ["code:issued", "code:refused", "code:accepted"]
