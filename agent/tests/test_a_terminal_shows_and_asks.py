"""The agent as a process, in a terminal of its own."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from paraph_testing.lending import CODE, Page
from paraph_testing.token import PIN, Token


class Terminal:
    """A person at a terminal: reads until something is there, and types."""

    def __init__(self, *arguments: str) -> None:
        self._own, theirs = pty.openpty()
        command = [sys.executable, "-m", "paraph_agent", *arguments]
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.seen = ""

    def type(self, text: str, *, when: str) -> None:
        self.read_until(when)
        os.write(self._own, f"{text}\n".encode())

    def read_until(self, words: str) -> None:
        until = time.monotonic() + 20
        while words not in self.seen.replace("\r\n", "\n"):
            assert time.monotonic() < until, self.seen
            if select.select([self._own], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self._own, 4096).decode()
                except OSError:
                    assert words in self.seen, self.seen
                    return

    def code(self) -> int:
        return self.process.wait(20)


def test_from_the_code_to_the_signature(page: Page, card: Token, home: Path) -> None:
    terminal = Terminal("--terminal")
    terminal.type(page.url, when="Address of the signing page")
    terminal.type(CODE.lower(), when="Code that the signing page shows")
    terminal.type("yes", when="Do you want to sign this?")
    terminal.type(PIN, when="PIN of Carol's card")
    terminal.read_until("Signed.")
    assert terminal.code() == 0
    for words in (
        page.url,
        "never signed here",
        "Alice Martin, Marchand & Co, asks Carol Petit",
        "contract.pdf (1 page",
    ):
        assert words in terminal.seen
    assert PIN not in terminal.seen
    assert len(page.signed) == 1


@pytest.mark.parametrize(("typed", "signed"), [("4712", 1), ("", 0)])
def test_who_follows_a_link_types_the_number_that_the_page_shows(
    page: Page, card: Token, home: Path, typed: str, signed: int
) -> None:
    """Anybody can make a link; whoever looks at another page than the one that asks does not know the number."""
    link = f"paraph-agent://pair?origin={page.url.replace(':', '%3A').replace('/', '%2F')}&code={CODE}"
    terminal = Terminal("--terminal", link)
    terminal.type(typed, when="Type the number that the signing page shows")
    if signed:
        terminal.type(PIN, when="PIN of Carol's card")
    assert terminal.code() == (0 if signed else 1)
    assert len(page.signed) == signed


def test_it_listens_nowhere(page: Page, card: Token, home: Path) -> None:
    terminal = Terminal("--terminal", "--page", page.url, CODE)
    terminal.read_until("Do you want to sign this?")
    sockets = subprocess.run(["ss", "-tulnp"], capture_output=True, text=True, check=False).stdout
    assert f"pid={terminal.process.pid}," not in sockets
    terminal.type("no", when="Do you want to sign this?")
    assert terminal.code() == 1
    assert page.failures == ["cancelled"]


def test_platforms_are_remembered_and_forgotten(page: Page, card: Token, home: Path) -> None:
    terminal = Terminal("--terminal", "--page", page.url, CODE)
    terminal.type("yes", when="Do you want to sign this?")
    terminal.type("", when="PIN of Carol's card")
    terminal.code()

    def say(*arguments: str) -> str:
        command = [sys.executable, "-m", "paraph_agent", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert f"{page.url}  Marchand & Co" in say("platforms")
    assert "Forgotten" in say("forget", page.url)
    assert say("platforms") == ""
