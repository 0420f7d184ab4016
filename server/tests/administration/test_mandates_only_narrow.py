"""May Bob act for Carol? A tighter limit never allows more, and every refusal has its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.administration.mandates import Act, Mandate, Matter, Why, objections

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIGN = Matter(Act.SIGN, "HR/Contracts/2026", Decimal("4999.99"), "EUR")
WIDE = Mandate(frozenset(Act), NOON - timedelta(days=1))

acts = st.frozensets(st.sampled_from(Act))
moments = st.integers(-50, 50).map(lambda hours: NOON + timedelta(hours=hours))
classes = st.lists(st.sampled_from(["HR", "Contracts", "2026", "hr "]), max_size=3).map("/".join)
amounts = st.none() | st.decimals(0, 100, places=2)
currencies = st.sampled_from(["", "EUR", "CHF"])
matters = st.builds(Matter, st.sampled_from(Act), classes, amounts, currencies)
mandates = st.builds(
    Mandate,
    acts,
    moments,
    st.none() | moments,
    st.lists(classes.filter(bool), max_size=3).map(tuple),
    amounts,
    currencies,
    st.booleans(),
    acts,
    st.booleans(),
)


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({}, set()),
        ({"acts": frozenset({Act.APPROVE})}, {Why.ACT}),
        ({"starts_at": NOON + timedelta(seconds=1)}, {Why.NOT_YET}),
        ({"starts_at": NOON, "ends_at": NOON}, {Why.OVER}),
        ({"ends_at": NOON + timedelta(seconds=1)}, set()),
        ({"classes": ("HR/Contracts",)}, set()),
        ({"classes": ("hr / contracts/",)}, set()),
        ({"classes": ("HR/Contract", "Sales")}, {Why.CLASS}),
        ({"max_amount": Decimal("4999.99"), "currency": "EUR"}, set()),
        ({"max_amount": Decimal("4999.98"), "currency": "EUR"}, {Why.AMOUNT}),
        ({"max_amount": Decimal(5000), "currency": "CHF"}, {Why.CURRENCY}),
        ({"revoked": True}, {Why.REVOKED}),
        ({"deputys_own": frozenset()}, {Why.NO_RIGHT}),
        ({"both_there": False}, {Why.GONE}),
    ],
)
def test_each_limit_says_what_it_refuses(limits: dict[str, Any], why: set[Why]) -> None:
    assert objections(replace(WIDE, **limits), SIGN, at=NOON) == why


def test_what_a_matter_does_not_say_lies_outside_every_limit() -> None:
    limited = replace(WIDE, classes=("HR",), max_amount=Decimal(10**9), currency="EUR")
    assert objections(limited, Matter(Act.SIGN), at=NOON) == {Why.CLASS, Why.AMOUNT_UNKNOWN}


@st.composite
def tightened(draw: st.DrawFn) -> tuple[Mandate, Mandate]:
    """A mandate, and one that is nowhere wider."""
    wide = draw(mandates)
    later = wide.starts_at + timedelta(hours=draw(st.integers(0, 50)))
    end = draw(moments) if wide.ends_at is None else wide.ends_at - timedelta(hours=draw(st.integers(0, 50)))
    branches = st.tuples(st.sampled_from(wide.classes), classes).map("/".join) if wide.classes else classes.filter(bool)
    below = tuple(draw(st.lists(branches, min_size=1, max_size=3)))
    less = draw(amounts) if wide.max_amount is None else wide.max_amount * draw(st.decimals(0, 1, places=2))
    return wide, Mandate(
        wide.acts & draw(acts),
        draw(st.sampled_from([wide.starts_at, later])),
        draw(st.sampled_from([wide.ends_at, end])),
        draw(st.sampled_from([wide.classes, below])),
        draw(st.sampled_from([wide.max_amount, less])),
        wide.currency,
        wide.revoked or draw(st.booleans()),
        wide.deputys_own & draw(acts),
        wide.both_there and draw(st.booleans()),
    )


@given(tightened(), matters, moments)
def test_a_tighter_limit_never_allows_more(pair: tuple[Mandate, Mandate], matter: Matter, at: datetime) -> None:
    wide, tight = pair
    if objections(wide, matter, at=at):
        assert objections(tight, matter, at=at)


@given(mandates, matters, moments)
def test_a_smaller_amount_in_a_deeper_class_is_never_harder(mandate: Mandate, matter: Matter, at: datetime) -> None:
    if not objections(mandate, matter, at=at):
        amount = None if matter.amount is None else matter.amount / 2
        deeper = replace(matter, amount=amount, filing_class=f"{matter.filing_class}/deeper")
        assert not objections(mandate, deeper, at=at)
