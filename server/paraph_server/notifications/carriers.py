"""Those who carry messages: a mail server, and the providers of text messages and calls (`telephone`).

Each takes a message and says what the other side answered, or raises `NotDelivered`.
"""

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives

from paraph_server.config.options import options
from paraph_server.notifications import reports
from paraph_server.notifications.content import Content
from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.models import Channel, Message
from paraph_server.notifications.telephone import Provider, Taken, Words, providers

PERMANENT = 500  # SMTP answers from here on refuse for good (RFC 5321 §4.2.1)


@dataclass(frozen=True, slots=True)
class Carrier:
    """One of those to whom a message can be handed."""

    name: str
    carry: Callable[[Message, Content], Taken]


def of(message: Message) -> Sequence[Carrier]:
    """Those who carry messages of this kind, in the order in which they are asked; perhaps nobody."""
    if message.channel == Channel.EMAIL:
        return [Carrier("mail", _mail)]
    return [_by(each) for each in providers(speaking=message.channel == Channel.VOICE)]


def _by(provider: Provider) -> Carrier:
    def carry(message: Message, content: Content) -> Taken:
        report, spoken = reports.address(message, provider.name), message.channel == Channel.VOICE
        return provider.send(Words(message.to, content.text, message.language, report, spoken=spoken))

    return Carrier(provider.name, carry)


def _mail(message: Message, content: Content) -> Taken:
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
    return Taken("accepted by the mail server")


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
