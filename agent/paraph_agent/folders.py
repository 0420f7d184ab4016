"""Where a program of this kind keeps its things on each system."""

import os
import sys
from pathlib import Path

_NAME = "paraph-agent"


def settings() -> Path:
    """Of this person, on this computer."""
    if own := os.environ.get("PARAPH_AGENT_HOME"):
        return _made(Path(own))
    if sys.platform == "win32":
        return _made(Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "Paraph Agent")
    if sys.platform == "darwin":
        return _made(Path.home() / "Library" / "Application Support" / "Paraph Agent")
    return _made(Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / _NAME)


def applications() -> Path:
    """Where the desktop looks for programs of this person, on Linux and macOS."""
    if sys.platform == "darwin":
        return Path.home() / "Applications"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "applications"


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
