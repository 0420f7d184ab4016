"""Tags in a text that say where somebody signs: `{{sig:1}}`, or with a size in points `{{sig:2:150x60}}`."""

import re
from dataclasses import dataclass

MOST = 100
"""Signers that tags can speak of."""
WIDEST, NARROWEST, TALLEST, LOWEST = 1000, 20, 1000, 10
"""Points."""
_TAG = re.compile(r"\{\{\s*sig\s*:\s*([0-9]{1,3})\s*(?::\s*([0-9]{1,4})\s*x\s*([0-9]{1,4})\s*)?\}\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tag:
    """Where the block of the `signer`-th signer goes: its top left corner is that of the tag."""

    signer: int
    width: int | None = None
    height: int | None = None

    def __str__(self) -> str:
        return f"{{{{sig:{self.signer}{f':{self.width}x{self.height}' if self.width else ''}}}}}"


@dataclass(frozen=True, slots=True)
class Found:
    """A tag on a page, and where its text begins, in points from the page's top left corner."""

    tag: Tag
    page: int
    x: float
    y: float


def parse(written: str) -> Tag | None:
    """The tag, or None where what stands between the braces is something else."""
    match = _TAG.fullmatch(written.strip())
    if match is None or not 1 <= int(match[1]) <= MOST:
        return None
    if match[2] is None:
        return Tag(int(match[1]))
    width, height = int(match[2]), int(match[3])
    if not (NARROWEST <= width <= WIDEST and LOWEST <= height <= TALLEST):
        return None
    return Tag(int(match[1]), width, height)
