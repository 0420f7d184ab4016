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
    places = results.places(files, output, "signed")
    sealer = wish.sealer()
    for file, place in places.items():
        results.write(place, sealer.seal(file.read_bytes(), at=datetime.now(UTC)))
        click.echo(legible(place))
    return 0
