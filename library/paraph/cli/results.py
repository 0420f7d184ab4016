"""Results as files: whole or not at all, and never over something else."""

import os
from pathlib import Path

import click


def refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise click.UsageError(f"{path} exists already and is not overwritten.")


def write(path: Path, content: bytes) -> None:
    """Write a new file beside its place, then give it its name: a crash leaves no half of it."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        written.write_bytes(content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
