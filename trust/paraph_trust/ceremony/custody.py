"""The secrets that open the keys: one passphrase in a file, or two that no single person knows."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from paraph_trust.authority.queries import ROOT
from paraph_trust.ceremony import sheets
from paraph_trust.ceremony.plan import Control
from paraph_trust.ceremony.sheets import Sheet
from paraph_trust.config.options import options
from paraph_trust.control import actions as officers
from paraph_trust.errors import InvalidRequest
from paraph_trust.keys import shares
from paraph_trust.keys.folder import KeyFolder, private


@dataclass(frozen=True, slots=True)
class Custody:
    """The passphrases of a ceremony's keys, and the sheets they were split over."""

    installation: bytes
    root: bytes
    sheets: tuple[Sheet, ...] = ()


def divide(control: Control | None, *, at: datetime) -> Custody:
    """Make both secrets, split over the holders; without dual control, one passphrase from its file serves for both.

    Raises:
        InvalidRequest: somebody has chosen a passphrase where nobody should.
    """
    if control is None:
        return Custody(options().passphrase(), options().passphrase())
    if options().passphrase_file.exists():
        raise InvalidRequest(f"Under dual control nobody chooses the passphrase: remove {options().passphrase_file}.")
    root, of_root = shares.split(needed=control.needed, holders=len(control.holders))
    installation, of_installation = shares.split(needed=control.needed, holders=len(control.holders))
    tokens = [officers.admit(name, at=at) for name in control.holders]
    sheets = [Sheet(*each) for each in zip(control.holders, of_root, of_installation, tokens, strict=True)]
    return Custody(installation, root, tuple(sheets))


def hand_out(custody: Custody, folder: Path | None, *, title: str, digest: str) -> None:
    """Give each holder a sheet, and leave the installation's secret where the service reads it.

    Raises:
        InvalidRequest: there is no folder for the sheets, or it is not empty.
    """
    if not custody.sheets:
        return
    if folder is None:
        raise InvalidRequest("The file asks for dual control: say with --sheets where the holders' sheets go.")
    sheets.write(folder, custody.sheets, title=title, digest=digest)
    _leave(custody.installation)


def root_secret(given: Sequence[Sheet]) -> bytes:
    """What opens the root's key: the holders' shares or, without dual control, the installation's passphrase."""
    return shares.join([sheet.root for sheet in given]) if given else options().passphrase()


def unlock(given: Sequence[Sheet]) -> None:
    """Bring the installation's secret back to where the service reads it, after the machine has forgotten it.

    Raises:
        InvalidRequest: these sheets do not open this installation's keys, or it is unlocked.
    """
    if options().passphrase_file.exists():
        raise InvalidRequest(f"It is unlocked: {options().passphrase_file} is there.")
    passphrase = shares.join([sheet.installation for sheet in given])
    KeyFolder(private(), passphrase).unlock(apart=ROOT)
    _leave(passphrase)


def _leave(passphrase: bytes) -> None:
    path = options().passphrase_file
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  a mode from birth
        file.write(passphrase)
