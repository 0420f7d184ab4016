"""Office files and pictures become PDFs: by LibreOffice, and by a program of our own (`picturing`), both confined."""

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from paraph_server.documents import confinement
from paraph_server.documents.errors import ConversionFailed, ConversionUnavailable, NotConvertible
from paraph_server.documents.kinds import HEIC, HTML, TEXT, Kind, Way
from paraph_server.web.errors import TooManyRequests

PACKAGES = "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
AT_ONCE = threading.BoundedSemaphore(2)
"""Conversions in one server process; each may take a gigabyte."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item></oor:items>
"""
"""No macro runs, and nothing that a document refers to is fetched."""


@contextmanager
def converted(kind: Kind, file: BinaryIO) -> Iterator[BinaryIO]:
    """A file as a PDF, open for as long as it is read.

    Raises:
        NotConvertible: nothing makes a PDF of this kind of file.
        ConversionUnavailable: LibreOffice is not installed.
        ConversionFailed: the file is damaged, or takes too long.
        TooManyRequests: others are being converted, and it would wait too long.
    """
    with _in_turn(), tempfile.TemporaryDirectory(prefix="paraph-conversion-") as name:
        folder = Path(name)
        command = _command(kind, folder)
        _lay_out(folder, kind, file)
        try:
            confinement.run(command, folder)
            result = (folder / "source.pdf").open("rb")
        except (confinement.Overrun, FileNotFoundError):
            raise ConversionFailed(
                _("This file could not be converted to PDF. Convert it on your computer, then upload the PDF.")
            ) from None
        with result:
            yield result


@contextmanager
def _in_turn() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=confinement.PATIENCE / 2):
        raise TooManyRequests(_("Many files are being converted at the moment. Try again soon."), retry_after=15)
    try:
        yield
    finally:
        AT_ONCE.release()


def office() -> str | None:
    """LibreOffice, where it is installed."""
    return shutil.which("soffice")


def _lay_out(folder: Path, kind: Kind, file: BinaryIO) -> None:
    file.seek(0)
    with (folder / f"source.{kind.extension}").open("wb") as target:
        shutil.copyfileobj(file, target, 2**20)
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS)


def _command(kind: Kind, folder: Path) -> list[str]:
    """The command that makes `source.pdf` of a file of this kind, in the folder where both lie."""
    source = f"source.{kind.extension}"
    if kind.way is Way.IMAGE:
        return [sys.executable, "-m", "paraph_server.documents.picturing", source, "source.pdf"]
    if kind.way is not Way.OFFICE:
        raise NotConvertible(_not_convertible(kind) % {"kind": kind.name})
    program = office()
    if program is None:
        raise ConversionUnavailable(
            _("Office files cannot be converted to PDF here: LibreOffice is not installed (%(packages)s).")
            % {"packages": PACKAGES}
        )
    reading = ["--infilter=Text (encoded):UTF8"] if kind is TEXT else []
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    return [program, "--headless", "--norestore", profile, *reading, "--convert-to", "pdf", source]


def _not_convertible(kind: Kind) -> str:
    if kind is HTML:
        return _("A web page shows what it loads, and is not converted: print it to a PDF, then upload that.")
    if kind is HEIC:
        return _("HEIC pictures are not converted: have your telephone save it as JPEG.")
    return _("This is %(kind)s, which cannot be converted to PDF.")
