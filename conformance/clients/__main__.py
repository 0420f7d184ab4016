"""Start the platform as `make run` does, and have every client that was found walk through it."""

import sys
import tempfile
from pathlib import Path

from paraph_testing.demo import Platform, Ports

from conformance import clients
from conformance.clients import deno, passerelle, reference
from conformance.clients.walk import Walk

WALKS = dict(zip(clients.SOURCES.values(), (passerelle.walk, deno.walk), strict=True))


def main() -> None:
    """One line for each call."""
    found = [
        (path.resolve(), walk)
        for folder in sys.argv[1:]
        for known, walk in WALKS.items()
        for path in sorted(Path(folder).rglob(known))
    ]
    if not found:
        sys.exit(f"{clients.__doc__}\nCheck out: {', '.join(clients.SOURCES)}")
    walked = Walk()
    with tempfile.TemporaryDirectory() as home, Platform(Path(home), Ports.free()) as platform:
        for path, walk in found:
            walked.begin(path)
            walk(path, platform, walked)
        walked.begin("What neither of them calls")
        reference.walk(platform, walked)
    print(f"\n{walked.passed} passed, {walked.failed} failed")
    sys.exit(bool(walked.failed))


if __name__ == "__main__":
    main()
