"""Texts with gaps: `Contract of {employee.lastName}`."""

import re
from collections.abc import Callable

_GAP = re.compile(r"\{([^{}\n]{1,120})\}")


def gaps(text: str) -> list[str]:
    """What the gaps are called, in their order."""
    return [found.strip() for found in _GAP.findall(text)]


def filled(text: str, value: Callable[[str], str]) -> str:
    """The text with its gaps filled; what is filled in is not looked at again."""
    return _GAP.sub(lambda gap: value(gap[1].strip()), text)
