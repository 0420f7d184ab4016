"""`paraph sign`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from paraph import asic, documents, pades
from paraph.cli import results, sealed
from paraph.cli.options import FILE, timestamper
from paraph.cli.signing import Wish, signing
from paraph.documents import Format
from paraph.formats.text import legible

_BEGINNING = 4096
FORMATS = """\b
Formats:
  PAdES   PDF; the signature is inside
  XAdES   XML, inside; of any other file beside it, or around it (--enclose)
  CAdES   any file; beside it (.p7s), or around it (.p7m, --enclose)
  ASiC-E  any files and their signatures in one container
  ASiC-S  one file and its signatures in one container

\b
Examples:
  paraph sign contract.pdf --key me.p12
  paraph sign contract.pdf --key me.p12 --block=-1,60,700,200,60 --name "Bob Martin" --reason "Read and approved"
  paraph sign contract.pdf --key 'pkcs11:token=Seals;object=2026?module-path=/usr/lib/softhsm/libsofthsm2.so'
  paraph sign order.xml --key me.p12 --level B-LTA --tsa http://tsa.example.org --trust root.pem
  paraph sign plan.dwg notes.txt --key me.p12 --container dossier.asice
"""


@click.command(epilog=FORMATS)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--output", type=click.Path(path_type=Path), help="The signed file, or a folder for several.")
@click.option(
    "--format",
    "how",
    type=click.Choice([each.value for each in Format], case_sensitive=False),
    help="PAdES for PDF, XAdES for XML, ASiC-E for everything else, if nothing is said.",
)
@click.option("--enclose", is_flag=True, help="Put the file into the signature (CAdES, XAdES).")
@click.option(
    "--container",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Put all files into this new container (ASiC-E), under one signature.",
)
@click.option("--normalise", is_flag=True, help="Take out of unsigned PDFs what could mislead, and say what it was.")
@signing
def sign(
    *,
    files: Sequence[Path],
    output: Path | None,
    how: str | None,
    enclose: bool,
    container: Path | None,
    normalise: bool,
    wish: Wish,
) -> int:
    """Sign files and write each as NAME-signed, or under a name that tells the format, or where --output says.

    The passphrase of the key is asked for, or read from a file or descriptor; it is never an argument, which whoever
    lists processes could see.
    """
    if container:
        return _together(files, container, wish)
    formats = {file: Format(how) if how else _fitting(file) for file in files}
    names = {
        file: documents.name_of(file.name, _needed(file, chosen), chosen, enclose=enclose)
        for file, chosen in formats.items()
    }
    places = results.places(names, output)
    sealer, signer, authority, revocations = (
        wish.sealer(),
        wish.key.signer(),
        timestamper(wish.tsas),
        wish.revocations(),
    )
    sign_other = partial(documents.sign, level=wish.level, timestamper=authority, revocations=revocations)
    for file, place in places.items():
        now, chosen = datetime.now(UTC), formats[file]
        if chosen is Format.PADES and not normalise:
            sealed.write(sealer, file, place, at=now)
        elif chosen is Format.PADES:
            results.write(place, sealer.seal(_normalised(file.read_bytes()), at=now))
        else:
            results.write(place, sign_other(file.name, file.read_bytes(), signer, how=chosen, enclose=enclose, at=now))
        click.echo(legible(place))
    return 0


def _fitting(file: Path) -> Format:
    """The format for a file; of a PDF, which may be large, the beginning tells."""
    with file.open("rb") as opened:
        beginning = opened.read(_BEGINNING)
    if Format.fitting(file.name, beginning) is Format.PADES:
        return Format.PADES
    return Format.fitting(file.name, file.read_bytes())


def _needed(file: Path, chosen: Format) -> bytes:
    """As much of a file as its format's naming looks at."""
    return b"" if chosen is Format.PADES else file.read_bytes()


def _normalised(content: bytes) -> bytes:
    """The document without what could mislead; what that was is said."""
    normalised = pades.normalise(content)
    for each in normalised.removed:
        click.echo(legible(f"taken out: {each}"), err=True)
    return normalised.document


def _together(files: Sequence[Path], container: Path, wish: Wish) -> int:
    results.refuse_to_overwrite(container)
    contents = {file.name: file.read_bytes() for file in files}
    if len(contents) < len(files):
        raise click.UsageError("Two of the files have the same name, which one container cannot hold.")
    signed = asic.sign(
        contents,
        wish.key.signer(),
        at=datetime.now(UTC),
        level=wish.level,
        timestamper=timestamper(wish.tsas),
        revocations=wish.revocations(),
    )
    results.write(container, signed)
    click.echo(legible(container))
    return 0
