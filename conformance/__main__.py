"""Print every judge's verdict and fail when one disagrees."""

import shutil
import sys
from collections import Counter
from itertools import chain
from pathlib import Path

from conformance import archival, asic, cades, library, matrix, pdfs, platform, qualified, unlisted, xades
from conformance.judges import Verdict

FOLDER = Path("build") / "conformance"


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    verdicts = []
    for verdict in chain(
        library.verdicts(FOLDER / "library"),
        matrix.verdicts(FOLDER / "matrix"),
        pdfs.verdicts(FOLDER / "pdfs"),
        archival.verdicts(FOLDER / "archival"),
        cades.verdicts(FOLDER / "cades"),
        xades.verdicts(FOLDER / "xades"),
        asic.verdicts(FOLDER / "asic"),
        unlisted.verdicts(FOLDER / "unlisted"),
        qualified.verdicts(FOLDER / "qualified"),
        platform.verdicts(FOLDER / "platform"),
    ):
        verdicts.append(verdict)
        print(_line(verdict), flush=True)
    refused = [verdict for verdict in verdicts if not verdict.passed]
    print(f"\nThe artefacts lie in {FOLDER}.\n")
    for judge, number in Counter(verdict.judge for verdict in verdicts).items():
        against = sum(verdict.judge == judge for verdict in refused)
        print(f"  {judge:24} {number - against:4} of {number} as they must be")
    print(f"\n{len(verdicts) - len(refused)} passed, {len(refused)} failed")
    sys.exit(bool(refused))


def _line(verdict: Verdict) -> str:
    return f"{'✓' if verdict.passed else '✗'} {verdict.judge:22} {verdict.artefact:44} {verdict.says}"


if __name__ == "__main__":
    main()
