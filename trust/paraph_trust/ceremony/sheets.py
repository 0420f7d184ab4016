"""The sheets that holders carry away: on each a share of both secrets, and the token for approvals.

They are written once, to a folder that is not the service's own (a memory stick, a printer's), and forgotten here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from paraph_trust.errors import InvalidRequest

_TITLE, _ROOT, _INSTALLATION, _TOKEN = "Sheet of", "root", "installation", "approvals"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one holder keeps."""

    holder: str
    root: str
    """The share of what opens the root's key."""
    installation: str
    """The share of what opens all other keys."""
    token: str


def write(folder: Path, sheets: Sequence[Sheet], *, title: str, digest: str) -> None:
    """Write a file for each holder, for its owner's eyes only.

    Raises:
        InvalidRequest: the folder is not empty: sheets are never overwritten.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InvalidRequest(f"{folder} is not empty: name an empty folder for the sheets.")
    for number, sheet in enumerate(sheets, 1):
        path = folder / f"sheet-{number}.txt"
        path.touch(mode=0o600)
        path.write_text(_text(sheet, title, digest), encoding="utf-8")


def read(path: Path) -> Sheet:
    """Read a sheet back.

    Raises:
        InvalidRequest: it is not one.
    """
    try:
        lines = [line.partition(":") for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise InvalidRequest(f"The sheet {path} cannot be read.") from None
    found = {name.strip(): value.strip() for name, _, value in lines}
    try:
        return Sheet(found[_TITLE], found[_ROOT], found[_INSTALLATION], found[_TOKEN])
    except KeyError as missing:
        raise InvalidRequest(f"{path} is not a sheet of a ceremony: it lacks the line {missing}.") from None


def _text(sheet: Sheet, title: str, digest: str) -> str:
    return f"""{_TITLE}: {sheet.holder}

{title}
SHA-256 of the ceremony file {digest}

Keep this where only you can get it, and show it to nobody. Alone it opens nothing.

{_ROOT}: {sheet.root}

{_INSTALLATION}: {sheet.installation}

{_TOKEN}: {sheet.token}
"""
