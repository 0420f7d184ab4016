"""The agent as a process, in a terminal of its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from paraph_testing.lending import CODE, Page
from paraph_testing.terminal import Terminal
from paraph_testing.token import PIN, Token


def test_from_the_code_to_the_signature(page: Page, card: Token, home: Path) -> None:
    terminal = Terminal("paraph_agent", "--terminal")
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
    terminal = Terminal("paraph_agent", "--terminal", link)
    terminal.type(typed, when="Type the number that the signing page shows")
    if signed:
        terminal.type(PIN, when="PIN of Carol's card")
    assert terminal.code() == (0 if signed else 1)
    assert len(page.signed) == signed


def test_it_listens_nowhere(page: Page, card: Token, home: Path) -> None:
    terminal = Terminal("paraph_agent", "--terminal", "--page", page.url, CODE)
    terminal.read_until("Do you want to sign this?")
    sockets = subprocess.run(["ss", "-tulnp"], capture_output=True, text=True, check=False).stdout
    assert f"pid={terminal.process.pid}," not in sockets
    terminal.type("no", when="Do you want to sign this?")
    assert terminal.code() == 1
    assert page.failures == ["cancelled"]


def test_platforms_are_remembered_and_forgotten(page: Page, card: Token, home: Path) -> None:
    terminal = Terminal("paraph_agent", "--terminal", "--page", page.url, CODE)
    terminal.type("yes", when="Do you want to sign this?")
    terminal.type("", when="PIN of Carol's card")
    terminal.code()

    def say(*arguments: str) -> str:
        command = [sys.executable, "-m", "paraph_agent", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert f"{page.url}  Marchand & Co" in say("platforms")
    assert "Forgotten" in say("forget", page.url)
    assert say("platforms") == ""
