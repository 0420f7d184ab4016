"""The table in `examples.md`, row by row; and what each policy brings along itself."""

from decimal import Decimal
from pathlib import Path

import pytest
from paraph.evidence import SignatureLevel
from paraph_server.policies.evaluation import failures, judge
from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person
from paraph_server.policies.starters import STARTERS, Starter

WRITTEN = (Path(__file__).parent / "examples.md").read_text().splitlines()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in WRITTEN if line.startswith("|")][2:]
KNOWN = {"yes": True, "no": False}


def test_there_are_fifty() -> None:
    assert len(ROWS) >= 50


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_the_level_is_what_the_table_says(row: list[str]) -> None:
    policy, kind, amount, currency, counterparty, person, abroad, regulated, level = row
    facts = Facts(
        document_kind=None if kind == "?" else DocumentKind(kind),
        amount=None if amount == "?" else Decimal(amount),
        currency=currency,
        counterparty=None if counterparty == "?" else Counterparty(counterparty),
        person=None if person == "?" else Person(person),
        cross_border=KNOWN.get(abroad),
        regulated_act=KNOWN.get(regulated),
    )
    [starter] = [each for each in STARTERS if each.id == policy]
    asked = judge(starter.table, facts).requirements.levels
    assert asked == tuple(SignatureLevel(each) for each in level.split(" + "))


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.id)
def test_a_policy_can_be_put_into_force_as_it_is(starter: Starter) -> None:
    assert starter.examples
    assert not list(failures(starter.table, starter.examples))
