"""Each system is told in its own way whom to start, and finds drivers and language where it keeps them.

Nothing here runs on Windows or macOS: tested is what the agent decides there, and what it tells the system's own tools.
"""

import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Self

import pytest
from paraph_agent import folders, modules, registration, texts
from paraph_agent.errors import AgentError

POSIX_ONLY = ("fcntl", "grp", "posix", "pwd", "resource", "termios", "tty")


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A program of the system that notes what it was asked, and does a little more."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")

    def tool(name: str, more: str = "") -> Path:
        noted = tmp_path / f"{name}.asked"
        (place / name).write_text(f'#!/bin/sh\nfor each in "$@"; do echo "$each"; done >> \'{noted}\'\n{more}\n')
        (place / name).chmod(0o700)
        return noted

    return tool


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Their home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return tmp_path


def test_a_linux_desktop_is_told(tool: Callable[..., Path], person: Path) -> None:
    asked = tool("xdg-mime")
    registration.register()
    assert asked.read_text().split() == ["default", "paraph-agent.desktop", "x-scheme-handler/paraph-agent"]
    entry = (person / ".local/share/applications/paraph-agent.desktop").read_text()
    assert f"Exec={sys.executable} -m paraph_agent %u" in entry


def test_macos_gets_an_application(
    tool: Callable[..., Path], person: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """That takes the link from an event, and starts the agent with it."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "executable", '/Users/carol/my "own" venv/bin/python')
    monkeypatch.setattr(registration, "_LAUNCH_SERVICES", str(tmp_path / "bin"))
    described = tmp_path / "made.plist"
    described.write_bytes(plistlib.dumps({"CFBundleExecutable": "applet"}))
    compiled = tool("osacompile", f'mkdir -p "$2/Contents" && cp \'{described}\' "$2/Contents/Info.plist"')
    signed, registered = tool("codesign"), tool("lsregister")
    for _again in range(2):
        registration.register()
    place = person / "Applications" / "Paraph Agent.app"
    assert f"-o\n{place}\n-e\non open location link\n" in compiled.read_text()
    assert r"""do shell script "'/Users/carol/my \"own\" venv/bin/python' -m paraph_agent" &""" in compiled.read_text()
    about = plistlib.loads((place / "Contents" / "Info.plist").read_bytes())
    assert about["CFBundleExecutable"] == "applet"
    assert about["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["paraph-agent"]
    assert signed.read_text().splitlines()[-1] == registered.read_text().splitlines()[-1] == str(place)


class Registry(ModuleType):
    """Windows', as far as it is written to."""

    HKEY_CURRENT_USER, REG_SZ = "HKCU", 1

    def __init__(self) -> None:
        super().__init__("winreg")
        self.values: dict[str, str] = {}
        self._at = ""

    def CreateKey(self, root: str, path: str) -> Self:  # noqa: N802  Windows' name
        self._at = f"{root}\\{path}"
        return self

    def SetValueEx(self, _key: Self, name: str, _reserved: int, _kind: int, value: str) -> None:  # noqa: N802
        self.values[f"{self._at}\\{name}"] = value

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nothing is to be closed."""


@pytest.mark.parametrize("came_along", [True, False])
def test_windows_is_told_in_its_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, came_along: bool) -> None:
    """Without a black window behind the agent's own, where Python has what it takes; a link is one argument."""
    registry = Registry()
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    python = tmp_path / "python.exe"
    monkeypatch.setattr(sys, "executable", str(python))
    if came_along:
        (tmp_path / "pythonw.exe").touch()
    registration.register()
    key = r"HKCU\Software\Classes\paraph-agent"
    program = python.with_name("pythonw.exe") if came_along else python
    assert registry.values[rf"{key}\shell\open\command" + "\\"] == f'{program} -m paraph_agent "%1"'
    assert rf"{key}\URL Protocol" in registry.values


def test_without_windows_links_are_not_taken(monkeypatch: pytest.MonkeyPatch, person: Path) -> None:
    """They would open a program that nobody sees."""
    monkeypatch.setattr(registration.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(AgentError, match="install its Tk"):
        registration.register()
    assert not (person / ".local").exists()


def test_a_desktop_that_does_not_take_them_is_said_to(
    tool: Callable[..., Path],
    person: Path,
) -> None:
    tool("xdg-mime", "exit 3")
    with pytest.raises(AgentError, match="does not take the link scheme"):
        registration.register()


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("linux", ".config/paraph-agent"),
        ("darwin", "Library/Application Support/Paraph Agent"),
        ("win32", "Paraph Agent"),
    ],
)
def test_what_is_kept_lies_where_the_system_keeps_such_things(
    person: Path, monkeypatch: pytest.MonkeyPatch, system: str, place: str
) -> None:
    monkeypatch.delenv("PARAPH_AGENT_HOME")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(person))
    monkeypatch.setattr(sys, "platform", system)
    assert folders.settings() == person / place


@pytest.mark.parametrize(
    ("folder", "module"),
    [("PROGRAMFILES", "OpenSC Project/OpenSC/pkcs11/opensc-pkcs11.dll"), ("SYSTEMROOT", "System32/eTPKCS11.dll")],
)
def test_drivers_are_found_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, module: str
) -> None:
    monkeypatch.delenv("PARAPH_AGENT_MODULES")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "none"))
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path / "none"))
    monkeypatch.setenv(folder, str(tmp_path))
    there = tmp_path.joinpath(*module.split("/"))
    monkeypatch.setattr(modules, "_WINDOWS", tuple(each.replace("\\", "/") for each in modules._WINDOWS))
    there.parent.mkdir(parents=True)
    there.touch()
    assert modules.installed() == [str(there)]


@pytest.mark.parametrize(("preferred", "spoken"), [(["fr-FR", "en-US"], "fr"), (["de-DE"], "en"), ([], "en")])
def test_macos_says_which_language_its_person_prefers(
    person: Path, monkeypatch: pytest.MonkeyPatch, preferred: list[str], spoken: str
) -> None:
    for name in ("PARAPH_AGENT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    file = person / "Library/Preferences/.GlobalPreferences.plist"
    file.parent.mkdir(parents=True)
    file.write_bytes(plistlib.dumps({"AppleLanguages": preferred}, fmt=plistlib.FMT_BINARY))
    texts.language.cache_clear()
    try:
        assert texts.language() == spoken
    finally:
        texts.language.cache_clear()


def test_no_module_needs_what_only_some_systems_have() -> None:
    """Imported without anything of POSIX, and all but the windows without Tk."""
    package = Path(registration.__file__).parent
    names = [f"paraph_agent.{each.stem}" for each in package.glob("*.py") if each.stem not in {"__init__", "desktop"}]
    program = (
        f"import sys, importlib, ctypes, subprocess, httpx2, pkcs11\n"
        f"for name in {(*POSIX_ONLY, 'tkinter', '_tkinter')!r}: sys.modules[name] = None\n"
        f"for name in {sorted(names)!r}: importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_command_is_there() -> None:
    """As `pipx` and `uv tool` put it into the path."""
    command = shutil.which("paraph-agent", path=str(Path(sys.executable).parent))
    assert command
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.strip()
