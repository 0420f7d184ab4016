"""What the agent says, in the person's language."""

import json
import locale
import os
import plistlib
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path


def say(english: str, **facts: object) -> str:
    """A sentence in the person's language, with its facts put in."""
    return (_french().get(english, english) if language() == "fr" else english).format(**facts)


@cache
def _french() -> dict[str, str]:
    return dict(json.loads((files(__package__) / "fr.json").read_text(encoding="utf-8")))


@cache
def language() -> str:
    """`fr` or `en`: by the variable for it, else as the system is set.

    That is `fr_FR`, on Windows `French_France`; on macOS, programs that are not started in a terminal are told nothing.
    """
    chosen = os.environ.get("PARAPH_AGENT_LANGUAGE")
    if chosen:
        return _known(chosen)
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return _known(next((each for each in names if each), None) or _of_macos() or locale.getlocale()[0] or "")


def _of_macos() -> str:
    """The first of the languages that its person prefers: `fr-FR`."""
    if sys.platform != "darwin":
        return ""
    try:
        settings = plistlib.loads((Path.home() / "Library/Preferences/.GlobalPreferences.plist").read_bytes())
        return str(settings["AppleLanguages"][0])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _known(name: str) -> str:
    return "fr" if name.lower().startswith("fr") else "en"
