"""A sealed file, made in memory when it is small, and where it lies when it is large."""

from datetime import datetime
from pathlib import Path

from paraph import pades
from paraph.cli import results

_LARGE = 8 << 20


def write(sealer: pades.Sealer, source: Path, place: Path, *, at: datetime) -> None:
    """Seal `source` to `place`, whole or not at all."""
    if source.stat().st_size < _LARGE:
        results.write(place, sealer.seal(source.read_bytes(), at=at))
        return
    with source.open("rb", buffering=0) as opened, results.growing(place) as target:
        sealer.seal_file(opened, target, at=at)
