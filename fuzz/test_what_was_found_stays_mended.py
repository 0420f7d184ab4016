"""Every input that once broke a reader, and what is sound: an error of ours is the worst that comes of it."""

from pathlib import Path

import pytest

from fuzz.targets import TARGETS, seeds

KEPT = sorted((Path(__file__).parent / "kept").glob("*/*"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_broke_a_reader(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", list(TARGETS))
def test_what_is_sound(name: str) -> None:
    for seed in seeds(name):
        TARGETS[name](seed)
