"""`paraph inspect`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from paraph import asic, documents, pades
from paraph.cli.options import FILE, as_json, password, password_in
from paraph.documents import Format
from paraph.errors import ParaphError
from paraph.formats.text import legible
from paraph.outlook import outlook
from paraph.signatures import Signature


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@password
@as_json
def inspect(*, files: Sequence[Path], password_file: Path | None, as_json: bool) -> int:
    """Tell what files and the signatures in them say of themselves: PDF, XML, CMS, ASiC.

    Nothing is judged: ask `paraph validate` whether it is true.
    """
    secret = password_in(password_file)
    found = [_facts(file, secret) for file in files]
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(map(_lines, found)))
    return 0


def _facts(file: Path, password: str) -> dict[str, Any]:
    document = file.read_bytes()
    how = Format.of(document)
    facts: dict[str, Any] = {"file": str(file), "format": how.value}
    if how is Format.PADES:
        pdf = pades.inspect(document, password=password)
        facts |= {"pages": pdf.pages, "locked": pdf.locked, "misleading": [str(each) for each in pdf.misleading]}
    if how in (Format.ASIC_S, Format.ASIC_E):
        facts |= {"files": list(asic.Container.from_bytes(document).files)}
    return facts | {"signatures": [_signature(each) for each in documents.read(document, password=password)]}


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
    lines = [f"{legible(facts['file'])}: {_what(facts)}"]
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
    lines += [f"  could mislead: {legible(each)}" for each in facts.get("misleading", ())]
    return "\n".join(lines if facts["signatures"] else [*lines, "  not signed"])


def _what(facts: dict[str, Any]) -> str:
    if "files" in facts:
        return f"{facts['format']} with {', '.join(map(legible, facts['files']))}"
    if "pages" not in facts:
        return str(facts["format"])
    pages = f"{facts['pages']} page" + ("s" if facts["pages"] > 1 else "")
    return pages + (", certified: no further signature is allowed" if facts["locked"] else "")
