"""Rows found by words, among however many: by the beginnings of words in a table beside them.

PostgreSQL keeps row security before everything that might leak: `LIKE`, trigrams and full-text search are not
leak-proof, so behind a policy they never reach an index and read the tenant's whole table. Comparing texts is
leak-proof. Hence a table of words, each beside the id that it leads to, and ranges over it.

A word that few have is looked up, and its rows are asked for the other words. Where every word is had by many, the
rows are looked through in the order in which they are shown, and each is asked for all of them: the first page is soon
full. Where it is not, because the words are hardly ever together, the rarest is looked up all the same. How many there
are is then estimated, for counting them takes as long as reading them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, connection, transaction
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from paraph_server.web.counts import EXACT, counted, lately
from paraph_server.web.errors import TooBroad

M = TypeVar("M", bound=Model)
T = TypeVar("T")

SAMPLE = 1000
"""Words of which an estimate is made."""
LOOKED_THROUGH, LOOKED_UP = "200ms", "5s"
"""For how long rows are looked through until the rarest word is looked up instead, and for how long that may take."""
LAST = "\U0010ffff"
_BROAD = "broad"


class Asked(Exists):
    """Whether one row has a word, asked of that row alone: without `OFFSET` the planner may read everybody's words."""

    template = "EXISTS (%(subquery)s OFFSET 0)"


@dataclass(frozen=True, slots=True)
class Range:
    """A word, or the beginning of words."""

    first: str
    beyond: str

    @classmethod
    def beginning(cls, word: str) -> "Range":
        return cls(word, word + LAST)

    @classmethod
    def just(cls, word: str) -> "Range":
        return cls(word, word + "\x01")  # no word holds that


@dataclass(frozen=True, slots=True)
class Words:
    """A table of words: the model, the field of the word, and that of the id which it leads to."""

    model: type[Model]
    word: str
    leads_to: str

    def narrow(self, found: QuerySet[M], tenant_id: str, ranges: Sequence[Range]) -> QuerySet[M]:
        """Those of some rows of a tenant that have a word in each range."""
        if not ranges:
            return found
        counts = {each: self.count(tenant_id, each) for each in ranges}
        search = _Search(self, tenant_id, *sorted(counts, key=counts.__getitem__))
        if counts[search.rarest] <= EXACT:
            return search.looked_up(found)
        narrowed = search.looked_through(found)
        narrowed._hints = {**narrowed._hints, _BROAD: search}  # type: ignore[attr-defined]  # noqa: SLF001  what a query set carries along
        return narrowed

    def within(self, tenant_id: str, sought: Range) -> QuerySet[Any]:
        limits = {f"{self.word}__gte": sought.first, f"{self.word}__lt": sought.beyond}
        return self.model._default_manager.filter(tenant=tenant_id, **limits)  # noqa: SLF001  Django's own name for it

    def count(self, tenant_id: str, sought: Range) -> int:
        question = (self.model.__name__, tenant_id, sought.first, sought.beyond)
        return lately(question, lambda: counted(self.within(tenant_id, sought)))

    def asked(self, tenant_id: str, ranges: Sequence[Range], key: str) -> list[Asked]:
        return [Asked(self.within(tenant_id, each).filter(**{self.leads_to: OuterRef(key)})) for each in ranges]


class _Search:
    """A search for some words of a tenant, the rarest first."""

    def __init__(self, words: Words, tenant_id: str, rarest: Range, *others: Range) -> None:
        self.words, self.tenant_id, self.rarest, self.others = words, tenant_id, rarest, others

    def looked_up(self, found: QuerySet[M]) -> QuerySet[M]:
        key = self.words.leads_to
        rarest = self.words.within(self.tenant_id, self.rarest)
        ids = rarest.filter(*self.words.asked(self.tenant_id, self.others, key)).values(key)
        return found.filter(pk__among=ArraySubquery(ids))

    def looked_through(self, found: QuerySet[M]) -> QuerySet[M]:
        return found.filter(*self.words.asked(self.tenant_id, [self.rarest, *self.others], "pk"))

    def estimate(self, found: QuerySet[Any]) -> int:
        """How many rows were found, going by some of those that have the rarest word."""
        found = found.order_by()
        return lately(("estimate", *found.query.sql_with_params()), lambda: self._estimate(found))

    def _estimate(self, found: QuerySet[Any]) -> int:
        key, rarest = self.words.leads_to, self.words.within(self.tenant_id, self.rarest)
        there = rarest[:SAMPLE].annotate(there=Asked(found.filter(pk=OuterRef(key))))
        sample = there.aggregate(rows=Count(key, filter=Q(there=True), distinct=True), words=Count(key))
        share: float = sample["rows"] / max(sample["words"], 1)
        return round(self.words.count(self.tenant_id, self.rarest) * share)


def search_of(found: Any) -> _Search | None:
    """The search for common words that was narrowed down to these rows, if one was."""
    return getattr(found, "_hints", {}).get(_BROAD)


def read(found: QuerySet[Any, T], start: int, stop: int) -> list[T]:
    """Some of the rows.

    Raises:
        TooBroad: very many have each of the words, and next to nobody all of them.
    """
    search = search_of(found)
    if search is None:
        return list(found[start:stop])
    try:
        return _within(LOOKED_THROUGH, found[start:stop])
    except TooBroad:
        return _within(LOOKED_UP, search.looked_up(found)[start:stop])


def _within(time: str, found: QuerySet[Any, T]) -> list[T]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [time])
            rows = list(found)
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return rows
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise TooBroad(_("Many have each of these words, and hardly any all of them: add a rarer one.")) from None
