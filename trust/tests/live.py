"""A live trust service in its own processes, as an operator runs it: `paraph-trust`, nothing imported."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CEREMONY = Path(__file__).resolve().parents[1] / "ceremonies" / "demo.toml"
PATIENCE = 20.0


@dataclass
class Service:
    """One installation: a database, a folder of keys, a port."""

    folder: Path
    database_url: str
    port: int
    tokens: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("PARAPH_TRUST_")} | {
            "PARAPH_TRUST_DATABASE_URL": self.database_url,
            "PARAPH_TRUST_KEYS_DIR": str(self.folder / "keys"),
            "PARAPH_TRUST_PASSPHRASE_FILE": str(self.folder / "passphrase"),
            "PARAPH_TRUST_PUBLIC_URL": self.url,
            **self.options,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `paraph-trust` to its end."""
        command = [sys.executable, "-m", "paraph_trust", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=60)

    def admit(self, name: str) -> None:
        admitted = self.run("client", "add", name)
        assert admitted.returncode == 0, admitted.stderr
        self.tokens[name] = admitted.stdout.strip()

    def start(self, *, healthy: bool = True) -> None:
        """Start serving and wait until it answers, and answers that it is well."""
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "paraph_trust", "serve", "--port", str(self.port)]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        patience = time.monotonic() + PATIENCE
        while not (self.answers() if healthy else not free(self.port)):
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < patience, self.log()
            time.sleep(0.05)

    def post(self, call: str, body: object, *, client: str = "server") -> tuple[int, dict[str, Any]]:
        """Call the CSC API as a client; the body may be any object, or bytes as they are."""
        headers = {"Content-Type": "application/json"}
        if client:
            headers["Authorization"] = f"Bearer {self.tokens.get(client, client)}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/csc/v2/{call}", content, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=30) as answer:
            return bytes(answer.read())

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/health", timeout=5)
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)

    def kill(self) -> None:
        """Kill without warning: the parent dies at once, and must take its worker along."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        patience = time.monotonic() + PATIENCE
        while not free(self.port):
            assert time.monotonic() < patience, "the worker outlived its parent"
            time.sleep(0.01)

    def log(self) -> str:
        return (self.folder / "log").read_text()


def free(port: int) -> bool:
    """Whether nobody listens on a port."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return candidate.connect_ex(("127.0.0.1", port)) != 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as candidate:
        return int(candidate.getsockname()[1])
