"""Lists as the REST API gives them: a page, a count, in an order, filtered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from ninja import Schema
from pydantic import Field

from paraph_server.web import counts, words
from paraph_server.web.schemas import Page

T = TypeVar("T")


class Paging(Schema):
    """Which part of a list is asked for, and in which order."""

    pageIndex: int = Field(0, ge=0, le=1_000_000, description="Which page, from 0.")  # noqa: N815  the API's spelling
    itemsPerPage: int = Field(20, ge=1, le=100, description="How many items a page holds.")  # noqa: N815
    sortBy: str = Field("", max_length=60, description="The field to sort by, such as `items.created`.")  # noqa: N815
    sortOrder: Literal["asc", "desc"] = Field("desc", description="Smallest or largest first.")  # noqa: N815

    def sorted(self, found: QuerySet[Any], columns: Mapping[str, str]) -> QuerySet[Any]:
        """By the column asked for (`items.name`); by the first one where nothing else, or nothing known, is asked."""
        column = columns.get(self.sortBy.removeprefix("items."), next(iter(columns.values())))
        direction = "" if self.sortOrder == "asc" else "-"
        return found.order_by(f"{direction}{column}", f"{direction}pk")

    def page(self, found: QuerySet[Any], shape: Callable[[Any], T]) -> Page[T]:
        """One page of it."""
        return self.page_of(found, lambda rows: [shape(each) for each in rows])

    def page_of(self, found: QuerySet[Any], shapes: Callable[[Sequence[Any]], list[T]]) -> Page[T]:
        """One page of it, whose items are written together."""
        start = self.pageIndex * self.itemsPerPage
        items = shapes(words.read(found, start, start + self.itemsPerPage))
        last = len(items) < self.itemsPerPage and (items or not start)
        return {
            "items": items,
            "itemsPerPage": self.itemsPerPage,
            "pageIndex": self.pageIndex,
            "totalItems": start + len(items) if last else max(total(found), start + len(items) if items else 0),
        }


class Listing(Paging):
    """The same for lists in which one can look for something."""

    text: str = Field("", max_length=200, description="What is looked for, in words or beginnings of words.")


class Pages(Paginator):  # type: ignore[type-arg]  # not generic when it runs
    """The same for pages in a browser."""

    @cached_property
    def count(self) -> int:
        return total(self.object_list)


def total(found: Any) -> int:
    """How many there are; about, where all that was looked for is common words."""
    search = words.search_of(found)
    return search.estimate(found) if search else counts.total(found)
