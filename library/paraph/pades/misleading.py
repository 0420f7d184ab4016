"""What could make a signed PDF show, or do, something else than its signer saw (shadow attacks).

Harmless things stay: links to the web, opening at a page, attachments, form fields, layers that everybody sees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import pikepdf

from paraph.errors import BrokenDocument, MisleadingDocument, TooLarge
from paraph.formats.pdf import gate

_MOST = 500_000
_NAMED = 3
"""Findings that a refusal names."""
_PASSED = frozenset(
    {
        "/ColorSpace",
        "/Dests",
        "/ExtGState",
        "/Font",
        "/Metadata",
        "/P",
        "/Parent",
        "/ParentTree",
        "/Pg",
        "/Prev",
        "/Shading",
        "/StructTreeRoot",
        "/V",
    }
)
"""Entries behind which nothing acts or hides; most lead back, or to what only draws."""
_SCHEMES = ("file:", "javascript:", "data:")
_VERDICTS = {"/AllOff", "/AnyOff"}


class Kind(StrEnum):
    SCRIPT = "runs JavaScript"
    PROGRAM = "starts a program"
    ELSEWHERE = "opens another file"
    IMPORT = "brings in data from another file"
    SUBMIT = "sends the form's data away"
    HIDING = "shows or hides parts of the page"
    MEDIA = "plays media"
    BY_ITSELF = "opens a web page by itself"
    HIDDEN_LAYER = "is a layer that is not always seen"
    XFA = "is drawn from XML by some viewers only (XFA)"
    PORTFOLIO = "is shown instead of the pages (portfolio)"
    OUTSIDE = "has its content in another file"
    REPLACED = "was different in an earlier version that is still in the file"


_ACTIONS = {
    "/JavaScript": Kind.SCRIPT,
    "/Launch": Kind.PROGRAM,
    "/GoToR": Kind.ELSEWHERE,
    "/GoToE": Kind.ELSEWHERE,
    "/ImportData": Kind.IMPORT,
    "/SubmitForm": Kind.SUBMIT,
    "/Hide": Kind.HIDING,
    "/SetOCGState": Kind.HIDING,
    "/Movie": Kind.MEDIA,
    "/Rendition": Kind.MEDIA,
    "/RichMediaExecute": Kind.MEDIA,
    "/Sound": Kind.MEDIA,
}
"""By the type of an action (ISO 32000-2 Table 201)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What could mislead, and where it stands."""

    where: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.where} {self.kind.value}"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and the entry that holds it."""

    finding: Finding
    holder: pikepdf.Object | None
    key: str


def refuse(findings: tuple[Finding, ...]) -> None:
    """Say what was found, if anything was.

    Raises:
        MisleadingDocument: it was.
    """
    if not findings:
        return
    more = f"; and {len(findings) - _NAMED} more" if len(findings) > _NAMED else ""
    named = "; ".join(map(str, findings[:_NAMED]))
    raise MisleadingDocument(f"The PDF could mislead: {named}{more}. Have it saved anew without.")


def find(pdf: pikepdf.Pdf) -> tuple[Found, ...]:
    """Everything in the document's current state that could mislead.

    Raises:
        BrokenDocument: it cannot be looked through.
        TooLarge: it has more parts than can be looked at.
    """
    try:
        gate.read_all(pdf)
        return (*_in_catalog(pdf.Root), *_layers(pdf.Root), *_actions(pdf), *_outside(pdf))
    except gate.SURPRISES as error:
        raise BrokenDocument(gate.DAMAGED) from error


def _in_catalog(root: pikepdf.Object) -> Iterator[Found]:
    form = root.get("/AcroForm")
    if form is not None and "/XFA" in form:
        yield Found(Finding("the form", Kind.XFA), form, "/XFA")
    if "/Collection" in root:
        yield Found(Finding("an attachment", Kind.PORTFOLIO), root, "/Collection")
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") == pikepdf.Name.URI:
        yield Found(Finding("the document", Kind.BY_ITSELF), root, "/OpenAction")


# ---------------------------------------------------------------- actions


@dataclass(frozen=True, slots=True)
class _Step:
    """An object on the way through the document."""

    value: pikepdf.Object
    where: str
    holder: pikepdf.Object | None
    """The dictionary in which it stands."""
    key: str


def _actions(pdf: pikepdf.Pdf) -> Iterator[Found]:
    """Walk from the catalog to everything that it leads to."""
    seen: set[tuple[int, int]] = set()
    pages = [_Step(page.obj, f"page {number}", None, "") for number, page in enumerate(pdf.pages, 1)]
    steps = [_Step(pdf.Root, "the document", None, ""), *reversed(pages)]
    for _ in range(_MOST):
        if not steps:
            return
        step = steps.pop()
        if step.value.is_indirect:
            if step.value.objgen in seen:
                continue
            seen.add(step.value.objgen)
        if isinstance(step.value, pikepdf.Array):
            steps += [_Step(each, step.where, step.holder, step.key) for each in _objects(step.value)]
        elif isinstance(step.value, (pikepdf.Dictionary, pikepdf.Stream)):
            yield from _judged(step)
            steps += _entries(step.value, _where(step))
    raise TooLarge("The PDF has more parts than can be looked at for what could mislead.")


def _judged(step: _Step) -> Iterator[Found]:
    if kind := _kind(step.value):
        yield Found(Finding(_where(step), kind), step.holder, step.key)
    if step.value.get("/Type") == pikepdf.Name.OCMD and ("/VE" in step.value or str(step.value.get("/P")) in _VERDICTS):
        yield Found(Finding(f"content of {step.where}", Kind.HIDDEN_LAYER), None, "")
    if step.value.get("/Subtype") == pikepdf.Name.Form and ("/Ref" in step.value or "/OPI" in step.value):
        yield Found(Finding(f"a drawing on {step.where}", Kind.OUTSIDE), None, "")


def _kind(action: pikepdf.Object) -> Kind | None:
    """What an action does that is not harmless; None of anything else."""
    if action.get("/S") == pikepdf.Name.URI and str(action.get("/URI", "")).lower().startswith(_SCHEMES):
        return Kind.ELSEWHERE
    return _ACTIONS.get(str(action.get("/S"))) or (Kind.SCRIPT if "/JS" in action else None)


def _where(step: _Step) -> str:
    """The place of an object in words; an annotation or a field says more than its page."""
    if "/T" in step.value and ("/FT" in step.value or "/Kids" in step.value):
        return f"the field {step.value['/T']}"
    if "/Rect" in step.value and "/Subtype" in step.value:
        return f"{step.where}, a {str(step.value['/Subtype'])[1:].lower()}"
    if step.key == "/Outlines":
        return "a bookmark"
    return step.where


def _entries(value: pikepdf.Object, where: str) -> Iterator[_Step]:
    for key, entry in value.items():
        if key not in _PASSED and isinstance(entry, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)):
            yield _Step(entry, "a bookmark" if key == "/Outlines" else where, value, key)


def _objects(values: pikepdf.Object) -> list[pikepdf.Object]:
    return [each for each in values if isinstance(each, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream))]


# ---------------------------------------------------------------- layers and other files


def _layers(root: pikepdf.Object) -> Iterator[Found]:
    """Layers that are hidden as the document opens, or that differ on paper (ISO 32000-2 §8.11.4)."""
    if "/OCProperties" not in root:
        return
    properties = root["/OCProperties"]
    default = properties.get("/D", pikepdf.Dictionary())
    if default.get("/BaseState", pikepdf.Name.ON) != pikepdf.Name.ON:
        hidden = list(properties.get("/OCGs", ()))
    else:
        hidden = list(default.get("/OFF", ()))
    automatic = [group for usage in default.get("/AS", ()) for group in usage.get("/OCGs", ())]
    for layer in (*hidden, *(group for group in automatic if _is_off_somewhere(group))):
        yield Found(Finding(f"“{layer.get('/Name', '')}”", Kind.HIDDEN_LAYER), None, "")


def _is_off_somewhere(layer: pikepdf.Object) -> bool:
    usage = layer.get("/Usage", pikepdf.Dictionary())
    states = [str(usage[f"/{use}"].get(f"/{use}State")) for use in ("View", "Print", "Export") if f"/{use}" in usage]
    return "/OFF" in states


def _outside(pdf: pikepdf.Pdf) -> Iterator[Found]:
    """Streams whose data lie in another file (§7.3.8.2)."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and "/F" in each:
            yield Found(Finding(f"object {each.objgen[0]}", Kind.OUTSIDE), None, "")
