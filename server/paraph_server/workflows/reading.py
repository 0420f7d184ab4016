"""What belongs to a row, as a list beside it: read with it or written with it, and looked at again for nothing.

Django's own prefetching makes a manager and a query of each list, and again with each look at it: for a page of
workflows that is half of the work.
"""

from typing import Any, TypeVar

from django.db.models import Model, Prefetch, QuerySet

M = TypeVar("M", bound=Model)


def with_its(name: str, found: QuerySet[Any] | None = None) -> Prefetch:  # type: ignore[type-arg]  # not generic when it runs
    """For `prefetch_related`: read what goes by this name, too."""
    return Prefetch(name, found, to_attr=_beside(name))


def its(one: Model, name: str) -> list[Any]:
    """What goes by this name: as it was read or written with the row, else asked of the database now."""
    beside: list[Any] | None = vars(one).get(_beside(name))
    return list(getattr(one, name).all()) if beside is None else beside


def remembered(one: Model, name: str, many: list[M]) -> list[M]:
    """What is written with a row, all of it, need not be read again."""
    setattr(one, _beside(name), many)
    return many


def _beside(name: str) -> str:
    return f"its_{name}"
