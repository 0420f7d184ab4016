"""Both ends of a card agent: a signing page that can be told to misbehave, and a patient person.

with Page() as page:
    page.documents["annex.pdf"] = pdfs.invoice(2)
    flow.sign(Invitation(page.url, CODE, by_link=False), Person(), Platform(page.url))
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeVar

from cryptography import x509
from paraph import pades
from paraph.algorithms import SignatureAlgorithm
from paraph.signatures import Level, Pending
from paraph_agent.cards import Card, Credential
from paraph_agent.errors import AgentError, Cancelled
from paraph_agent.links import Invitation
from paraph_agent.messages import Request
from paraph_agent.remembered import Remembered

from paraph_testing import pdfs
from paraph_testing.token import PIN

CODE = "K7QD9XMR"
REDIRECTS = {301, 302, 307, 308}
T = TypeVar("T")


@dataclass
class Page:
    """What the platform answers; a test bends one of these methods to have it misbehave."""

    documents: dict[str, bytes] = field(default_factory=lambda: {"contract.pdf": pdfs.invoice()})
    algorithms: Sequence[str] = ("ECDSA_SHA256", "RSA_SHA256", "PSS_SHA256")
    asked: list[tuple[str, Any]] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    signed: list[bytes] = field(default_factory=list)
    state: str = "claimed"

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def claim(self, told: Any) -> tuple[int, Any]:
        if told["code"] != CODE:
            return 404, {"code": "NoSuchPairing", "detail": "This code is not known, or no longer good."}
        answer = {
            "protocol": 1,
            "id": "par_1",
            "check": "4712",
            "expiresIn": 600,
            "organisation": "Marchand & Co",
            "sender": "Alice Martin",
            "signer": "Carol Petit",
            "title": "Contract 42",
            "algorithms": list(self.algorithms),
            "documents": self.shown(),
        }
        return 200, answer

    def present(self, told: Any) -> tuple[int, Any]:
        certificate = x509.load_der_x509_certificate(base64.b64decode(told["certificate"]))
        chain = [x509.load_der_x509_certificate(base64.b64decode(each)) for each in told["chain"]]
        algorithm = SignatureAlgorithm[told["algorithm"]]
        self.pending = [
            pades.prepare(each, certificate, chain=chain, level=Level.B, at=datetime.now(UTC), algorithm=algorithm)
            for each in self.documents.values()
        ]
        self.state = "ready"
        return self.standing()

    def deliver(self, told: Any) -> tuple[int, Any]:
        values = [base64.b64decode(each["value"]) for each in told["signatures"]]
        self.signed = [
            pades.complete(pending, value, document)
            for pending, value, document in zip(self.pending, values, self.documents.values(), strict=True)
        ]
        self.state = "done"
        return self.standing()

    def standing(self) -> tuple[int, Any]:
        to_sign = self.to_sign() if self.state == "ready" else []
        return 200, {"protocol": 1, "state": self.state, "reason": "", "toSign": to_sign}

    def shown(self) -> list[dict[str, Any]]:
        return [
            {"id": f"doc_{number}", "name": name, "sha256": hashlib.sha256(content).hexdigest(), "pages": 1}
            for number, (name, content) in enumerate(self.documents.items())
        ]

    def to_sign(self) -> list[dict[str, Any]]:
        attributes = [
            base64.b64encode(pades.signed_attributes(pending, document)).decode()
            for pending, document in zip(self.pending, self.documents.values(), strict=True)
        ]
        return [shown | {"attributes": each} for shown, each in zip(self.shown(), attributes, strict=True)]

    def answer(self, method: str, path: str, told: Any) -> tuple[int, Any]:
        self.asked.append((f"{method} {path.removeprefix('/api/cards')}", told))
        match method, path.removeprefix("/api/cards").removeprefix("/pairings"):
            case "POST", "":
                return self.claim(told)
            case "PUT", "/par_1/certificate":
                return self.present(told)
            case "PUT", "/par_1/signatures":
                return self.deliver(told)
            case "POST", "/par_1/failure":
                return 200, {}
        return self.standing()

    @property
    def failures(self) -> list[str]:
        """What the signing page was told went wrong."""
        return [told["code"] for path, told in self.asked if path.endswith("/failure")]


def _handler(page: Page) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(None)

        def do_POST(self) -> None:
            self._reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        do_PUT = do_POST  # noqa: N815  its parent looks for that name

        def log_message(self, *arguments: object) -> None:
            """Tests read `asked` instead."""

        def _reply(self, told: Any) -> None:
            status, answer = page.answer(self.command, self.path, told)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            if status in REDIRECTS:
                self.send_header("Location", "https://mallory.example/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


@dataclass
class Person:
    """Answers what she is asked, and remembers what she was shown."""

    pins: list[str] = field(default_factory=lambda: [PIN])
    agrees: bool = True
    before_pin: list[Callable[[], None]] = field(default_factory=list)
    """What happens while she types it, each time."""
    before_again: list[Callable[[], None]] = field(default_factory=list)
    """What she does when something is missing, each time."""
    shown: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def ask_invitation(self, known: Sequence[Remembered]) -> Invitation:  # noqa: ARG002  she came with a code
        raise Cancelled

    def confirm(self, request: Request, invitation: Invitation, known: Remembered | None) -> None:  # noqa: ARG002
        self.requests.append(request)
        if not self.agrees:
            raise Cancelled

    def choose(self, credentials: Sequence[Credential]) -> Credential:
        return credentials[0]

    def ask_pin(self, card: Card, *, wrong: bool) -> str:
        self.shown.append(f"pin {'wrong ' if wrong else ''}{card.tries}".strip())
        if self.before_pin:
            self.before_pin.pop(0)()
        if not self.pins:
            raise Cancelled
        return self.pins.pop(0)

    def ask_again(self, fault: AgentError) -> None:
        self.shown.append(fault.code)
        if not self.before_again:
            raise Cancelled
        self.before_again.pop(0)()

    def during(self, what: str, work: Callable[[], T]) -> T:  # noqa: ARG002
        return work()

    def tell(self, message: str) -> None:
        self.shown.append(message)
