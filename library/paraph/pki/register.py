"""What an authority has issued and revoked, in a file that only grows: one JSON object on each line."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from cryptography import x509

from paraph.errors import BrokenDocument, InputError
from paraph.pki.revocation import Revoked


class _Act(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"
    LISTED = "listed"


class Register:
    """Written by one command at a time; a line that a crash cut off counts as never written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def issued(self, certificate: x509.Certificate, *, at: datetime) -> None:
        """Write down a certificate before it is handed out."""
        with self._open() as file:
            serial, subject = certificate.serial_number, certificate.subject.rfc4514_string()
            until = certificate.not_valid_after_utc.isoformat()
            _append(file, act=_Act.ISSUED, at=at.isoformat(), serial=f"{serial:x}", subject=subject, until=until)

    def revoke(self, revoked: Revoked) -> None:
        """Write down that a certificate is no longer good.

        Raises:
            InputError: it was not issued here, or was revoked already.
        """
        with self._open() as file:
            entries, serial = _entries(file), f"{revoked.serial:x}"
            if not any(each["act"] == _Act.ISSUED and each["serial"] == serial for each in entries):
                raise InputError("This authority has not issued that certificate.")
            for each in _revoked(entries):
                if each.serial == revoked.serial:
                    raise InputError(f"That certificate was revoked on {each.at:%Y-%m-%d} already.")
            _append(file, act=_Act.REVOKED, at=revoked.at.isoformat(), serial=serial, reason=revoked.reason.value)

    def list_next(self, *, at: datetime) -> tuple[int, list[Revoked]]:
        """The number of a new revocation list, never given again, and what belongs on it."""
        with self._open() as file:
            entries = _entries(file)
            number = sum(each["act"] == _Act.LISTED for each in entries) + 1
            _append(file, act=_Act.LISTED, at=at.isoformat(), number=number)
        return number, _revoked(entries)

    @contextmanager
    def _open(self) -> Iterator[BinaryIO]:
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _entries(file: BinaryIO) -> list[dict[str, Any]]:
    file.seek(0)
    *whole, _ = file.read().split(b"\n")
    try:
        return [json.loads(line) for line in whole]
    except ValueError as error:
        raise BrokenDocument(f"The register of the authority is damaged: {error}") from None


def _revoked(entries: list[dict[str, Any]]) -> list[Revoked]:
    return [
        Revoked(int(each["serial"], 16), datetime.fromisoformat(each["at"]), x509.ReasonFlags(each["reason"]))
        for each in entries
        if each["act"] == _Act.REVOKED
    ]


def _append(file: BinaryIO, **entry: Any) -> None:
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)
    file.write(json.dumps(entry).encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())
