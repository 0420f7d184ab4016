"""What the agent says, in the person's language."""

import json
import locale
import os
from functools import cache
from importlib.resources import files


def say(english: str, **facts: object) -> str:
    """A sentence in the person's language, with its facts put in."""
    return (_french().get(english, english) if language() == "fr" else english).format(**facts)


@cache
def _french() -> dict[str, str]:
    return dict(json.loads((files(__package__) / "fr.json").read_text(encoding="utf-8")))


@cache
def language() -> str:
    """`fr` or `en`: by the variable for it, else as the system is set (`fr_FR`, on Windows `French_France`)."""
    chosen = os.environ.get("PARAPH_AGENT_LANGUAGE")
    if chosen:
        return _known(chosen)
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    found = next((each for each in names if each), None) or locale.getlocale()[0] or ""
    return _known(found)


def _known(name: str) -> str:
    return "fr" if name.lower().startswith("fr") else "en"
