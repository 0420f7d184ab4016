"""What goes into the file comes out of it, whatever people call themselves and their files."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph import evidence
from paraph.errors import BrokenDocument
from paraph.evidence import Record

HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/evil:1.0.0"',
    "= Heading\n#panic()",
    '"]) #sys.inputs',
    "$ integral $ _a_ *b* `c` <label> @ref // comment",
    "<script>alert(1)</script>",
    "\u202egnp.esael",
    "\x1b[2J\x00\x07",
    "契約書 📄 عقد",
    "a" * 5000,
]


def test_the_file_holds_the_record(record: Record, sealed: bytes) -> None:
    assert evidence.read(sealed) == record


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_text(record: Record, tmp_path: Path, name: str) -> None:
    """The typesetter has a language of its own; nothing that people typed is ever read as that."""
    document, person = replace(record.documents[0], filename=name), replace(record.people[0], name=name)
    hostile = replace(record, title=name, sender=name, documents=(document,), people=(person,))
    file = evidence.build(hostile)
    assert evidence.read(file) == hostile
    (tmp_path / "evidence.pdf").write_bytes(file)
    shown = subprocess.run(["pdftotext", tmp_path / "evidence.pdf", "-"], capture_output=True, text=True, check=True)
    assert "root:" not in shown.stdout
    assert "wfl_reference" in shown.stdout


@pytest.mark.parametrize(("years", "said"), [(1, "1 an après"), (10, "10 ans après")])
def test_it_states_for_how_long_it_is_to_be_kept(record: Record, tmp_path: Path, years: int, said: str) -> None:
    file = evidence.build(replace(record, keep_years=years))
    assert evidence.read(file).keep_years == years
    (tmp_path / "evidence.pdf").write_bytes(file)
    shown = subprocess.run(["pdftotext", tmp_path / "evidence.pdf", "-"], capture_output=True, text=True, check=True)
    assert said in " ".join(shown.stdout.split())


@given(st.text())
def test_json_keeps_every_text(record: Record, text: str) -> None:
    changed = replace(record, title=text)
    assert Record.from_json(changed.to_json()) == changed


@given(st.binary())
def test_any_bytes_are_said_to_be_no_record(noise: bytes) -> None:
    with pytest.raises(BrokenDocument):
        Record.from_json(noise)


@pytest.mark.parametrize("field", ["format", "title", "documents", "people", "events"])
def test_a_record_that_lacks_something_is_broken(record: Record, field: str) -> None:
    facts = json.loads(record.to_json())
    del facts[field]
    with pytest.raises(BrokenDocument):
        Record.from_json(json.dumps(facts))


@pytest.mark.parametrize("value", [None, 7, "text", [None], [[]], [{"unknown": 1}], {"a": 1}])
@pytest.mark.parametrize("field", ["documents", "people", "events"])
def test_a_record_of_another_shape_is_broken(record: Record, field: str, value: object) -> None:
    facts = json.loads(record.to_json()) | {field: value}
    with pytest.raises(BrokenDocument):
        Record.from_json(json.dumps(facts))
