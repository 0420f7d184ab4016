"""Those who send text messages, and speak on the telephone: a generic gateway, OVH, Brevo, Twilio, an SMSC.

Each is named by an address in `PARAPH_SMS_URL`; the first is asked first, the next where it does not take a message::

    https://gateway.example.org/sms          POST {"to", "text", "channel", "language", "report"}, answered by 2xx
    ovh://KEY:SECRET@eu.api.ovh.com/SERVICE?consumer=KEY&sender=NAME
    brevo://KEY@api.brevo.com?sender=NAME
    twilio://SID:TOKEN@api.twilio.com?from=+33…
    smpps://USER:PASSWORD@smsc.example.org:3550?from=NAME     or smpp://, without TLS

What they report afterwards comes to an address that names the message and nobody can guess (`report_address`); an SMSC
tells it over its own connection, by the numbers that it gave (`Taken.references`).
"""

import base64
import hashlib
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlencode, urlsplit

from paraph import fetch
from paraph.errors import Unavailable

from paraph_server.config.options import TELEPHONES, options
from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.smpp import alphabets, receipts, session

FOR_GOOD = {400, 404, 410, 422}
"""Answers of HTTP after which asking again is no use."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be said to a number; `report` is where to tell what became of it."""

    to: str
    text: str
    language: str
    report: str
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What a provider answered that took a message."""

    answer: str
    references: tuple[str, ...] = ()
    """By what it will name the message, or each piece of it, where it cannot be told an address."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message that a provider had taken."""

    arrived: bool
    answer: str


class Provider(Protocol):
    """Whoever sends text messages for this installation, and perhaps telephones."""

    name: str

    def send(self, words: Words) -> Taken:
        """Hand words over, and say what was answered; raises `NotDelivered`."""
        ...

    def read(self, told: Mapping[str, str]) -> Report | None:
        """What a report says; nothing, if nothing is decided yet."""
        ...


class Gateway:
    """A gateway of one's own."""

    name = "gateway"

    def __init__(self, url: SplitResult) -> None:
        self._url = url.geturl()

    def send(self, words: Words) -> Taken:
        channel = "voice" if words.spoken else "sms"
        said = {"to": words.to, "text": words.text, "channel": channel, "language": words.language}
        return _post(self._url, json.dumps(said | {"report": words.report}).encode(), "application/json", {})

    def read(self, told: Mapping[str, str]) -> Report | None:
        """`status` is `delivered` or `failed`; `detail` says more."""
        return _read(told, "status", {"delivered"}, {"failed"}, "detail")


class Ovh:
    """OVHcloud's API of text messages; it reports to an address of the account, not of a message, so not to us."""

    name = "ovh"

    def __init__(self, url: SplitResult) -> None:
        self._key, self._secret = _credentials(url)
        self._consumer, self._sender = _given(url, "consumer"), _given(url, "sender")
        self._url = f"{_origin(url)}/1.0/sms/{url.path.strip('/')}/jobs"

    def send(self, words: Words) -> Taken:
        said = {"message": words.text, "receivers": [words.to], "sender": self._sender, "noStopClause": True}
        body = json.dumps(said)
        at = str(int(time.time()))
        signed = f"{self._secret}+{self._consumer}+POST+{self._url}+{body}+{at}"
        headers = {
            "X-Ovh-Application": self._key,
            "X-Ovh-Consumer": self._consumer,
            "X-Ovh-Timestamp": at,
            "X-Ovh-Signature": "$1$" + hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest(),
        }
        answer = _post(self._url, body.encode(), "application/json", headers)
        if '"invalidReceivers":["' in answer.answer.replace(" ", ""):
            raise NotDelivered(answer.answer, permanent=True)
        return answer

    def read(self, told: Mapping[str, str]) -> Report | None:  # noqa: ARG002  the protocol's
        return None


class Brevo:
    """Brevo's transactional text messages."""

    name = "brevo"

    def __init__(self, url: SplitResult) -> None:
        self._key, self._sender = _credentials(url)[0], _given(url, "sender")
        self._url = f"{_origin(url)}/v3/transactionalSMS/send"

    def send(self, words: Words) -> Taken:
        said = {
            "sender": self._sender,
            "recipient": words.to.removeprefix("+"),
            "content": words.text,
            "type": "transactional",
            "webUrl": words.report,
        }
        return _post(self._url, json.dumps(said).encode(), "application/json", {"api-key": self._key})

    def read(self, told: Mapping[str, str]) -> Report | None:
        failed = {
            "soft_bounce",
            "hard_bounce",
            "softBounce",
            "hardBounce",
            "rejected",
            "blocked",
            "blacklisted",
            "skip",
        }
        return _read(told, "msg_status", {"delivered"}, failed, "description")


class Twilio:
    """Twilio's messages and calls."""

    name = "twilio"

    def __init__(self, url: SplitResult) -> None:
        account, token = _credentials(url)
        self._from = _given(url, "from")
        self._headers = {"Authorization": "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode()}
        self._url = f"{_origin(url)}/2010-04-01/Accounts/{account}"

    def send(self, words: Words) -> Taken:
        said = {"To": words.to, "From": self._from, "StatusCallback": words.report}
        if words.spoken:
            language = {"fr": "fr-FR"}.get(words.language, "en-GB")
            said["Twiml"] = f'<Response><Say language="{language}">{escape(words.text)}</Say></Response>'
        else:
            said["Body"] = words.text
        target = f"{self._url}/{'Calls' if words.spoken else 'Messages'}.json"
        return _post(target, urlencode(said).encode(), "application/x-www-form-urlencoded", self._headers)

    def read(self, told: Mapping[str, str]) -> Report | None:
        if "CallStatus" in told:
            failed = {"busy", "no-answer", "failed", "canceled"}
            return _read(told, "CallStatus", {"completed"}, failed, "SipResponseCode")
        return _read(told, "MessageStatus", {"delivered"}, {"undelivered", "failed"}, "ErrorCode")


class Smsc:
    """The SMSC of a telephone network, over SMPP 3.4; what became of a message comes over the same session."""

    name = "smpp"

    def __init__(self, url: SplitResult) -> None:
        self.account = session.Account.of(url)

    def send(self, words: Words) -> Taken:
        try:
            text = alphabets.encode(words.text, mark=zlib.crc32(words.report.encode()) & 0xFF)
        except ValueError as fault:
            raise NotDelivered(str(fault), permanent=True) from None
        references = self.listen().submit(self.account.sender, words.to, text)
        return Taken(f"accepted by the SMSC as {', '.join(references)}", tuple(references))

    def listen(self) -> session.Session:
        """Be there when the SMSC tells what became of messages; raises `NotDelivered`."""
        return session.of(self.account, receipts.note)

    def read(self, told: Mapping[str, str]) -> Report | None:  # noqa: ARG002  the protocol's
        return None


KINDS: dict[str, type[Gateway | Ovh | Brevo | Twilio | Smsc]] = {
    "http": Gateway,
    "https": Gateway,
    "ovh": Ovh,
    "brevo": Brevo,
    "twilio": Twilio,
    "smpp": Smsc,
    "smpps": Smsc,
}


def providers(*, speaking: bool = False) -> tuple[Provider, ...]:
    """Those of this installation, in the order in which they are asked; for calls, those who telephone."""
    found = [urlsplit(each) for each in options().sms_url.get_secret_value().split()]
    named = [(each.scheme.partition("+")[0], each) for each in found]
    return tuple(KINDS[kind](url) for kind, url in named if TELEPHONES[kind] or not speaking)


def _post(url: str, body: bytes, content_type: str, headers: dict[str, str]) -> Taken:
    try:
        answer = fetch.post(url, body, content_type=content_type, headers=headers)
    except Unavailable as error:
        raise NotDelivered(str(error)) from error
    reply = f"{answer.status} {answer.body[:200].decode(errors='replace')}".strip()
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - success, RFC 9110 §15.3
        raise NotDelivered(reply, permanent=answer.status in FOR_GOOD)
    return Taken(reply)


def _read(told: Mapping[str, str], name: str, arrived: set[str], failed: set[str], more: str) -> Report | None:
    status = told.get(name, "")
    if status not in arrived | failed:
        return None
    return Report(status in arrived, " ".join(each for each in (status, told.get(more, "")) if each))


def _origin(url: SplitResult) -> str:
    """Over TLS, unless the scheme says `+http`, for a gateway on the same machine."""
    scheme = "http" if url.scheme.endswith("+http") else "https"
    return f"{scheme}://{url.netloc.rpartition('@')[2]}"


def _credentials(url: SplitResult) -> tuple[str, str]:
    return unquote(url.username or ""), unquote(url.password or "")


def _given(url: SplitResult, name: str) -> str:
    """A value from the address; a number's plus sign is not a space."""
    return parse_qs(url.query.replace("+", "%2B")).get(name, [""])[0]
