"""What stands in a spreadsheet for the signature policy: by the values of the REST API, or in people's words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from paraph_server.policies.facts import Counterparty, Facts
from paraph_server.policies.words import COUNTERPARTIES, KINDS, PERSONS
from paraph_server.templates.columns import Column, Columns, fold
from paraph_server.workflows import queries as workflows

LONGEST_CLASS = 200
_AMOUNT = re.compile(r"(\d{1,16}|\d{1,3}(?:[.,]\d{3}){1,4})(?:[.,](\d{1,2}))?")
_TRUE, _FALSE = {"yes", "oui", "true", "vrai", "1"}, {"no", "non", "false", "faux", "0"}


def read(columns: Columns, row: Mapping[str, str], known: Facts) -> Facts:
    """What is known of a row's workflow: what stands in its cells, else what its template says.

    Raises:
        ValueError: a cell says something else than it is asked for.
    """
    said = {column.risk: cell(column, row[column.key]) for column in columns if column.risk and row.get(column.key)}
    if "amount" in said:
        said.setdefault("currency", known.currency or "EUR")
    return replace(known, **said)


def cell(column: Column, text: str) -> Any:
    """A cell as a fact; raises ValueError with a sentence for its reader."""
    return _READERS[column.risk](text)


def _class(text: str) -> str:
    if len(text) > LONGEST_CLASS:
        raise ValueError(_("Write a class of the filing plan, such as RH/Contrats."))
    return workflows.filed(text)


def _amount(text: str) -> Decimal:
    """As French and English write it, with or without separators."""
    found = _AMOUNT.fullmatch("".join(text.split()))
    if found is None:
        raise ValueError(_("Write an amount, such as 25000 or 1200.50."))
    return Decimal(f"{re.sub(r'[.,]', '', found[1])}.{found[2] or '0'}")


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError(_("Write the currency with three letters, such as EUR."))
    return text.upper()


def _yes(text: str) -> bool:
    if fold(text) not in _TRUE | _FALSE:
        raise ValueError(_("Write yes or no."))
    return fold(text) in _TRUE


def _counterparty(text: str) -> Counterparty:
    if fold(text) in _TRUE | _FALSE:
        return Counterparty.KNOWN if _yes(text) else Counterparty.UNKNOWN
    found: Counterparty = _one_of(COUNTERPARTIES)(text)
    return found


def _one_of(words: Mapping[Any, Any]) -> Callable[[str], Any]:
    """By its value, or by what people call it in any of our languages."""

    @cache
    def known() -> dict[str, Any]:
        return {name: each for each, word in words.items() for name in (fold(each), *_names(word))}

    def chosen(text: str) -> Any:
        try:
            return known()[fold(text)]
        except KeyError:
            said = {"words": " · ".join(map(str, words.values()))}
            raise ValueError(_("Write one of these: %(words)s") % said) from None

    return chosen


def _names(word: Any) -> Iterable[str]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield fold(str(word))


_READERS: dict[str, Callable[[str], Any]] = {
    "document_kind": _one_of(KINDS),
    "filing_class": _class,
    "amount": _amount,
    "currency": _currency,
    "counterparty": _counterparty,
    "person": _one_of(PERSONS),
    "cross_border": _yes,
    "regulated_act": _yes,
}
