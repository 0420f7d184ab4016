"""Everybody's inbox: an SMTP server that delivers nowhere, a fake SMS gateway, and one page to read it all.

`python -m paraph_testing.inbox` serves until it is told to stop. Tests open one in their own process:

    with Inbox() as inbox:
        ...                                      # the platform sends to inbox.smtp_url and inbox.sms_url
        assert "code" in inbox.messages(to="bob@example.org")[0].text

Its page shows what strangers wrote: text is escaped, an e-mail's HTML sits in a sandboxed frame without scripts.
"""

import argparse
import asyncio
import html
import json
import re
import signal
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 200  # messages; older ones are forgotten
LARGEST_MAIL = 32 * 2**20
LARGEST_SMS = 64 * 2**10
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Received:
    """One message, as somebody would read it."""

    id: int
    channel: str  # email or sms
    at: str
    to: str
    sender: str
    subject: str
    text: str
    html: str
    attachments: tuple[str, ...]

    @property
    def links(self) -> list[str]:
        return LINK.findall(self.text)


class Inbox:
    """Receives on two ports (0: any free one) and remembers, in `file` too when given."""

    def __init__(self, *, http_port: int = 0, smtp_port: int = 0, file: Path | None = None) -> None:
        self._file = file
        remembered = json.loads(file.read_text()) if file and file.exists() else []
        self._kept = deque((Received(**{**one, "attachments": tuple(one["attachments"])}) for one in remembered), KEPT)
        self._numbers = count(self._kept[-1].id + 1 if self._kept else 1)
        self._arrival = threading.Condition()
        self._web = _WebServer(("127.0.0.1", http_port), self)
        self._loop = asyncio.new_event_loop()
        listening = self._loop.create_server(self._smtp, "127.0.0.1", smtp_port)
        self._mail = self._loop.run_until_complete(listening)
        self._threads = [
            threading.Thread(target=self._web.serve_forever, daemon=True),
            threading.Thread(target=self._loop.run_forever, daemon=True),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._web.shutdown()
        self._web.server_close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        for thread in self._threads:
            thread.join()
        self._mail.close()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._web.server_address[1]}/"

    @property
    def sms_url(self) -> str:
        return self.url + "sms"

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self._mail.sockets[0].getsockname()[1]}"

    def messages(self, *, to: str | None = None) -> list[Received]:
        """What came, newest first, for one address or for everybody."""
        with self._arrival:
            return [one for one in reversed(self._kept) if to is None or one.to == to]

    def wait(self, *, to: str, number: int = 1, patience: float = 10) -> list[Received]:
        """Wait until `number` messages for one address are there and return them, newest first.

        Raises:
            TimeoutError: they did not come.
        """
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.messages(to=to)) >= number, patience):
                raise TimeoutError(f"{number} messages expected for {to}, {len(self.messages(to=to))} came.")
            return self.messages(to=to)

    def keep(
        self,
        channel: str,
        to: str,
        text: str,
        *,
        sender: str = "",
        subject: str = "",
        html: str = "",
        attachments: tuple[str, ...] = (),
    ) -> Received:
        with self._arrival:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            message = Received(next(self._numbers), channel, at, to, sender, subject, text, html, attachments)
            self._kept.append(message)
            if self._file:
                fresh = self._file.with_suffix(".new")
                fresh.write_text(json.dumps([asdict(one) for one in self._kept]))
                fresh.replace(self._file)
            self._arrival.notify_all()
            return message

    # aiosmtpd calls its handler by this name.
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 — aiosmtpd's interface
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        for to in envelope.rcpt_tos:
            self.keep(
                "email",
                to,
                _body(mail, "plain"),
                sender=str(mail["From"] or envelope.mail_from),
                subject=str(mail["Subject"] or ""),
                html=_body(mail, "html"),
                attachments=tuple(part.get_filename() or "unnamed" for part in mail.iter_attachments()),
            )
        return "250 Kept"

    def _smtp(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=True, data_size_limit=LARGEST_MAIL, hostname="inbox.invalid")


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


# ---------------------------------------------------------------- the page


class _WebServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], inbox: Inbox) -> None:
        self.inbox = inbox
        super().__init__(address, _Pages)


class _Pages(BaseHTTPRequestHandler):
    server: _WebServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        inbox = self.server.inbox
        if self.headers.get("Host", "").partition(":")[0] not in {"127.0.0.1", "localhost"}:
            # A name that somebody pointed at this machine (DNS rebinding) must not read the codes.
            self._answer("text/plain", "Open this page as http://127.0.0.1.", HTTPStatus.MISDIRECTED_REQUEST)
        elif address.path == "/":
            self._answer("text/html; charset=utf-8", "".join(_page(inbox.messages())))
        elif address.path == "/messages.json":
            to = parse_qs(address.query).get("to", [None])[0]
            self._answer("application/json", json.dumps([asdict(one) for one in inbox.messages(to=to)]))
        elif address.path == "/inbox.js":
            self._answer("text/javascript", SCRIPT)
        elif address.path == "/health":
            self._answer("text/plain", "ok")
        else:
            self._answer("text/plain", "Nothing here.", HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if self.path != "/sms" or not size.isdecimal() or int(size) > LARGEST_SMS:
            self.close_connection = True
            self._answer("text/plain", "POST /sms takes a small JSON object.", HTTPStatus.BAD_REQUEST)
            return
        try:
            sms = json.loads(self.rfile.read(int(size)))
            message = self.server.inbox.keep("sms", str(sms["to"]), str(sms["text"]), sender=str(sms.get("from", "")))
        except (ValueError, KeyError, TypeError):
            self._answer("text/plain", 'Expected {"to": "+33…", "text": "…"}.', HTTPStatus.BAD_REQUEST)
        else:
            self._answer("application/json", json.dumps({"id": message.id}))

    def _answer(self, kind: str, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 — http.server's interface
        """Stay silent: the page shows what came."""


def _page(messages: list[Received]) -> Iterator[str]:
    yield TOP
    yield f'<main data-newest="{messages[0].id if messages else 0}"><h1>Inbox</h1>'
    if not messages:
        yield "<p>Nothing yet. E-mails and text messages that the platform sends arrive here.</p>"
    for number, one in enumerate(messages):
        yield f"<details{' open' if number == 0 else ''}><summary><b>{html.escape(one.subject or one.text[:60])}</b>"
        yield f"<small>{'SMS' if one.channel == 'sms' else 'E-mail'} to {html.escape(one.to)} · "
        yield f'<time datetime="{one.at}">{one.at[11:19]} UTC</time></small></summary>'
        text = f"<p class=text>{_with_links(one.text)}</p>"
        if one.html:
            framed = html.escape('<base target="_blank">' + one.html)
            yield '<iframe title="As HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" '
            yield f'srcdoc="{framed}"></iframe>'
            text = f"<details><summary>As text</summary>{text}</details>"
        yield text
        if one.attachments:
            yield f"<p>Attached: {html.escape(', '.join(one.attachments))}</p>"
        yield "</details>"
    yield "</main>"


def _with_links(text: str) -> str:
    """Escape a text and make its addresses clickable."""
    parts, end = [], 0
    for link in LINK.finditer(text):
        target = html.escape(link.group())
        parts += [html.escape(text[end : link.start()]), f'<a href="{target}" rel="noreferrer">{target}</a>']
        end = link.end()
    return "".join([*parts, html.escape(text[end:])])


TOP = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Inbox</title><script src="/inbox.js" defer></script>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 44rem; margin: auto; padding: 1rem; overflow-wrap: anywhere }
details { border: 1px solid #8886; border-radius: .5rem; margin: .75rem 0; padding: .75rem 1rem }
summary { cursor: pointer } summary b { display: inline-block } small { display: block; opacity: .75 }
.text { white-space: pre-wrap } iframe { width: 100%; height: 30rem; border: 0; background: #fff; margin-top: .75rem }
details details { border: 0; padding: 0 }
</style>
"""

SCRIPT = """// Shows new messages by itself, unless the reader is busy in an older one.
const newest = document.querySelector("main").dataset.newest;
setInterval(async () => {
  const messages = await (await fetch("/messages.json")).json();
  const reading = document.querySelectorAll("details details[open], main > details[open]").length > 1;
  if (messages.length && String(messages[0].id) !== newest && !reading) location.reload();
}, 2000);
"""


# ---------------------------------------------------------------- the command


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m paraph_testing.inbox", description="An inbox for everybody.")
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--smtp-port", type=int, default=8026)
    parser.add_argument("--file", type=Path, help="remember messages here")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Inbox(http_port=options.http_port, smtp_port=options.smtp_port, file=options.file) as inbox:
        print(f"Inbox at {inbox.url}, mail by {inbox.smtp_url}, SMS by {inbox.sms_url}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
