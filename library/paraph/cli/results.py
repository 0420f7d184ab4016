"""Results as files: whole or not at all, and never over something else."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click


def places(names: Mapping[Path, str], output: Path | None) -> dict[Path, Path]:
    """Where the result for each file goes: under its new name beside it, or what `output` says, a folder for several.

    Raises:
        click.UsageError: two to one place, or something is there already.
    """
    found = {file: _place(file, name, output, several=len(names) > 1) for file, name in names.items()}
    if len(set(found.values())) < len(names):
        raise click.UsageError("Two of the files would be written to the same place.")
    for place in found.values():
        refuse_to_overwrite(place)
    return found


def _place(file: Path, name: str, output: Path | None, *, several: bool) -> Path:
    if output is None:
        return file.with_name(name)
    if output.is_dir():
        return output / name
    if several:
        raise click.UsageError("--output must be an existing folder when there are several files.")
    return output


def refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise click.UsageError(f"{path} exists already and is not overwritten.")


def write(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a new file, whole or not at all; the process's mask takes away from `mode`."""
    with growing(path, mode) as file:
        file.write(content)


@contextmanager
def growing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Write a new file beside its place, then give it its name: a crash leaves no half of it."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(written, os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode), "w+b") as file:
            yield file
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
