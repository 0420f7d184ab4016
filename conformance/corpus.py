"""Sign PDFs that nobody here made, and look at what became of them.

    python -m conformance.corpus FOLDER…

Every PDF below the folders is either signed with its earlier content unchanged — the same bytes, pages that look the
same by pixel, one more signature that Poppler finds valid — or refused with a reason. Crashes, hangs and changed pages
fail the run. `SOURCES` are public collections worth trying; their licences forbid some of them to be copied here.
"""

import contextlib
import multiprocessing
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

import pypdfium2
from paraph import pades
from paraph.errors import ParaphError
from paraph.keys.file import FileSigner
from paraph_testing.pki import Pki

SOURCES = {
    "https://github.com/mozilla/pdf.js": "test/pdfs",
    "https://github.com/qpdf/qpdf": "qpdf/qtest",
    "https://github.com/MatthiasValvekens/pyHanko": "pyhanko_tests/data/pdf",
    "https://github.com/veraPDF/veraPDF-corpus": ".",
}
PATIENCE = 10.0  # seconds for one document
JUDGE_PATIENCE = 30.0  # seconds for Poppler, which some documents keep busy for ever
PAGES = 5  # of each document are compared


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: `signed`, `refused: CODE`, or a fault."""

    kind: str
    detail: str = ""

    @property
    def sound(self) -> bool:
        return self.kind.startswith(("signed", "refused"))


class Attempts:
    """A process that signs one document after the other, and is replaced when it hangs or dies."""

    def __init__(self) -> None:
        self._spawn = multiprocessing.get_context("spawn")
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()

    def on(self, path: Path) -> Outcome:
        self._pipe.send(path)
        with contextlib.suppress(EOFError):
            if self._pipe.poll(PATIENCE):
                return self._judge(path, self._pipe.recv())
            self._restart()
            return Outcome("hung")
        self._restart()
        return Outcome("died")

    def _judge(self, path: Path, answer: bytes | Outcome) -> Outcome:
        return answer if isinstance(answer, Outcome) else compare(path.read_bytes(), answer)

    def _start(self) -> None:
        self._pipe, other = self._spawn.Pipe()
        self._process = self._spawn.Process(target=_sign_all, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def _restart(self) -> None:
        self._process.kill()
        self._process.join()
        self._start()


def _sign_all(pipe: Connection) -> None:
    key = Pki().seal
    while True:
        pipe.send(_sign(pipe.recv(), key))


def _sign(path: Path, key: FileSigner) -> bytes | Outcome:
    try:
        return pades.sign(path.read_bytes(), key, at=datetime.now(UTC))
    except ParaphError as refusal:
        return Outcome(f"refused: {refusal.code}", str(refusal))
    except Exception as fault:  # noqa: BLE001  whatever it is, it should have been a refusal
        return Outcome("crashed", f"{type(fault).__name__}: {fault}")


# ---------------------------------------------------------------- what a signed document must still be


def compare(document: bytes, signed: bytes) -> Outcome:
    if not signed.startswith(document):
        return Outcome("changed", "the earlier bytes are not those of the document")
    if _looks_different(document, signed):
        return Outcome("changed", "a page looks different")
    ours = [each for each in (_poppler(signed) or "").split("Signature #") if "Total document signed" in each]
    if _poppler(document) is not None and not any("Signature is Valid" in each for each in ours):
        return Outcome("invalid", "Poppler does not find the signature valid")
    try:
        whole = any(each.covers_whole_document for each in pades.read(signed))
    except ParaphError as fault:
        return Outcome("signed, as damaged as before") if _unreadable(document) else Outcome("unreadable", str(fault))
    return Outcome("signed") if whole else Outcome("unreadable", "no signature covers the whole document")


def _unreadable(document: bytes) -> bool:
    try:
        pades.read(document)
    except ParaphError:
        return True
    return False


def _looks_different(document: bytes, signed: bytes) -> bool:
    """By PDFium and by Poppler: the former invents appearances for annotations that have none once there is a form."""
    return _drawn_by_pdfium(document) != _drawn_by_pdfium(signed) and (
        _drawn_by_poppler(document) != _drawn_by_poppler(signed)
    )


def _drawn_by_pdfium(document: bytes) -> list[bytes]:
    """The first pages; nothing when it cannot read the document, or a page has no area."""
    pages: list[bytes] = []
    with contextlib.suppress(pypdfium2.PdfiumError, ValueError):
        pdf = pypdfium2.PdfDocument(document)
        pages.extend(bytes(pdf[number].render(scale=0.5).buffer) for number in range(min(PAGES, len(pdf))))
    return pages


def _drawn_by_poppler(document: bytes) -> bytes:
    return _ask_poppler(document, "pdftoppm", "-r", "36", "-l", str(PAGES)).stdout


def _poppler(document: bytes) -> str | None:
    """What `pdfsig` says of the signatures, or None when it cannot read the document."""
    done = _ask_poppler(document, "pdfsig", "-nocert", "-no-ocsp")
    said = done.stdout.decode(errors="replace")
    return None if done.returncode == 1 and b"Error" in done.stderr else said


def _ask_poppler(document: bytes, *command: str) -> subprocess.CompletedProcess[bytes]:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(document)
        file.flush()
        try:
            return subprocess.run([*command, file.name], capture_output=True, check=False, timeout=JUDGE_PATIENCE)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, b"", b"Error: it does not come to an end")


def main() -> None:
    documents = sorted(path for folder in sys.argv[1:] for path in Path(folder).rglob("*.pdf"))
    if not documents:
        sys.exit(f"{__doc__}\nCollections: {', '.join(SOURCES)}")
    counts: Counter[str] = Counter()
    faults = 0
    with Attempts() as attempts:
        for path in documents:
            outcome = attempts.on(path)
            counts[outcome.kind] += 1
            faults += not outcome.sound
            if not outcome.sound:
                print(f"✗ {path.name:60} {outcome.kind}: {outcome.detail}", flush=True)
    for kind, number in counts.most_common():
        print(f"  {kind:40} {number:6}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
