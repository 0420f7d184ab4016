"""The agent's own windows, on a display that nobody sees."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from paraph_agent.cards import Card
from paraph_agent.desktop import Desktop
from paraph_agent.errors import Cancelled, Unreachable
from paraph_agent.links import Invitation
from paraph_agent.messages import Document, Request

REQUEST = Request(
    pairing="par_1",
    check="4712",
    organisation="Marchand & Co",
    sender="Alice Martin",
    signer="Carol Petit",
    title="Contract 42",
    documents=tuple(Document(f"doc_{number}", f"contract {number}.pdf", "ab" * 32, 3) for number in range(40)),
    algorithms=("ECDSA_SHA256",),
    seconds=600,
)
CARD = Card("module", 0, b"1", "Carol's card", has_pad=False, tries="last")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout
        yield f":{server.stdout.readline().decode().strip()}"
        server.terminate()


@pytest.fixture
def windows(display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    monkeypatch.setenv("DISPLAY", display)
    windows = Desktop()
    windows._root.after(20_000, lambda: windows._answer.set("no"))  # whatever goes wrong, it ends
    yield windows
    windows._root.destroy()


@pytest.fixture
def person(windows: Desktop) -> Callable[..., None]:
    """What she does next: types into the fields, then presses a button, or closes the window."""

    def next_(*typed: str, press: str | None = None, seen: list[str] | None = None) -> None:
        def act() -> None:
            if seen is not None:
                seen.extend(_texts(windows._frame))
            for field, text in zip(_all(windows._frame, "TEntry"), typed, strict=True):
                field.delete(0, "end")
                field.insert(0, text)
            if press is None:
                windows._answer.set("no")
            else:
                next(each for each in _all(windows._frame, "TButton") if each.cget("text") == press).invoke()

        windows._root.after(200, act)

    return next_


def _all(widget: Any, kind: str) -> list[Any]:
    found = [widget] if widget.winfo_class() == kind else []
    return found + [each for child in widget.winfo_children() for each in _all(child, kind)]


def _texts(widget: Any) -> list[str]:
    shown = [str(each.cget("text")) for each in _all(widget, "TLabel")]
    return shown + [each.get("1.0", "end") for each in _all(widget, "Text")]


def test_who_asks_and_for_what_is_shown_before_anything_else(windows: Desktop, person: Callable[..., None]) -> None:
    seen: list[str] = []
    person("4712", press="Yes, continue", seen=seen)
    windows.confirm(REQUEST, Invitation("https://sign.example.org", "K7QD9XMR", by_link=True), None)
    everything = "\n".join(seen)
    for words in ("https://sign.example.org", "never signed here", "Alice Martin, Marchand & Co", "contract 39.pdf"):
        assert words in everything


def test_another_number_than_the_pages_does_not_do(windows: Desktop, person: Callable[..., None]) -> None:
    person("0000", press="Yes, continue")
    windows._root.after(600, lambda: windows._answer.set("no"))
    with pytest.raises(Cancelled):
        windows.confirm(REQUEST, Invitation("https://sign.example.org", "K7QD9XMR", by_link=True), None)


def test_a_code_that_is_none_is_asked_again(windows: Desktop, person: Callable[..., None]) -> None:
    person("sign.example.org", "K7Q", press="Continue")
    windows._root.after(500, lambda: person("sign.example.org", "k7qd-9xmr", press="Continue"))
    assert windows.ask_invitation([]) == Invitation("https://sign.example.org", "K7QD9XMR", by_link=False)


def test_the_pin_is_hidden_and_the_last_try_is_said(windows: Desktop, person: Callable[..., None]) -> None:
    seen: list[str] = []
    windows._root.after(100, lambda: seen.extend(each.cget("show") for each in _all(windows._frame, "TEntry")))
    person("1234", press="Sign", seen=seen)
    assert windows.ask_pin(CARD, wrong=True) == "1234"
    assert seen[0] == "•"
    assert any("last try" in each for each in seen)


def test_closing_the_window_is_a_no(windows: Desktop, person: Callable[..., None]) -> None:
    person("", press=None)
    with pytest.raises(Cancelled):
        windows.ask_pin(CARD, wrong=False)


def test_what_fails_in_the_background_is_raised_in_front(windows: Desktop) -> None:
    def fail() -> None:
        raise Unreachable

    assert windows.during("Working …", lambda: 42) == 42
    with pytest.raises(Unreachable):
        windows.during("Working …", fail)
