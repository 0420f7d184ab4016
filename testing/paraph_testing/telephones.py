"""Providers of text messages and calls that reach nobody: they speak as OVH, Brevo and Twilio do, and report back.

with Telephones() as telephones:
    ...                       # the platform sends to telephones.url("twilio")
    telephones.taken[-1].text
    telephones.report(telephones.taken[-1], "delivered")
"""

import base64
import hashlib
import json
import threading
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlencode

KEY, SECRET, CONSUMER, SENDER, NUMBER = "AC42", "hush", "consumer", "Paraph", "+33939980100"
Refusal = tuple[HTTPStatus, dict[str, object]]


@dataclass(frozen=True)
class Taken:
    """A message that a provider took."""

    provider: str
    to: str
    text: str
    report: str = ""
    spoken: bool = False


class Telephones:
    """All three at one address of this machine; `busy` names those that answer 503."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.busy: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Door,), {"telephones": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, provider: str) -> str:
        """How an operator names the provider."""
        credentials = f"{KEY}:{SECRET}@{self.host}"
        return {
            "ovh": f"ovh+http://{credentials}/sms-xx1?consumer={CONSUMER}&sender={SENDER}",
            "brevo": f"brevo+http://{KEY}@{self.host}?sender={SENDER}",
            "twilio": f"twilio+http://{credentials}?from={NUMBER}",
        }[provider]

    def report(self, message: Taken, status: str) -> tuple[bytes, str]:
        """What the provider tells later: a body and its kind, for the address `message.report`."""
        if message.provider == "brevo":
            return json.dumps({"msg_status": status, "to": message.to.removeprefix("+")}).encode(), "application/json"
        name = "CallStatus" if message.spoken else "MessageStatus"
        return urlencode({name: status, "To": message.to}).encode(), "application/x-www-form-urlencoded"

    def send_report(self, message: Taken, status: str) -> int:
        """Tell it, over the network; the answer's status."""
        body, kind = self.report(message, status)
        request = urllib.request.Request(message.report, body, {"Content-Type": kind})
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)


class _Door(BaseHTTPRequestHandler):
    telephones: Telephones

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        speaks = {"1.0": _ovh, "v3": _brevo, "2010-04-01": _twilio}[self.path.split("/")[1]]
        status, answer = speaks(self, body)
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Nobody wants to read it."""

    def take(self, message: Taken, answer: dict[str, object]) -> Refusal:
        if message.provider in self.telephones.busy:
            return HTTPStatus.SERVICE_UNAVAILABLE, {"message": "Try again later"}
        self.telephones.taken.append(message)
        return HTTPStatus.CREATED, answer


def _ovh(door: _Door, body: bytes) -> Refusal:
    url = f"http://{door.telephones.host}{door.path}"
    at = door.headers["X-Ovh-Timestamp"]
    signed = f"{SECRET}+{CONSUMER}+POST+{url}+{body.decode()}+{at}"
    if door.headers["X-Ovh-Signature"] != "$1$" + hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest():
        return HTTPStatus.BAD_REQUEST, {"message": "Invalid signature"}
    said = json.loads(body)
    [number] = said["receivers"]
    if number.endswith("00"):
        return HTTPStatus.OK, {"ids": [], "validReceivers": [], "invalidReceivers": [number]}
    done: dict[str, object] = {"ids": [1], "validReceivers": [number], "invalidReceivers": [], "totalCreditsRemoved": 1}
    return door.take(Taken("ovh", number, said["message"]), done)


def _brevo(door: _Door, body: bytes) -> Refusal:
    if door.headers["api-key"] != KEY:
        return HTTPStatus.UNAUTHORIZED, {"code": "unauthorized", "message": "Key not found"}
    said = json.loads(body)
    if said["recipient"].startswith("+") or said["type"] != "transactional" or said["sender"] != SENDER:
        return HTTPStatus.BAD_REQUEST, {"code": "invalid_parameter", "message": "recipient, type or sender"}
    message = Taken("brevo", f"+{said['recipient']}", said["content"], said["webUrl"])
    return door.take(message, {"reference": "ab1cd2", "messageId": 1511882900176220, "smsCount": 1})


def _twilio(door: _Door, body: bytes) -> Refusal:
    if door.headers["Authorization"] != "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode():
        return HTTPStatus.UNAUTHORIZED, {"code": 20003, "message": "Authenticate", "status": 401}
    said = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    if said["From"] != NUMBER:
        return HTTPStatus.BAD_REQUEST, {"code": 21606, "message": "'From' is not yours", "status": 400}
    spoken = door.path.endswith("/Calls.json")
    words = said["Twiml" if spoken else "Body"]
    message = Taken("twilio", said["To"], words, said["StatusCallback"], spoken=spoken)
    return door.take(message, {"sid": "SM42", "status": "queued"})
