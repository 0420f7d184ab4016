"""A program that is told and asked things over real HTTP."""

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass
class Listener:
    """What it heard, each with its headers (in small letters) and body; what it was asked for; how it answers."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: int = 200
    body: bytes = b""

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/heard"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self._answer()

            def do_GET(self) -> None:
                listener.asked.append(self.path)
                self._answer()

            def _answer(self) -> None:
                self.send_response(listener.status)
                if listener.status // 100 == 3:
                    self.send_header("Location", listener.url)
                self.send_header("Content-Length", str(len(listener.body)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # whoever asked may have heard enough
                    self.wfile.write(listener.body)

            def log_message(self, *arguments: object) -> None:
                """Tests read `heard` instead."""

        return Handler
