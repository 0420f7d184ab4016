"""The addresses in a hierarchy's certificates, answered: status, lists and issuers, over real HTTP; and time-stamps.

with StatusService(at=noon) as service:
    Revocations(service.pki.trusted).collect([service.pki.seal.certificate], at=noon)
assert service.asked == ["POST /ocsp", "GET /crl/root.crl"]
"""

import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from cryptography.hazmat.primitives.serialization import Encoding

from paraph_testing.pki import Pki


class StatusService:
    """A hierarchy of its own, whose certificates point here.

    `broken` holds the paths that answer as a dead service does.
    """

    def __init__(self, at: datetime | None = None, *, port: int = 0) -> None:
        self.asked: list[str] = []
        self.broken: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self.pki = Pki(at, address=f"http://127.0.0.1:{self._server.server_port}")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def tsa(self) -> str:
        """The address of the time-stamp authority."""
        return f"{self.pki.address}/tsa"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: bytes) -> bytes | None:
        self.asked.append(f"{method} {path}")
        if path in self.broken:
            return None
        root, issuing = self.pki.revocation_lists()
        known = {
            "/crl/root.crl": root,
            "/crl/issuing.crl": issuing,
            "/ca/root.cer": self.pki.root.certificate.public_bytes(Encoding.DER),
            "/ca/issuing.cer": self.pki.issuing.certificate.public_bytes(Encoding.DER),
        }
        match path:
            case "/ocsp":
                return self.pki.ocsp(body)
            case "/tsa":
                return self.pki.timestamp(body)
            case _:
                return known.get(path)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # connections stay open, as with real services
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self._reply(service.answer("GET", self.path, b""))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self._reply(service.answer("POST", self.path, body))

            def log_message(self, *arguments: object) -> None:
                """Tests read `asked` instead."""

            def _reply(self, content: bytes | None) -> None:
                self.send_response(503 if content is None else 200)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

        return Handler
