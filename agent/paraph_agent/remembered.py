"""The platforms that this person has signed for before: shown to them when one asks again, and theirs to forget.

Being remembered opens nothing: every request is confirmed. It makes the first time stand out, and an address that only
looks like one that is known.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from paraph_agent import folders

_MOST = 200


@dataclass(frozen=True, slots=True)
class Remembered:
    """A platform, and when it was last signed for."""

    origin: str
    organisation: str
    last: str
    """The day, ISO 8601."""


def everybody() -> list[Remembered]:
    """The last one first; what cannot be read is forgotten."""
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
        return [Remembered(str(each["origin"]), str(each["organisation"]), str(each["last"])) for each in known]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def of(origin: str) -> Remembered | None:
    return next((each for each in everybody() if each.origin == origin), None)


def remember(origin: str, organisation: str, at: datetime | None = None) -> None:
    day = (at or datetime.now(UTC)).date().isoformat()
    _keep([Remembered(origin, organisation, day), *(each for each in everybody() if each.origin != origin)][:_MOST])


def forget(origin: str) -> bool:
    """Whether it was known."""
    kept = [each for each in everybody() if each.origin != origin]
    if len(kept) == len(everybody()):
        return False
    _keep(kept)
    return True


def _keep(known: list[Remembered]) -> None:
    fresh = _file().with_suffix(".new")
    fresh.write_text(json.dumps([asdict(each) for each in known], ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(_file())


def _file() -> Path:
    return folders.settings() / "platforms.json"
