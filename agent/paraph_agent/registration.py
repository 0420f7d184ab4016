"""Making the system open `paraph-agent://…` links with this program, for this person."""

import importlib.util
import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from paraph_agent import folders
from paraph_agent.errors import AgentError
from paraph_agent.links import SCHEME
from paraph_agent.texts import say

_DESKTOP = """[Desktop Entry]
Type=Application
Name=Paraph Agent
Exec={command} %u
NoDisplay=true
Terminal=false
MimeType=x-scheme-handler/{scheme};
"""
_SCRIPT = """on open location link
	do shell script {command} & " " & quoted form of link & " > /dev/null 2>&1 &"
end open location"""
_LAUNCH_SERVICES = "/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support"


def register() -> None:
    """Tell the desktop, the registry, or macOS by an application of our own.

    Raises:
        AgentError: the system does not take it, or there would be no window to ask in.
    """
    if importlib.util.find_spec("tkinter") is None:
        raise AgentError(say("Links open the agent in a window, and this Python can show none: install its Tk."))
    if sys.platform == "win32":
        _in_the_registry(subprocess.list2cmdline([_without_console(), "-m", "paraph_agent"]) + ' "%1"')
    elif sys.platform == "darwin":
        _as_an_application(shlex.join([sys.executable, "-m", "paraph_agent"]))
    else:
        _on_the_desktop(shlex.join([sys.executable, "-m", "paraph_agent"]))


def _on_the_desktop(command: str) -> None:
    place = folders.applications() / f"{SCHEME}.desktop"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(_DESKTOP.format(command=command.replace("%", "%%"), scheme=SCHEME), encoding="utf-8")
    _run("xdg-mime", "default", place.name, f"x-scheme-handler/{SCHEME}")


def _as_an_application(command: str) -> None:
    """A small application starts the agent: links are handed to nothing else on macOS, and as an event."""
    place = folders.applications() / "Paraph Agent.app"
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    literal = command.replace("\\", "\\\\").replace('"', '\\"')
    _run("osacompile", "-o", str(place), "-e", _SCRIPT.format(command=f'"{literal}"'))
    file = place / "Contents" / "Info.plist"
    opens = {"CFBundleURLName": "Paraph Agent", "CFBundleURLSchemes": [SCHEME]}
    about = {"CFBundleIdentifier": "org.paraph.agent", "LSUIElement": True, "CFBundleURLTypes": [opens]}
    file.write_bytes(plistlib.dumps(plistlib.loads(file.read_bytes()) | about))
    _run("codesign", "--force", "--sign", "-", str(place))  # what was compiled had another description
    _run(f"{_LAUNCH_SERVICES}/lsregister", "-f", str(place))


def _without_console() -> str:
    """Python as programs with windows are started on Windows, if it came along."""
    quiet = Path(sys.executable).with_name("pythonw.exe")
    return str(quiet) if quiet.is_file() else sys.executable


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own words
    except (OSError, subprocess.CalledProcessError) as fault:
        raise AgentError(say("The desktop does not take the link scheme: {fault}", fault=str(fault))) from None


def _in_the_registry(command: str) -> None:
    import winreg  # noqa: PLC0415  only Windows has it

    root = winreg.HKEY_CURRENT_USER  # type: ignore[attr-defined,unused-ignore]
    key = rf"Software\Classes\{SCHEME}"
    for path, name, value in (
        (key, "", "URL:Paraph Agent"),
        (key, "URL Protocol", ""),
        (rf"{key}\shell\open\command", "", command),
    ):
        with winreg.CreateKey(root, path) as place:  # type: ignore[attr-defined,unused-ignore]
            winreg.SetValueEx(place, name, 0, winreg.REG_SZ, value)  # type: ignore[attr-defined,unused-ignore]
