"""Text messages and calls by OVH, Brevo and Twilio: as each of them speaks, one after the other, and with reports."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal

import pytest
from django.test import Client
from paraph_server.accounts.models import Tenant
from paraph_server.config.options import Options
from paraph_server.journal.queries import about
from paraph_server.notifications import actions, telephone
from paraph_server.notifications.actions import send
from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.models import Message
from paraph_server.webhooks.deliveries import of_message
from paraph_testing.cast import BOB
from paraph_testing.telephones import Taken, Telephones
from pydantic import SecretStr

Channel = Literal["sms", "voice"]
CODE: dict[str, Any] = {
    "kind": "code",
    "context": {"code": "493827", "minutes": 10, "workflow_name": "Contrat d’été"},
    "about": "wfl_1",
    "recipient_id": "rcp_bob",
    "confidential": True,
}


@pytest.fixture
def telephones() -> Iterator[Telephones]:
    with Telephones() as running:
        yield running


@pytest.fixture
def configure(telephones: Telephones, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """An installation with these providers."""

    def configured(*providers: str) -> None:
        urls = SecretStr(" ".join(telephones.url(each) for each in providers))
        options = Options(sms_url=urls, public_url="http://testserver")
        monkeypatch.setattr(telephone, "options", lambda: options)

    return configured


@pytest.fixture
def sent(tenant: Tenant, noon: datetime) -> Callable[..., Message]:
    """A code to Bob, tried once."""

    def sent(channel: Channel = "sms", to: str = BOB.phone_number) -> Message:
        message = send(tenant, channel=channel, to=to, language="fr", at=noon, **CODE)
        actions.attempt(message.pk, at=noon)
        message.refresh_from_db()
        return message

    return sent


def tell(message: Taken, telephones: Telephones, status: str, *, at: str = "") -> int:
    body, kind = telephones.report(message, status)
    return Client().post(at or message.report.removeprefix("http://testserver"), body, content_type=kind).status_code


@pytest.mark.parametrize("provider", ["ovh", "brevo", "twilio"])
def test_each_takes_a_text_message_as_it_wants_it(
    configure: Callable[..., None], telephones: Telephones, sent: Callable[..., Message], provider: str
) -> None:
    configure(provider)
    assert sent().sent_at
    [taken] = telephones.taken
    assert (taken.provider, taken.to) == (provider, BOB.phone_number)
    assert taken.text.startswith("493827 est votre code")


def test_the_next_one_is_asked_when_one_is_busy(
    configure: Callable[..., None], telephones: Telephones, sent: Callable[..., Message]
) -> None:
    configure("ovh", "brevo", "twilio")
    telephones.busy = {"ovh", "brevo"}
    message = sent()
    assert [(each.carrier, each.accepted) for each in message.deliveries.all()] == [
        ("ovh", False),
        ("brevo", False),
        ("twilio", True),
    ]
    assert message.sent_at


def test_when_all_are_busy_it_is_tried_again_and_in_the_end_given_up(
    configure: Callable[..., None], telephones: Telephones, sent: Callable[..., Message], noon: datetime
) -> None:
    configure("brevo", "twilio")
    telephones.busy = {"brevo", "twilio"}
    message = sent()
    assert message.failed_at is None
    tries = 1
    while isinstance(actions.attempt(message.pk, at=noon), NotDelivered):
        tries += 1
    assert tries + 1 == actions.ATTEMPTS
    message.refresh_from_db()
    assert message.failed_at == noon


def test_a_number_that_nobody_has_fails_at_once(
    configure: Callable[..., None], sent: Callable[..., Message], noon: datetime
) -> None:
    configure("ovh")
    assert sent(to="+33639980100").failed_at == noon


def test_a_call_says_the_code_three_times_and_goes_to_who_telephones(
    configure: Callable[..., None], telephones: Telephones, sent: Callable[..., Message]
) -> None:
    configure("ovh", "twilio")
    assert sent("voice").sent_at
    [taken] = telephones.taken
    assert taken.spoken
    assert 'language="fr-FR"' in taken.text
    assert len(re.findall("4, 9, 3, 8, 2, 7", taken.text)) == 3


@pytest.mark.parametrize(
    ("provider", "status", "expected"),
    [
        ("twilio", "delivered", "delivered"),
        ("twilio", "undelivered", "failed"),
        ("brevo", "delivered", "delivered"),
        ("brevo", "hard_bounce", "failed"),
    ],
)
def test_what_became_of_it_stands_in_the_timeline_once(
    configure: Callable[..., None],
    telephones: Telephones,
    sent: Callable[..., Message],
    tenant: Tenant,
    provider: str,
    status: str,
    expected: str,
) -> None:
    configure(provider)
    message = sent()
    assert tell(telephones.taken[0], telephones, "sent") == 204
    assert of_message(message, None)["status"] == "sent"
    for _twice in range(2):
        assert tell(telephones.taken[0], telephones, status) == 204
    assert [each["status"] for each in of_message(Message.objects.get(), None)["timeline"]] == [
        "queued",
        "sent",
        expected,
    ]
    told = "message:arrived" if expected == "delivered" else "message:undelivered"
    assert [entry.event for entry in about(tenant, ["wfl_1"])] == ["message:sent", told]


def test_nobody_else_reports(
    configure: Callable[..., None], telephones: Telephones, sent: Callable[..., Message]
) -> None:
    configure("twilio")
    message = sent()
    for place in (f"/messages/{message.pk}/twilio/{'0' * 40}", f"/messages/{message.pk}/ovh/{'0' * 40}"):
        assert tell(telephones.taken[0], telephones, "delivered", at=place) == 404
    assert message.deliveries.count() == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"[" * 50_000, b"\xff", b'{"MessageStatus": {"a": 1}}'])
def test_what_makes_no_sense_changes_nothing(
    configure: Callable[..., None], telephones: Telephones, sent: Callable[..., Message], body: bytes
) -> None:
    configure("twilio")
    message = sent()
    place = telephones.taken[0].report.removeprefix("http://testserver")
    assert Client().post(place, body, content_type="application/json").status_code == 204
    assert message.deliveries.count() == 1


@pytest.mark.parametrize("written", ["ftp://example.org", "twilio+ftp://a:b@example.org", "+33612345678"])
def test_an_unknown_provider_is_a_mistake_that_is_seen_at_once(written: str) -> None:
    with pytest.raises(ValueError, match="must be addresses of the kinds"):
        Options(sms_url=SecretStr(written))
