"""Text messages over SMPP 3.4: as they travel, what is refused and why, and what became of them."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.accounts.models import Tenant
from paraph_server.config.options import Options
from paraph_server.journal.queries import about
from paraph_server.notifications import actions, queries, tasks, telephone
from paraph_server.notifications.errors import NotDelivered, NotYetKnown
from paraph_server.notifications.models import Message, Piece
from paraph_server.notifications.smpp import alphabets, pdus, receipts, session
from paraph_server.notifications.smpp.pdus import Pdu, Receipt
from paraph_server.notifications.telephone import Words
from paraph_server.webhooks.deliveries import of_message
from paraph_testing.cast import BOB
from paraph_testing.smsc import PASSWORD, SENDER, Smsc, Taken
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from pydantic import SecretStr

SHORT = "493827 est votre code, Bob !"
LONG = "Alice vous prie d’être à l’heure et de signer. " * 4


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    with Smsc() as running:
        yield running
        session.leave()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Receipt]:
    """What would have become a job."""
    heard: list[Receipt] = []
    monkeypatch.setattr(receipts, "note", heard.append)
    return heard


@pytest.fixture
def say(smsc: Smsc, told: list[Receipt]) -> Callable[..., telephone.Taken]:
    def say(text: str, to: str = BOB.phone_number, *, url: str = "") -> telephone.Taken:
        provider = telephone.Smsc(urlsplit(url or smsc.url))
        return provider.send(Words(to, text, "fr", "http://testserver/messages/msg_1"))

    return say


@pytest.fixture
def sent(tenant: Tenant, noon: datetime, smsc: Smsc, told: list[Receipt], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A message to Bob over this SMSC, tried once."""
    options = Options(sms_url=SecretStr(smsc.url), public_url="http://testserver")
    monkeypatch.setattr(telephone, "options", lambda: options)

    def sent(**more: Any) -> Message:
        words = {"code": "493827", "minutes": 10, "workflow_name": "Contrat"}
        message = actions.send(
            tenant, channel="sms", to=BOB.phone_number, kind="code", context=words | more, language="fr",
            about="wfl_1", recipient_id="rcp_bob", at=noon,
        )  # fmt: skip
        actions.attempt(message.pk, at=datetime.now(UTC))
        message.refresh_from_db()
        return message

    return sent


# ---------------------------------------------------------------- as they travel


def test_a_short_one_in_seven_bits(say: Callable[..., telephone.Taken], smsc: Smsc) -> None:
    answer = say('Code 493827 pour "l\'été", à 8 h')
    [taken] = smsc.taken
    assert (taken.sender, taken.to, taken.coding) == (SENDER, BOB.phone_number.removeprefix("+"), 0)
    assert (taken.text, taken.wants_receipt, taken.piece) == ('Code 493827 pour "l\'été", à 8 h', True, None)
    assert answer.references == (taken.reference,)


def test_what_seven_bits_cannot_say(say: Callable[..., telephone.Taken], smsc: Smsc) -> None:
    say("Ça va être signé 🖋")
    [taken] = smsc.taken
    assert (taken.coding, taken.text) == (8, "Ça va être signé 🖋")


@pytest.mark.parametrize(("text", "coding"), [(LONG, 8), ("Signez maintenant. " * 20, 0)])
def test_a_long_one_in_pieces(say: Callable[..., telephone.Taken], smsc: Smsc, text: str, coding: int) -> None:
    answer = say(text)
    assert {each.coding for each in smsc.taken} == {coding}
    assert "".join(each.text for each in smsc.taken) == text
    marks = [each.piece for each in smsc.taken]
    assert [(total, number) for _mark, total, number in filter(None, marks)] == [
        (len(marks), number) for number in range(1, len(marks) + 1)
    ]
    assert len({mark for mark, _total, _number in filter(None, marks)}) == 1
    assert len(answer.references) == len(marks) > 1


@given(st.text(max_size=900), st.integers(0, 255))
def test_nothing_is_torn_apart(text: str, mark: int) -> None:
    try:
        made = alphabets.encode(text, mark=mark)
    except UnicodeEncodeError:
        return  # half a surrogate pair is no text
    if made.coding != alphabets.UCS2:
        assert all(len(each) <= 160 for each in made.pieces)
        assert not any(each.endswith(b"\x1b") for each in made.pieces)
        return
    headers = 6 if len(made.pieces) > 1 else 0
    assert all(len(each) <= 140 for each in made.pieces)
    assert "".join(each[headers:].decode("utf-16-be") for each in made.pieces) == text


@pytest.mark.parametrize(
    ("sender", "written"),
    [
        ("Paraph", bytes([5, 0]) + b"Paraph\0"),
        ("+33939980100", bytes([1, 1]) + b"33939980100\0"),
        ("36105", bytes([3, 0]) + b"36105\0"),
        ("", bytes([0, 0, 0])),
    ],
)
def test_senders_are_names_numbers_or_short_codes(sender: str, written: bytes) -> None:
    [body] = pdus.submits(sender, BOB.phone_number, alphabets.encode("Hello", mark=1))
    assert body.startswith(bytes([0]) + written)


# ---------------------------------------------------------------- one session


def test_one_session_for_many_messages(say: Callable[..., telephone.Taken], smsc: Smsc) -> None:
    for number in range(3):
        say(f"{SHORT} {number}")
    assert (len(smsc.taken), smsc.heard.count(0x09), smsc.sessions) == (3, 1, 1)
    session.leave()
    smsc.until(lambda: smsc.sessions == 0)
    assert smsc.heard[-1] == 0x06


def test_a_new_one_after_it_hung_up(say: Callable[..., telephone.Taken], smsc: Smsc) -> None:
    say(SHORT)
    [known] = session._sessions.values()
    smsc.hang_up()
    smsc.until(lambda: known.closed)
    say(SHORT)
    assert (len(smsc.taken), smsc.heard.count(0x09)) == (2, 2)


def test_each_side_asks_whether_the_other_is_there(
    say: Callable[..., telephone.Taken], smsc: Smsc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "PAUSE", 0.1)
    say(SHORT)
    smsc.until(lambda: smsc.heard.count(0x15) >= 2)
    smsc.enquire()
    smsc.until(lambda: (0x15, 0) in smsc.answers)
    [known] = session._sessions.values()
    smsc.mute = True
    smsc.until(lambda: known.closed)


def test_what_is_not_understood_is_said_to_be(say: Callable[..., telephone.Taken], smsc: Smsc) -> None:
    say(SHORT)
    smsc.send_raw(0x0103, b"")
    smsc.until(lambda: (0x00, 0x03) in smsc.answers)
    smsc.send_raw(0x05, b"\xff" * 40)
    smsc.until(lambda: (0x05, 0) in smsc.answers)
    say(SHORT)


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("different", "words"),
    [
        ({"password": "letmein"}, "the password is wrong"),
        ({"password": PASSWORD, "user": "x"}, "the user is not known"),
    ],
)
def test_who_may_not_bind_is_told_why(
    say: Callable[..., telephone.Taken],
    smsc: Smsc,
    caplog: pytest.LogCaptureFixture,
    different: dict[str, str],
    words: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NotDelivered, match=words) as refusal:
        say(SHORT, url=smsc.written(**different))
    assert not refusal.value.permanent
    assert different["password"] not in f"{refusal.value}{caplog.text}{telephone.Smsc(urlsplit(smsc.url)).account!r}"


@pytest.mark.parametrize(
    ("status", "words", "permanent"),
    [(0x0B, "there is no such number", True), (0x58, "we send too fast", False), (0x400, "0x00000400", False)],
)
def test_what_is_not_taken(
    say: Callable[..., telephone.Taken], smsc: Smsc, status: int, words: str, *, permanent: bool
) -> None:
    smsc.refuses = status
    with pytest.raises(NotDelivered, match=words) as refusal:
        say(SHORT)
    assert refusal.value.permanent is permanent


def test_nobody_there(say: Callable[..., telephone.Taken], smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PATIENCE", 0.2)
    smsc.mute = True
    with pytest.raises(NotDelivered, match="does not answer"):
        say(SHORT)
    with pytest.raises(NotDelivered, match="cannot be reached"):
        say(SHORT, url="smpp://a:b@127.0.0.1:1?from=x")


# ---------------------------------------------------------------- what became of it


def take(receipt: Receipt, attempts: int = 0) -> None:
    """The job that a receipt becomes, after so many tries."""
    job = Job(id=1, lock=None, queueing_lock=None, queue="default", task_name=receipts.TAKE, attempts=attempts)
    context = JobContext(app=app, job=job, start_timestamp=0.0, abort_reason=lambda: None)
    tasks.take_receipt.func(context, receipt.reference, receipt.arrived, receipt.answer)


def hears(smsc: Smsc, told: list[Receipt], message: Taken, state: str, *, options: bool = False) -> Receipt:
    before = len(told)
    smsc.tell(message, state, options=options)
    smsc.until(lambda: len(told) > before)
    return told[-1]


@pytest.mark.parametrize("options", [False, True])
@pytest.mark.parametrize("decimal", [False, True])
def test_it_stands_in_the_timeline_once(
    sent: Callable[..., Message], smsc: Smsc, told: list[Receipt], tenant: Tenant, *, options: bool, decimal: bool
) -> None:
    smsc.decimal = decimal
    message = sent()
    for each in [*smsc.taken, *smsc.taken]:
        take(hears(smsc, told, each, "DELIVRD", options=options))
    timeline = of_message(Message.objects.get(pk=message.pk), None)["timeline"]
    assert [each["status"] for each in timeline] == ["queued", "sent", "delivered"]
    assert [entry.event for entry in about(tenant, ["wfl_1"])] == ["message:sent", "message:arrived"]
    assert not queries.expects_receipts(at=datetime.now(UTC))


@pytest.mark.parametrize("state", ["UNDELIV", "EXPIRED", "REJECTD"])
def test_what_did_not_arrive(sent: Callable[..., Message], smsc: Smsc, told: list[Receipt], state: str) -> None:
    message = sent()
    take(hears(smsc, told, smsc.taken[0], state))
    last = message.deliveries.last()
    assert last
    assert (last.accepted, last.answer) == (False, f"{state} 027")


def test_a_long_one_arrived_when_all_of_it_did(sent: Callable[..., Message], smsc: Smsc, told: list[Receipt]) -> None:
    message = sent(workflow_name="Règlement intérieur, édition de la fête, à lire et à signer")
    assert len(smsc.taken) > 1
    for each in smsc.taken:
        assert not message.deliveries.filter(reported=True).exists()
        take(hears(smsc, told, each, "DELIVRD"))
    assert message.deliveries.get(reported=True).accepted


def test_what_is_not_decided_yet_says_nothing(sent: Callable[..., Message], smsc: Smsc, told: list[Receipt]) -> None:
    sent()
    smsc.tell(smsc.taken[0], "ACCEPTD")
    smsc.until(lambda: (0x05, 0) in smsc.answers)
    assert told == []
    assert queries.expects_receipts(at=datetime.now(UTC))


def test_a_receipt_that_comes_before_its_message_is_on_record(tenant: Tenant) -> None:
    """It is tried again; in the end it was of a message of somebody else's."""
    early = Receipt("a1", arrived=True, answer="DELIVRD")
    with pytest.raises(NotYetKnown):
        take(early)
    take(early, attempts=tasks.TRIES)


def test_a_receipt_that_cannot_be_written_down_is_asked_for_again(
    say: Callable[..., telephone.Taken], smsc: Smsc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_receipt: Receipt) -> None:
        raise ConnectionError

    monkeypatch.setattr(receipts, "note", away)
    say(SHORT)
    smsc.tell(smsc.taken[0], "DELIVRD")
    smsc.until(lambda: (0x05, 0x64) in smsc.answers)


def test_somebody_listens_while_receipts_are_due(sent: Callable[..., Message], smsc: Smsc, told: list[Receipt]) -> None:
    sent()
    session.leave()
    smsc.until(lambda: smsc.sessions == 0)
    tasks.listen.func(0)
    for each in smsc.taken:
        take(hears(smsc, told, each, "DELIVRD"))
    session.leave()
    tasks.listen.func(0)
    assert smsc.heard.count(0x09) == 2


@pytest.mark.django_db(transaction=True)
def test_it_is_a_job_before_the_smsc_is_told_that_we_have_it(smsc: Smsc) -> None:
    words = Words(BOB.phone_number, SHORT, "fr", "")
    telephone.Smsc(urlsplit(smsc.url)).send(words)
    smsc.tell(smsc.taken[0], "DELIVRD")
    smsc.until(lambda: (0x05, 0) in smsc.answers)
    job = ProcrastinateJob.objects.get(task_name=receipts.TAKE)
    assert job.args == {"reference": smsc.taken[0].reference, "arrived": True, "answer": "DELIVRD"}


@given(st.binary(max_size=200))
def test_hostile_bytes_are_no_receipt(body: bytes) -> None:
    try:
        found = pdus.receipt(Pdu(0x05, 1, body))
    except ValueError:
        return
    assert found is None or found.reference


def test_another_organisation_sees_no_piece(sent: Callable[..., Message], other_tenant: Tenant) -> None:
    from paraph_server.accounts.tenancy import tenant_context  # noqa: PLC0415

    sent()
    assert Piece.objects.exists()
    with tenant_context(other_tenant):
        assert not Piece.objects.exists()
