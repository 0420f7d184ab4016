"""`paraph seal` on a folder: what a second process brings, and how much memory it takes.

How much a second process can bring at all is measured beside it. Each run is a program of its own, on one processor
and on two in turn, its start included; the documents are the invoices, as often as needed. What a run wrote is removed
before the next, so that all get the same memory.

    uv run --no-sync python -m benchmarks.batch [--documents N] [--level B-LT]
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from paraph.signatures import Level
from paraph_testing.status import StatusService

from benchmarks.desk import furnish
from benchmarks.sealing import PLACES, bare_primitive, invoices

ROUNDS = 3


def main() -> None:
    arguments = argparse.ArgumentParser(description="Seal a folder with one process and with two.")
    arguments.add_argument("--documents", type=int, default=15000)
    arguments.add_argument("--level", choices=[level.value for level in Level], default=Level.B.value)
    options = arguments.parse_args()
    parent = next(place for place in PLACES if place.is_dir())
    with (
        StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service,
        tempfile.TemporaryDirectory(dir=parent) as made,
    ):
        folder = Path(made)
        _prepare(folder, service, options.documents)
        print(f"\n`paraph seal --level {options.level}`, RSA-2048, {options.documents} invoices in {parent}\n")
        print("| processors | seconds | seals/s | largest process |\n|---|---|---|---|")
        rates: dict[int, list[float]] = {}
        for processors in [each for _ in range(ROUNDS) for each in _processors()]:
            rates.setdefault(len(processors), []).append(_run(folder, service, options.level, processors))
        if len(rates) > 1:
            times = statistics.median(rates[2]) / statistics.median(rates[1])
            print(f"\nTwo processes seal {times:.2f} times as many as one.")
            print(f"This machine makes {_bare_rate(2) / _bare_rate(1):.2f} times as many bare signatures with two.")


def _processors() -> list[set[int]]:
    mine = sorted(os.sched_getaffinity(0))
    return [{mine[0]}, set(mine[:2])] if len(mine) > 1 else [{mine[0]}]


def _bare_rate(processes: int) -> float:
    """RSA signatures per second in so many processes at once: processors often share what computes them."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_signatures, [0.5] * processes))  # all have started
        return sum(pool.map(_signatures, [3.0] * processes)) / 3


def _signatures(seconds: float) -> int:
    sign, digest, made = bare_primitive(rsa.generate_private_key(public_exponent=65537, key_size=2048)), bytes(32), 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sign(digest)
        made += 1
    return made


def _prepare(folder: Path, service: StatusService, number: int) -> None:
    furnish(folder, service)
    (folder / "invoices").mkdir()
    documents = invoices()
    for each in range(number):
        (folder / "invoices" / f"{each:05}.pdf").write_bytes(documents[each % len(documents)])


def _run(folder: Path, service: StatusService, level: str, processors: set[int]) -> float:
    """Seals per second, as the command itself counts them."""
    output = folder / f"sealed-{len(processors)}"
    command = [sys.executable, "-m", "paraph", "seal", str(folder / "invoices"), "--output", str(output), "--json"]
    command += ["--key", str(folder / "seal.p12"), "--passphrase-file", str(folder / "passphrase"), "--level", level]
    if level != Level.B.value:
        command += ["--tsa", service.tsa, "--trust", str(folder / "root.pem")]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, processors)
    )
    shutil.rmtree(output)
    facts = json.loads(done.stdout)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rate = facts["sealed"] / facts["seconds"]
    print(f"| {len(processors)} | {facts['seconds']:.1f} | {rate:.0f} | {used:.0f} MB |", flush=True)
    return float(rate)


if __name__ == "__main__":
    main()
