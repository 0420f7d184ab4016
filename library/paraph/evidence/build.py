"""Typeset a record: a PDF/A-3 that people can read, with the record itself attached for machines."""

import json
import re
from importlib.resources import files
from typing import Any

from paraph.evidence.read import ATTACHMENT
from paraph.evidence.record import Record

_UNCERTAIN = re.compile(r"[^\n -~\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2026\u20ac]")
"""What is outside Latin, Greek and Cyrillic, which the typesetter's own fonts have."""


def build(record: Record) -> bytes:
    """The evidence file, not yet sealed.

    What people and programs typed reaches the template as data only: it is shown, never interpreted. PDF/A forbids
    characters without a glyph; where this machine has no font for one, its code point is shown instead. The attached
    record always has them all.
    """
    import typst  # noqa: PLC0415  a large library that only this function needs

    content = record.to_json()
    try:
        return _typeset(content, content)
    except typst.TypstError:
        return _typeset(content, json.dumps(_legible(json.loads(content))))


def _legible(fact: Any) -> Any:
    """The same facts, each character that may have no glyph shown by its number."""
    match fact:
        case str():
            return _UNCERTAIN.sub(lambda found: f"[U+{ord(found[0]):04X}]", fact)
        case list():
            return [_legible(each) for each in fact]
        case dict():
            return {name: _legible(each) for name, each in fact.items()}
    return fact


def _typeset(attached: str, shown: str) -> bytes:
    import typst  # noqa: PLC0415  as above

    template = files("paraph.evidence").joinpath("evidence.typ").read_bytes()
    made = typst.compile(  # type: ignore[call-overload]  # the stubs do not know several files at once
        {"main.typ": template, ATTACHMENT: attached.encode()},
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],
        sys_inputs={"record": shown},
    )
    assert isinstance(made, bytes)  # noqa: S101  one output was asked for
    return made
