"""Feed every reader for a while: `python -m fuzz [SECONDS] [TARGET ...]`; each in a process of its own, two at a time.

What breaks a reader lies in `build/fuzz` afterwards. Mend it, and keep the file in `fuzz/kept/TARGET`: from then on
every run begins with it, and so does `make test`.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz.targets import TARGETS, seeds

BUILD, KEPT = Path("build") / "fuzz", Path(__file__).parent / "kept"
LIMITS = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=65536", "-verbosity=0"]
"""Seconds and megabytes that no input may take."""


def main() -> None:
    seconds, names = int(sys.argv[1]) if len(sys.argv) > 1 else 60, sys.argv[2:] or list(TARGETS)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        failed = [
            name for name, code in zip(names, pool.map(lambda name: _fed(name, seconds), names), strict=True) if code
        ]
    print(f"{len(names) - len(failed)} readers stood firm for {seconds} s each", end="")
    print(f"; broken: {', '.join(failed)}" if failed else "")
    sys.exit(bool(failed))


def _fed(name: str, seconds: int) -> int:
    corpus = BUILD / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    folders = [corpus, *filter(Path.is_dir, [KEPT / name])]
    command = [sys.executable, "-m", "fuzz.run", name, *map(str, folders), f"-max_total_time={seconds}", *LIMITS]
    done = subprocess.run([*command, f"-artifact_prefix={BUILD}/{name}-"], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"--- {name}\n{done.stdout[-2000:]}{done.stderr[-4000:]}", flush=True)
    return done.returncode


if __name__ == "__main__":
    main()
