"""One reader under libFuzzer: `python -m fuzz.run TARGET FOLDER... -max_total_time=60`; see `fuzz.__main__`."""

import logging
import sys
import warnings

import atheris

with atheris.instrument_imports(include=["paraph", "asn1crypto"]):
    from fuzz.targets import TARGETS, hierarchy


def main() -> None:
    target = TARGETS[sys.argv.pop(1)]
    warnings.simplefilter("ignore")
    logging.disable()
    hierarchy().timestamp(b"")  # keys are made before the clock runs
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
