"""Those who carry messages: a mail server, an SMS provider.

Each takes a message, says in one line what the other side answered, or raises `NotDelivered`.
"""

import json
import smtplib
from typing import Protocol

from django.core.mail import EmailMultiAlternatives
from paraph import fetch
from paraph.errors import Unavailable

from paraph_server.config.options import options
from paraph_server.notifications.content import Content
from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.models import Channel, Message

PERMANENT = 500  # SMTP answers from here on refuse for good (RFC 5321 §4.2.1)


def carry(message: Message, content: Content) -> str:
    """Hand a message to whoever carries its kind."""
    if message.channel == Channel.SMS:
        return sms_provider().send(message.to, content.text)
    return _mail(message, content)


def _mail(message: Message, content: Content) -> str:
    mail = EmailMultiAlternatives(
        subject=content.subject,
        body=content.text,
        to=[message.to],
        headers={
            # The same at every attempt, so that a server which took it twice can tell.
            "Message-ID": f"<{message.pk}@{options().host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(content.html, "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise NotDelivered(f"{code} {_text(answer)}", permanent=code >= PERMANENT) from error
    except smtplib.SMTPDataError as error:
        raise NotDelivered(
            f"{error.smtp_code} {_text(error.smtp_error)}", permanent=error.smtp_code >= PERMANENT
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(str(error) or type(error).__name__) from error
    return "accepted by the mail server"


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


class SmsProvider(Protocol):
    """Whoever sends text messages for this installation."""

    def send(self, to: str, text: str) -> str: ...


class HttpSms:
    """A gateway that takes `{"to": "+33…", "text": "…"}` by POST and answers 2xx."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, to: str, text: str) -> str:
        body = json.dumps({"to": to, "text": text}).encode()
        try:
            answer = fetch.post(self._url, body, content_type="application/json")
        except Unavailable as error:
            raise NotDelivered(str(error)) from error
        reply = f"{answer.status} {answer.body[:200].decode(errors='replace')}".strip()
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - success, RFC 9110 §15.3
            raise NotDelivered(reply, permanent=answer.status in {400, 404, 410, 422})
        return reply


class NoSms:
    """No provider is configured: text messages fail at once, and visibly."""

    def send(self, to: str, text: str) -> str:  # noqa: ARG002 - the provider's signature
        raise NotDelivered("No SMS provider is configured (PARAPH_SMS_URL).", permanent=True)


def sms_provider() -> SmsProvider:
    return HttpSms(options().sms_url) if options().sms_url else NoSms()
