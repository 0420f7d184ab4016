"""`paraph inspect`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from paraph import pades
from paraph.cli.options import FILE, as_json
from paraph.errors import ParaphError
from paraph.formats.text import legible
from paraph.outlook import outlook
from paraph.signatures import Signature


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@as_json
def inspect(*, files: Sequence[Path], as_json: bool) -> int:
    """Tell what PDFs and the signatures in them say of themselves.

    Nothing is judged: ask `paraph validate` whether it is true.
    """
    found = [_facts(file) for file in files]
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(map(_lines, found)))
    return 0


def _facts(file: Path) -> dict[str, Any]:
    document = file.read_bytes()
    facts = pades.inspect(document)
    return {
        "file": str(file),
        "pages": facts.pages,
        "locked": facts.locked,
        "signatures": [_signature(each) for each in pades.read(document)],
    }


def _signature(signature: Signature) -> dict[str, Any]:
    claimed, stamped = signature.claimed_at, signature.timestamped_at
    return {
        "field": signature.field,
        "signer": signature.signer,
        "level": signature.level.value,
        "claimed_at": claimed and claimed.isoformat(),
        "timestamped_at": stamped and stamped.isoformat(),
        "covers_whole_document": signature.covers_whole_document,
        "provable": _outlook(signature),
    }


def _outlook(signature: Signature) -> dict[str, str] | None:
    try:
        ahead = outlook(signature)
    except ParaphError:
        return None
    return {"until": ahead.until.isoformat(), "because": ahead.because, "then": ahead.then.value}


def _lines(facts: dict[str, Any]) -> str:
    pages = f"{facts['pages']} page" + ("s" if facts["pages"] > 1 else "")
    locked = ", certified: no further signature is allowed" if facts["locked"] else ""
    lines = [f"{legible(facts['file'])}: {pages}{locked}"]
    for each in facts["signatures"]:
        when = each["timestamped_at"] or each["claimed_at"] or "at an unknown time"
        proven = "time-stamped" if each["timestamped_at"] else "claimed"
        changed = "" if each["covers_whole_document"] else "; something was added afterwards"
        lines.append(f"  {each['level']}  {legible(each['signer'])}  {when} ({proven}){changed}")
        if each["provable"]:
            ahead = each["provable"]
            lines.append(
                f"        provable until {ahead['until']}: {legible(ahead['because'])}; extend to {ahead['then']}"
            )
    return "\n".join(lines if facts["signatures"] else [*lines, "  not signed"])
