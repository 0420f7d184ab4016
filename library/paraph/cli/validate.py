"""`paraph validate`."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from paraph.cli.exits import Exit
from paraph.cli.options import FILE, as_json, trust, trusted
from paraph.formats.text import legible
from paraph.validation import Indication
from paraph.validation import validate as judge

EXAMPLES = """\b
Example:
  paraph validate contract-signed.pdf --trust root.pem && echo "signed, whole, and by somebody we trust"
"""


@click.command(epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@trust
@as_json
def validate(*, files: Sequence[Path], roots: Path, as_json: bool) -> int:
    """Judge every signature in PDFs in the manner of EN 319 102-1.

    The exit code is 0 when all of them are TOTAL_PASSED.
    """
    store, at = trusted(roots), datetime.now(UTC)
    reports = {file: judge(file.read_bytes(), trusted=store, at=at) for file in files}
    if as_json:
        listed = [{"file": str(file), **json.loads(report.to_json())} for file, report in reports.items()]
        click.echo(json.dumps(listed, indent=2))
    else:
        for file, report in reports.items():
            click.echo(f"{legible(file)}: {report}")
    passed = all(report.indication is Indication.TOTAL_PASSED for report in reports.values())
    return Exit.DONE if passed else Exit.NO
