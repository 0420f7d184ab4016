"""`paraph extend`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from paraph import documents, xades
from paraph.certs import Revocations
from paraph.cli import results
from paraph.cli.options import FILE, password, password_in, timestamper, trusted, tsa
from paraph.documents import Format
from paraph.formats.text import legible
from paraph.signatures import Level

LEVELS = """\b
Levels:
  B-T    proves when it was signed
  B-LT   brings along what proves the certificates, for when their issuers no longer tell
  B-LTA  time-stamps all of that; run it again before that time-stamp's certificate ends

\b
Example:
  paraph extend contract-signed.pdf --level B-LTA --tsa http://tsa.example.org --trust root.pem
"""


@click.command(epilog=LEVELS)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option(
    "--level",
    required=True,
    type=click.Choice([Level.T.value, Level.LT.value, Level.LTA.value]),
    help="The level for every signature that is below it.",
)
@tsa
@click.option("--trust", "roots", type=FILE, help="The root certificates to trust, for B-LT and B-LTA.")
@click.option("--output", type=click.Path(path_type=Path), help="The extended file, or a folder for several.")
@password
def extend(
    *,
    files: Sequence[Path],
    level: str,
    tsas: tuple[str, ...],
    roots: Path | None,
    output: Path | None,
    password_file: Path | None,
) -> int:
    """Keep signed files provable for longer: each is written as NAME-extended, or where --output says.

    What a detached signature signs is looked for beside it: order.csv for order.csv.p7s.
    """
    places = results.places({file: f"{file.stem}-extended{file.suffix}" for file in files}, output)
    authority = timestamper(tsas)
    revocations = Revocations(trusted(roots)) if roots else None
    for file, place in places.items():
        now = datetime.now(UTC)
        extended = documents.extend(
            file.read_bytes(),
            Level(level),
            contents=_beside(file),
            timestamper=authority,
            revocations=revocations,
            at=now,
            password=password_in(password_file),
        )
        results.write(place, extended)
        click.echo(legible(place))
    return 0


def _beside(file: Path) -> dict[str, bytes]:
    """The files that a detached signature is over, as far as they lie in its folder."""
    signed = file.read_bytes()
    match Format.of(signed):
        case Format.CADES:
            names = {file.stem.partition("-extended")[0]} if file.suffix == ".p7s" else set()
        case Format.XADES:
            names = {name for name in xades.signed_files(signed) if Path(name).name == name}
        case _:
            names = set()
    return {name: file.with_name(name).read_bytes() for name in names if file.with_name(name).is_file()}
