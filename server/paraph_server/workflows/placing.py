"""The page on which somebody reads a document and says where the blocks stand: for its sender, and through a viewer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from paraph_server.documents import queries as stored
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import fields, queries
from paraph_server.workflows.fields import Place
from paraph_server.workflows.models import Document, Recipient, Status
from paraph_server.workflows.placement import HEIGHT, WIDTH

IMAGE_WIDTH = 1200  # pixels: sharp on a phone, legible on a desk
TEXTS = 50
"""Pages whose text is put beside their image; a longer document is better read in its own file."""
POINT = 25.4 / 72  # millimetres, in which people are asked
DAY = 24 * 3600
Sizes = Sequence[tuple[float, float]]


class PlaceForm(forms.Form):
    """Where one signer's block stands: a page, and millimetres from its top left corner; nothing is anywhere."""

    page = forms.IntegerField(label=_("Page"), required=False, min_value=1)
    x = forms.FloatField(label=_("From the left"), required=False, min_value=0)
    y = forms.FloatField(label=_("From the top"), required=False, min_value=0)
    width = forms.FloatField(label=_("Width"), required=False, min_value=20 * POINT, initial=round(WIDTH * POINT, 1))
    height = forms.FloatField(label=_("Height"), required=False, min_value=10 * POINT, initial=round(HEIGHT * POINT, 1))

    def __init__(self, *args: Any, sizes: Sizes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sizes = tuple(sizes)
        for name, field in self.fields.items():
            field.widget.attrs |= {"step": "1" if name == "page" else "any", "data-place": name}
        self.fields["page"].widget.attrs["max"] = len(sizes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("page") and not self.errors:
            edges = [cleaned.get(name) for name in ("x", "y", "width", "height")]
            if None in edges or not self._place(cleaned).fits(self._sizes):
                raise forms.ValidationError(_("This place does not lie on the page."))
        return cleaned

    @property
    def place(self) -> Place | None:
        return self._place(self.cleaned_data) if self.cleaned_data.get("page") else None

    @staticmethod
    def _place(cleaned: dict[str, Any]) -> Place:
        x, y, width, height = (round((cleaned.get(name) or 0) / POINT, 2) for name in ("x", "y", "width", "height"))
        return Place(cleaned["page"], x, y, width, height)


@dataclass(frozen=True, slots=True)
class Placing:
    """A document on that page, with the addresses that belong to it."""

    document: Document
    address: str
    """Of the page; images of the document's pages lie below it."""

    @property
    def open(self) -> bool:
        """Whether blocks can be placed still."""
        return self.document.signature_profile_id is not None and self.document.workflow.status == Status.DRAFT

    def forms(self, sizes: Sizes, data: Any = None) -> list[tuple[Recipient, PlaceForm]]:
        """One for each signer."""
        given = fields.places(self.document)
        return [
            (
                signer,
                PlaceForm(data, prefix=f"signer-{number}", initial=_initial(given.get(number), sizes), sizes=sizes),
            )
            for number, signer in enumerate(queries.signers(self.document.workflow), start=1)
        ]


def _initial(place: Place | None, sizes: Sizes) -> dict[str, Any]:
    """What the form begins with; a field of the file, and a place on no page, are left to be said anew."""
    if place is None or not place.fits(tuple(sizes)):
        return {}
    edges = {name: round(getattr(place, name) * POINT, 1) for name in ("x", "y", "width", "height")}
    return {"page": place.page, **edges}


def chosen(entries: Sequence[tuple[Recipient, PlaceForm]]) -> list[dict[str, Any]]:
    """What was said, as fields of the document."""
    places = [(number, form.place) for number, (_signer, form) in enumerate(entries, start=1)]
    return [place.written(number) for number, place in places if place]


def show(
    request: HttpRequest,
    placing: Placing,
    entries: Sequence[tuple[Recipient, PlaceForm]],
    *,
    sizes: Sizes,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page, with what is in the forms."""
    pages = [
        {"number": number, "width": width, "height": height, "text": _text(placing.document, number)}
        for number, (width, height) in enumerate(sizes, start=1)
    ]
    frame = {"placing": placing, "document": placing.document, "pages": pages, "entries": entries}
    return render(request, "workflows/placing.html", frame | context, status=status)


def _text(document: Document, number: int) -> str:
    try:
        return stored.page_text(document.current, number) if number <= TEXTS else ""
    except PlatformError:  # a page that cannot be read aloud can still be looked at
        return ""


def answered(
    request: HttpRequest,
    placing: Placing,
    save: Callable[[list[dict[str, Any]]], HttpResponse],
    **context: Any,
) -> HttpResponse:
    """Show the page, or save what it says: `save` answers then."""
    sizes: Sizes = stored.facts(placing.document.current).sizes if placing.document.current.pages else ()
    if request.method != "POST":
        return show(request, placing, placing.forms(sizes) if placing.open else (), sizes=sizes, **context)
    entries = placing.forms(sizes, request.POST)
    valid = [form.is_valid() for _signer, form in entries]  # every form says what is wrong with it
    if not all(valid):
        return show(request, placing, entries, sizes=sizes, status=422, **context)
    return save(chosen(entries))


@require_safe
def image(request: HttpRequest, document: Document, page: int) -> HttpResponse:  # noqa: ARG001
    drawn = stored.page_image(document.current, page, IMAGE_WIDTH)
    return HttpResponse(drawn, content_type="image/webp", headers={"Cache-Control": f"private, max-age={DAY}"})
