"""`paraph timestamp`."""

import hashlib
import json
from pathlib import Path

import click

from paraph import timestamps
from paraph.algorithms import Digest, Hash
from paraph.cli import results
from paraph.cli.options import FILE, as_json, timestamper, trusted, tsa
from paraph.errors import ParaphError
from paraph.formats import asn1
from paraph.formats.text import legible

_GRANTED = asn1.sequence(asn1.integer(0))


EXAMPLES = """\b
Examples:
  paraph timestamp photo.jpg --tsa http://tsa.example.org
  paraph timestamp photo.jpg --verify photo.jpg.tst --trust root.pem
"""


@click.command(epilog=EXAMPLES)
@click.argument("file", type=FILE)
@tsa
@click.option("--output", type=click.Path(path_type=Path), help="FILE.tst by default; a .tsr is a whole response.")
@click.option("--verify", "token_file", type=FILE, metavar="TOKEN", help="Verify this .tst or .tsr instead.")
@click.option("--trust", "roots", type=FILE, metavar="FILE", help="The root certificates to trust, PEM or DER.")
@as_json
def timestamp(
    *,
    file: Path,
    tsas: tuple[str, ...],
    output: Path | None,
    token_file: Path | None,
    roots: Path | None,
    as_json: bool,
) -> int:
    """Have any file time-stamped (RFC 3161), or verify a time-stamp on it.

    The file itself stays here: the authority sees its digest only.
    """
    if token_file is not None:
        if roots is None or tsas or output:
            raise click.UsageError("--verify goes with --trust, and with neither --tsa nor --output.")
        return _verify(file, token_file.read_bytes(), roots, as_json=as_json)
    asked = timestamper(tsas)
    if asked is None or roots:
        raise click.UsageError("Say which authority to ask (--tsa URL), or what to verify (--verify and --trust).")
    place = output or file.with_name(f"{file.name}.tst")
    results.refuse_to_overwrite(place)
    token = asked.timestamp(_digest(file, Hash.SHA256))
    results.write(place, asn1.sequence(_GRANTED, token) if place.suffix == ".tsr" else token)
    click.echo(json.dumps({"file": str(file), "token": str(place)}) if as_json else legible(place))
    return 0


def _verify(file: Path, stored: bytes, roots: Path, *, as_json: bool) -> int:
    token = _token(stored)
    found = timestamps.verify(token, _digest(file, timestamps.algorithm_of(token)), trusted=trusted(roots))
    facts = {
        "time": found.time.isoformat(),
        "accuracy_seconds": found.accuracy.total_seconds(),
        "serial": f"{found.serial:X}",
        "policy": found.policy,
        "unit": found.certificate.subject.rfc4514_string(),
    }
    lines = [f"{legible(file)} existed at this time."] + [
        f"  {name}: {legible(value)}" for name, value in facts.items()
    ]
    click.echo(json.dumps(facts, indent=2) if as_json else "\n".join(lines))
    return 0


def _token(stored: bytes) -> bytes:
    """The token, whether it was kept alone (.tst) or in the authority's response (.tsr)."""
    try:
        members = list(asn1.members(asn1.whole(stored, asn1.SEQUENCE)))
    except ParaphError:
        return stored  # what it is instead, `algorithm_of` says
    in_response = len(members) == 2 and members[0][0] == members[1][0] == asn1.SEQUENCE  # noqa: PLR2004  status, token
    return asn1.tlv(*members[1]) if in_response else stored


def _digest(file: Path, algorithm: Hash) -> Digest:
    with file.open("rb") as stream:
        return Digest(algorithm, hashlib.file_digest(stream, algorithm.value).digest())
