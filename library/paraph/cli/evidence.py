"""`paraph evidence show` and `paraph evidence verify`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from paraph import evidence as files
from paraph.cli.exits import Exit
from paraph.cli.options import FILE, as_json, trust, trusted
from paraph.evidence import Person, Record
from paraph.formats.text import legible


@click.group()
def evidence() -> None:
    """Show and verify evidence files."""


@evidence.command()
@click.argument("file", type=FILE)
@as_json
def show(*, file: Path, as_json: bool) -> int:
    """Print the record inside an evidence file, unjudged."""
    record = files.read(file.read_bytes())
    click.echo(json.dumps(json.loads(record.to_json()), indent=2) if as_json else "\n".join(_lines(record)))
    return 0


@evidence.command()
@click.argument("file", type=FILE)
@click.argument("documents", nargs=-1, required=True, type=FILE, metavar="DOCUMENT...")
@trust
@as_json
def verify(*, file: Path, documents: Sequence[Path], roots: Path, as_json: bool) -> int:
    """Check an evidence file and the signed documents it speaks of, offline."""
    contents = [document.read_bytes() for document in documents]
    verdict = files.verify(file.read_bytes(), contents, trusted=trusted(roots), at=datetime.now(UTC))
    if as_json:
        checks = [asdict(check) for check in verdict.checks]
        facts = {"reference": verdict.record.reference, "holds": verdict.holds, "checks": checks}
        click.echo(json.dumps(facts, indent=2))
    else:
        click.echo(verdict)
    return Exit.DONE if verdict.holds else Exit.NO


def _lines(record: Record) -> Iterator[str]:
    yield f"{legible(record.title)} ({legible(record.reference)})"
    yield f"  sent by {legible(record.sender)}, {legible(record.organisation)}"
    yield f"  created {legible(record.created_at)}, started {legible(record.started_at)}"
    yield f"  signed {legible(record.signed_at)}"
    for document in record.documents:
        yield f"document {legible(document.filename)}"
        yield f"  before {legible(document.before)}"
        yield f"  after  {legible(document.after)}"
    for person in record.people:
        yield from _person(person)
    for event in record.events:
        yield legible(f"{event.link.at}  {event.link.event}  {event.actor}  {event.summary}".rstrip())


def _person(person: Person) -> Iterator[str]:
    yield legible(f"{person.act} by {person.name} <{person.email}> at {person.acted_at}")
    if person.consent:
        yield legible(f"  accepted at {person.consent.accepted_at}: {person.consent.text}")
    for proof in person.proofs:
        yield legible(f"  identified by {proof.means} {proof.address}".rstrip() + f" at {proof.verified_at}")
    if person.certificate:
        yield legible(f"  certificate {person.certificate.subject}, serial {person.certificate.serial}")
    if person.levels:
        yield f"  level {', '.join(person.levels)}"
