import smtplib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from paraph_server.accounts.models import Tenant
from paraph_server.journal.queries import about
from paraph_server.notifications import actions, carriers
from paraph_server.notifications.actions import ATTEMPTS, send
from paraph_server.notifications.content import Content
from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.models import Message
from paraph_server.notifications.telephone import Gateway
from paraph_testing.cast import BOB
from paraph_testing.inbox import Inbox

CODE: dict[str, Any] = {
    "kind": "code",
    "context": {"code": "493827", "minutes": 10, "workflow_name": "Contrat d’été"},
    "about": "wfl_1",
    "recipient_id": "rcp_bob",
    "confidential": True,
}


@pytest.fixture
def by_email(tenant: Tenant, noon: datetime) -> Message:
    return send(tenant, channel="email", to=BOB.email, language="fr", at=noon, **CODE)


@pytest.fixture
def by_sms(tenant: Tenant, noon: datetime) -> Message:
    return send(tenant, channel="sms", to=BOB.phone_number, language="fr", at=noon, **CODE)


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(mail: EmailMessage) -> None:
        raise ConnectionRefusedError("Connection refused")

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


@pytest.fixture
def unknown_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(mail: EmailMessage) -> None:
        raise smtplib.SMTPRecipientsRefused({BOB.email: (550, b"5.1.1 no such user")})

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def test_an_email_arrives_in_both_forms(
    by_email: Message, run_jobs: Callable[[], int], mailoutbox: list[EmailMultiAlternatives]
) -> None:
    run_jobs()
    (mail,) = mailoutbox
    html = str(mail.alternatives[0][0])
    assert mail.to == [BOB.email]
    assert mail.subject == "Votre code pour signer : Contrat d’été"
    assert "493827" in mail.body
    assert "493827" in html
    assert mail.extra_headers["Message-ID"] == f"<{by_email.pk}@testserver>"


def test_the_timeline_tells_how_it_went(by_email: Message, run_jobs: Callable[[], int], mailoutbox: list[Any]) -> None:
    run_jobs()
    by_email.refresh_from_db()
    assert by_email.sent_at is not None
    assert [(delivery.accepted, delivery.answer) for delivery in by_email.deliveries.all()] == [
        (True, "accepted by the mail server")
    ]


def test_a_code_is_not_readable_in_the_database_and_gone_once_delivered(
    by_email: Message, run_jobs: Callable[[], int], mailoutbox: list[Any]
) -> None:
    assert b"493827" not in bytes(by_email.content or b"")
    run_jobs()
    by_email.refresh_from_db()
    assert by_email.content is None


def test_delivering_twice_sends_once(
    by_email: Message, run_jobs: Callable[[], int], mailoutbox: list[Any], noon: datetime
) -> None:
    run_jobs()
    assert actions.attempt(by_email.pk, at=noon) is None
    assert len(mailoutbox) == 1


def test_an_unreachable_server_is_tried_again_and_each_try_remains(
    by_email: Message, unreachable: None, noon: datetime
) -> None:
    for _attempt in range(ATTEMPTS - 1):
        assert isinstance(actions.attempt(by_email.pk, at=noon), NotDelivered)
    assert actions.attempt(by_email.pk, at=noon) is None
    by_email.refresh_from_db()
    assert by_email.failed_at == noon
    assert by_email.content is None
    assert by_email.deliveries.count() == ATTEMPTS


def test_a_refusal_for_good_is_not_tried_again(
    by_email: Message, unknown_there: None, noon: datetime, tenant: Tenant
) -> None:
    assert actions.attempt(by_email.pk, at=noon) is None
    by_email.refresh_from_db()
    assert by_email.failed_at == noon
    assert [entry.event for entry in about(tenant, ["wfl_1"])] == ["message:failed"]


def test_a_text_message_goes_through_the_gateway(
    by_sms: Message, monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> None:
    with Inbox() as inbox:
        monkeypatch.setattr(carriers, "providers", lambda **_speaking: (Gateway(urlsplit(inbox.sms_url)),))
        assert actions.attempt(by_sms.pk, at=noon) is None
        (sms,) = inbox.messages(to=BOB.phone_number)
    assert sms.text.startswith("493827 est votre code")
    by_sms.refresh_from_db()
    assert by_sms.sent_at == noon


def test_without_an_sms_provider_the_message_fails_and_says_why(by_sms: Message, noon: datetime) -> None:
    assert actions.attempt(by_sms.pk, at=noon) is None
    by_sms.refresh_from_db()
    assert by_sms.failed_at == noon
    assert "PARAPH_SMS_URL" in by_sms.deliveries.get().answer


def test_a_real_mail_server_takes_it(by_email: Message, settings: Any, noon: datetime) -> None:
    with Inbox() as inbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, _, port = inbox.smtp_url.removeprefix("smtp://").partition(":")
        settings.EMAIL_PORT = int(port)
        assert actions.attempt(by_email.pk, at=noon) is None
        assert "493827" in inbox.messages(to=BOB.email)[0].text


def test_words_are_fixed_when_the_message_is_asked_for(by_email: Message) -> None:
    assert "493827" in Content.decrypt(bytes(by_email.content or b"")).text
