"""`paraph sign`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from paraph.cli import results
from paraph.cli.options import FILE
from paraph.cli.signing import Wish, signing
from paraph.formats.text import legible


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--output", type=click.Path(path_type=Path), help="The signed file, or a folder for several.")
@signing
def sign(*, files: Sequence[Path], output: Path | None, wish: Wish) -> int:
    """Sign PDFs (PAdES) and write each as NAME-signed.pdf beside it, or where --output says.

    The passphrase of the key is asked for, or read from a file or descriptor; it is never an argument, which whoever
    lists processes could see.
    """
    places = {file: _place(file, output, several=len(files) > 1) for file in files}
    if len(set(places.values())) < len(files):
        raise click.UsageError("Two of the files would be written to the same place.")
    for place in places.values():
        results.refuse_to_overwrite(place)
    sealer = wish.sealer()
    for file, place in places.items():
        results.write(place, sealer.seal(file.read_bytes(), at=datetime.now(UTC)))
        click.echo(legible(place))
    return 0


def _place(file: Path, output: Path | None, *, several: bool) -> Path:
    signed = f"{file.stem}-signed{file.suffix}"
    if output is None:
        return file.with_name(signed)
    if output.is_dir():
        return output / signed
    if several:
        raise click.UsageError("--output must be an existing folder when there are several files.")
    return output
