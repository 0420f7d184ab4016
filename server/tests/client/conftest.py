"""The server over real HTTP, and the client of the library that calls it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paraph.cli import run
from paraph.client import Client
from paraph_testing import pdfs
from paraph_testing.program import Program
from pytest_django.live_server_helper import LiveServer

Said = tuple[int, str, str]


@pytest.fixture
def address(transactional_db: None, live_server: LiveServer) -> str:
    """Of the API; what tests write is committed, for the server's own connections to see."""
    return f"{live_server.url}/api"


@pytest.fixture
def paraph(address: str, api: Program) -> Iterator[Client]:
    """Alice's program."""
    with Client(address, api.token) as client:
        yield client


@pytest.fixture
def command(
    address: str, api: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Alice at a terminal: run a command; its exit code and what it said on both channels."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARAPH_API", address)
    monkeypatch.setenv("PARAPH_TOKEN", api.token)
    Path("contract.pdf").write_bytes(pdfs.contract())
    Path("terms.pdf").write_bytes(pdfs.invoice())

    def command(*words: str) -> Said:
        code = run(["workflow", *words])
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return command
