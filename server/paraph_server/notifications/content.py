"""What a message says: rendered from templates when it is asked for, then encrypted until it is delivered."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.utils import translation

from paraph_server.config.options import options
from paraph_server.notifications.kinds import KINDS, LANGUAGES
from paraph_server.notifications.models import Channel
from paraph_server.web.sealed import fernet


@dataclass(frozen=True, slots=True)
class Content:
    """A message in words; a text message has no subject and no HTML."""

    text: str
    subject: str = ""
    html: str = ""

    def encrypted(self) -> bytes:
        return fernet().encrypt(json.dumps(asdict(self)).encode())

    @classmethod
    def decrypt(cls, encrypted: bytes) -> "Content":
        return cls(**json.loads(fernet().decrypt(encrypted)))


def render(kind: str, channel: str, language: str, context: Mapping[str, object]) -> Content:
    """The words of a message; a language we do not write becomes English.

    Raises:
        KeyError: no such kind.
        TypeError: the context holds more or less than the kind needs.
    """
    if KINDS[kind] != context.keys():
        raise TypeError(f"A message of the kind {kind} needs exactly {', '.join(sorted(KINDS[kind]))}.")
    language = spoken(language)
    template = f"notifications/{kind}.{language}"
    values = {**context, "language": language, "public_url": options().public_url}
    with translation.override(language):
        if channel in {Channel.SMS, Channel.VOICE}:
            return Content(text=_line(f"{template}.{channel}.txt", values))
        return Content(
            subject=_line(f"{template}.subject.txt", values),
            text=render_to_string(f"{template}.txt", values),
            html=render_to_string(f"{template}.html", values),
        )


def spoken(language: str) -> str:
    """The language that somebody is written to in."""
    return language[:2].lower() if language[:2].lower() in LANGUAGES else "en"


def _line(template: str, values: Mapping[str, object]) -> str:
    """One line, whatever a name or a title contains: nobody adds a header to our e-mails."""
    return " ".join(render_to_string(template, dict(values)).split())
