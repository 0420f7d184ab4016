"""docs/guides/integrate.md, from its first command to its last, with Bob signing whatever comes."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paraph import evidence, pades
from paraph.client import Client
from paraph_testing import pdfs, visitor
from paraph_testing.cast import BOB
from paraph_testing.demo import Platform, Ports

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "integrate.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.platform
def test_a_developer_integrates(tmp_path: Path) -> None:
    with Platform(tmp_path / ".paraph", Ports.free()) as platform, Client(*_access(platform)) as alice:
        (tmp_path / "contract.pdf").write_bytes(pdfs.contract())
        script = "".join(_script(platform, tmp_path))
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with _signing(platform, alice):
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=tmp_path,
                env={"PATH": path, "HOME": str(tmp_path), "LANG": "C.UTF-8"},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        assert done.returncode == 0, done.stdout + done.stderr
        sent = [each.id for each in alice.workflows(status="finished")]
    assert "/invite?token=" in done.stdout
    assert len(sent) == 3
    signed = [tmp_path / name for name in ("signed.pdf", f"{sent[1]}.pdf", "signed-again.pdf")]
    assert all(len(pades.read(each.read_bytes())) == 1 for each in signed)
    proofs = [tmp_path / name for name in ("evidence-again.pdf", f"{sent[1]}-evidence.pdf", "evidence.pdf")]
    assert [evidence.read(each.read_bytes()).reference for each in proofs] == sent


def _access(platform: Platform) -> tuple[str, str]:
    return f"{platform.url}/api", platform.account.token


def _script(platform: Platform, folder: Path) -> Iterator[str]:
    """What is typed, one command after the other; programs are written under the name in their first line."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    api, token = _access(platform)
    placed = {"http://127.0.0.1:8000/api": api, "act_….…": token, "9000": port}
    for language, text in BLOCK.findall(GUIDE.read_text()):
        for shown, real in placed.items():
            text = text.replace(shown, real)  # noqa: PLW2901  one after the other
        if language == "sh":
            yield text
        elif language == "python":
            (folder / text.split("\n", 1)[0].removeprefix("# ")).write_text(text)


@contextmanager
def _signing(platform: Platform, alice: Client) -> Iterator[None]:
    """Bob signs every workflow that reaches him, until the end."""
    over = threading.Event()

    def sign() -> None:
        signed: set[str] = set()
        while not over.wait(0.5):
            for each in [each.id for each in alice.workflows(status="started") if each.id not in signed]:
                last = max((int(message["id"]) for message in visitor.messages(platform, BOB.email)), default=0)
                visitor.sign_at(platform, BOB, alice.invite(each, BOB.email), after=last)
                signed.add(each)

    bob = threading.Thread(target=sign)
    bob.start()
    try:
        yield
    finally:
        over.set()
        bob.join()
