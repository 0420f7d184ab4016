"""Making the system open `paraph-agent://…` links with this program, for this person."""

import shlex
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


def register() -> None:
    """Tell the desktop, or the registry.

    Raises:
        AgentError: on macOS, where the installed application itself says which links it opens.
    """
    command = [sys.executable, "-m", "paraph_agent"]
    if sys.platform == "win32":
        _in_the_registry(subprocess.list2cmdline([*command, "%1"]))
    elif sys.platform == "darwin":
        raise AgentError(say("On macOS, the Paraph Agent application opens these links; install it."))
    else:
        _on_the_desktop(shlex.join(command))


def _on_the_desktop(command: str) -> Path:
    place = folders.applications() / f"{SCHEME}.desktop"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(_DESKTOP.format(command=command.replace("%", "%%"), scheme=SCHEME), encoding="utf-8")
    known = ["xdg-mime", "default", place.name, f"x-scheme-handler/{SCHEME}"]
    try:
        subprocess.run(known, check=True, capture_output=True)  # noqa: S603  our own words
    except (OSError, subprocess.CalledProcessError) as fault:
        raise AgentError(say("The desktop does not take the link scheme: {fault}", fault=str(fault))) from None
    return place


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
