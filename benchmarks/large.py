"""`paraph seal` on one large PDF: its time against `sha256sum` and `cp`, and how much memory it takes.

Each command is a program of its own, its start included; they take turns, so that a busy machine slows all alike.
Poppler and qpdf judge what was sealed.

    uv run --no-sync python -m benchmarks.large [--megabytes N] [--rounds N]
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from paraph.signatures import Level
from paraph_testing.status import StatusService
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.desk import furnish
from benchmarks.sealing import PLACES

SIDE = 370  # pixels of the square picture on each page: half a megabyte, as written in a PDF
MEGABYTE = 1 << 20


def main() -> None:
    arguments = argparse.ArgumentParser(description="Seal one large PDF.")
    arguments.add_argument("--megabytes", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    parent = next(place for place in PLACES if place.is_dir())
    with (
        StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service,
        tempfile.TemporaryDirectory(dir=parent) as made,
    ):
        folder = Path(made)
        size = _prepare(folder, service, options.megabytes)
        print(f"\nOne PDF of {size / MEGABYTE:.0f} MB in {parent}, RSA-2048; medians of {options.rounds}\n")
        _tell(_race(folder, service, options.rounds), size)
        _judge(folder / "B-B.pdf")


def _prepare(folder: Path, service: StatusService, megabytes: int) -> int:
    furnish(folder, service)
    # in a process of its own: what this one held when it forks would count as the commands' memory
    maker = get_context("spawn").Process(target=_write_scans, args=(folder / "large.pdf", 2 * megabytes))
    maker.start()
    maker.join()
    return (folder / "large.pdf").stat().st_size


def _write_scans(place: Path, pages: int) -> None:
    """Pages of noise, as a scanner would fill a file."""
    noise = random.Random(1)
    canvas = Canvas(str(place), pagesize=A4, pageCompression=1)
    canvas.setPageCompression(1)
    for page in range(pages):
        picture = Image.frombytes("RGB", (SIDE, SIDE), noise.randbytes(3 * SIDE * SIDE))
        canvas.drawImage(ImageReader(picture), 50, 300, 480, 480)
        canvas.drawString(50, 260, f"Page {page + 1}")
        canvas.showPage()
    canvas.save()


def _race(folder: Path, service: StatusService, rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds and largest memory in bytes of each command."""
    large = str(folder / "large.pdf")
    paraph = [sys.executable, "-m", "paraph", "sign", large]
    paraph += ["--key", str(folder / "seal.p12"), "--passphrase-file", str(folder / "passphrase")]
    provable = ["--tsa", service.tsa, "--trust", str(folder / "root.pem")]
    commands: dict[str, list[str]] = {
        "sha256sum": ["sha256sum", large],
        "cp": ["cp", large, str(folder / "copy.pdf")],
        "paraph sign, B-B": [*paraph, "--level", Level.B, "--output", str(folder / "B-B.pdf")],
        "paraph sign, B-LT": [*paraph, "--level", Level.LT, "--output", str(folder / "B-LT.pdf"), *provable],
        "paraph inspect": [sys.executable, "-m", "paraph", "inspect", str(folder / "B-B.pdf")],
    }
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for copy in ("copy.pdf", "B-B.pdf", "B-LT.pdf"):
            (folder / copy).unlink(missing_ok=True)
        for name, command in commands.items():
            measured[name].append(_run(command))
    return {
        name: (statistics.median(seconds for seconds, _ in runs), max(memory for _, memory in runs))
        for name, runs in measured.items()
    }


def _run(command: Sequence[str]) -> tuple[float, float]:
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - start, used.ru_maxrss * 1024


def _tell(results: dict[str, tuple[float, float]], size: int) -> None:
    floor = results["sha256sum"][0] + results["cp"][0]
    print("| command | seconds | x (sha256sum + cp) | peak memory | x the file |\n|---|---|---|---|---|")
    for name, (seconds, memory) in results.items():
        print(f"| {name} | {seconds:.2f} | {seconds / floor:.1f} | {memory / MEGABYTE:.0f} MB | {memory / size:.2f} |")


def _judge(path: Path) -> None:
    poppler = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    qpdf = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    if "Signature is Valid" not in poppler or qpdf.returncode:
        sys.exit(f"{path.name} is not validly sealed:\n{poppler}{qpdf.stdout}")
    print("\nOur seal judged valid by Poppler and sound by qpdf.")


if __name__ == "__main__":
    main()
