"""`paraph seal` is killed in the middle, and run again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from paraph_testing import pdfs

OPTIONS = ["--output", "sealed", "--key", "seal.p12", "--passphrase-file", "passphrase"]
MANY = 4000
"""Worth a second process, which is killed with the first."""


def test_a_kill_costs_nothing(desk: Path, paraph: Callable[[str], tuple[int, str, str]]) -> None:
    """Whole files have their names, half ones do not; the second run seals what is missing."""
    (desk / "many").mkdir()
    (desk / "many" / "0.pdf").write_bytes(pdfs.invoice())
    for number in range(1, MANY):
        (desk / "many" / f"{number}.pdf").hardlink_to(desk / "many" / "0.pdf")
    command = [sys.executable, "-m", "paraph", "seal", "many", *OPTIONS]
    running = subprocess.Popen(command, cwd=desk, start_new_session=True, stderr=subprocess.DEVNULL)
    while running.poll() is None and sum(1 for _ in desk.glob("sealed/*.pdf")) < MANY // 2:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    before = len(list(desk.glob("sealed/*.pdf")))
    assert MANY // 2 <= before < MANY
    code, said, _ = paraph("seal many --output sealed KEY")
    assert code == 0
    assert said.startswith(f"{MANY - before} sealed, {before} were sealed before, 0 failed")
