"""Lists as the REST API gives them: a page, a count, in an order, filtered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field


class Listing(Schema):
    """How a list is asked for."""

    text: str = ""
    pageIndex: int = Field(0, ge=0, le=1_000_000)  # noqa: N815  the API's spelling
    itemsPerPage: int = Field(20, ge=1, le=100)  # noqa: N815
    sortBy: str = ""  # noqa: N815
    sortOrder: str = "desc"  # noqa: N815

    def sorted(self, found: QuerySet[Any], columns: Mapping[str, str]) -> QuerySet[Any]:
        """By the column asked for (`items.name`); by the first one where nothing else, or nothing known, is asked."""
        column = columns.get(self.sortBy.removeprefix("items."), next(iter(columns.values())))
        return found.order_by(f"{'' if self.sortOrder == 'asc' else '-'}{column}", "pk")

    def page(self, found: QuerySet[Any], shape: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """One page of it."""
        return self.page_of(found, lambda rows: [shape(each) for each in rows])

    def page_of(self, found: QuerySet[Any], shapes: Callable[[Sequence[Any]], list[dict[str, Any]]]) -> dict[str, Any]:
        """One page of it, whose items are written together."""
        start = self.pageIndex * self.itemsPerPage
        return {
            "items": shapes(list(found[start : start + self.itemsPerPage])),
            "itemsPerPage": self.itemsPerPage,
            "pageIndex": self.pageIndex,
            "totalItems": found.count(),
        }
