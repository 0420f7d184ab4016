"""A server that answers as it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest
from paraph.client import Client, Patience

TOKEN = "act_123.secret"


@dataclass
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Scripted:
    """Answers with one after the other: a status and JSON, bytes or None (which hangs up), and headers."""

    answers: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api"

    def will(self, status: int, body: Any = b"", **headers: str) -> Self:
        self.answers.append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))
        return self

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        script = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                script.heard.append(Heard(self.command, self.path, headers, body))
                status, content, more = script.answers.pop(0)
                if content is None:
                    self.close_connection = True
                    return
                sent = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(sent))} | more).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(sent)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815  the standard library's names

            def log_message(self, *arguments: object) -> None:
                """Tests read `heard` instead."""

        return Handler


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as running:
        yield running


@pytest.fixture
def client(server: Scripted) -> Iterator[Client]:
    """It waits for nobody."""
    with Client(server.url, TOKEN, patience=Patience(first=0.0)) as client:
        yield client


@pytest.fixture
def workflow() -> Callable[..., dict[str, Any]]:
    """A workflow as the server writes it."""

    def workflow(identifier: str = "wfl_1", **more: Any) -> dict[str, Any]:
        return {
            "id": identifier,
            "name": "Contract 42",
            "workflowStatus": "draft",
            "userId": "usr_1",
            "tenantId": "ten_1",
            "created": 1_795_000_000_123,
            **more,
        }

    return workflow
