"""Whatever the table: when any fact becomes riskier, or unknown, nothing that was asked for is asked for no more."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paraph.evidence import Means, SignatureLevel
from paraph.evidence.level import Assurance
from paraph_server.policies.evaluation import judge
from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person
from paraph_server.policies.rules import Condition, Offer, Requirements, Rule, Table

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CLASSES = ["", "RH", "RH/Contrats", "rh/contrats/2026", "Achats"]
amounts = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
currencies = st.sampled_from(["EUR", "USD"])
kinds = st.sampled_from([DocumentKind.ORDER, DocumentKind.EMPLOYMENT])

conditions = st.builds(
    Condition,
    filing_class=st.sampled_from(CLASSES),
    document_kind=st.none() | kinds,
    amount_from=st.none() | amounts,
    currency=currencies,
    unknown_counterparty=st.booleans(),
    person=st.none() | st.sampled_from(Person),
    cross_border=st.booleans(),
    regulated_act=st.booleans(),
    signers_from=st.none() | st.integers(1, 5),
)
requirements = st.builds(
    Requirements,
    levels=st.sampled_from(SignatureLevel).map(lambda level: (level,)),
    assurance=st.sampled_from(Assurance),
    means=st.lists(st.sampled_from(Means), max_size=2, unique=True).map(tuple),
    time_stamp=st.booleans(),
    evidence=st.booleans(),
    archive_years=st.integers(0, 30),
)
rules = st.lists(st.builds(Rule, name=st.text(max_size=3), condition=conditions, requirements=requirements), max_size=6)
tables = rules.map(lambda found: Table(tuple(found)))
facts = st.builds(
    Facts,
    filing_class=st.sampled_from(CLASSES),
    document_kind=st.none() | kinds,
    amount=st.none() | amounts,
    currency=currencies,
    counterparty=st.none() | st.sampled_from(Counterparty),
    person=st.none() | st.sampled_from(Person),
    cross_border=st.none() | st.booleans(),
    regulated_act=st.none() | st.booleans(),
    signers=st.none() | st.integers(1, 6),
)


def riskier(draw: st.DrawFn, known: Facts) -> Facts:
    """The same facts, some of them riskier: more, yes instead of no, or not known."""
    changes: dict[str, Any] = {
        "filing_class": "",
        "document_kind": None,
        "amount": None if known.amount is None else draw(st.none() | st.just(known.amount + draw(amounts))),
        "counterparty": draw(st.sampled_from([Counterparty.UNKNOWN, None])),
        "person": None,
        "cross_border": draw(st.sampled_from([True, None])),
        "regulated_act": draw(st.sampled_from([True, None])),
        "signers": None if known.signers is None else draw(st.none() | st.just(known.signers + 1)),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(changes))))
    return replace(known, **{name: changes[name] for name in chosen})


@st.composite
def risks(draw: st.DrawFn) -> tuple[Facts, Facts]:
    known = draw(facts)
    return known, riskier(draw, known)


@PATIENT
@given(tables, risks())
def test_more_risk_never_asks_for_less(table: Table, risk: tuple[Facts, Facts]) -> None:
    less, more = (judge(table, each).requirements for each in risk)
    assert more.include(less)


@PATIENT
@given(tables, risks(), st.builds(Offer, st.sampled_from(SignatureLevel), st.just(tuple(Means))))
def test_what_will_do_for_more_risk_will_do_for_less(table: Table, risk: tuple[Facts, Facts], offer: Offer) -> None:
    less, more = (judge(table, each).requirements for each in risk)
    assert less.met_by(offer) or not more.met_by(offer)


@PATIENT
@given(tables, st.builds(Rule, name=st.just("one more"), condition=conditions, requirements=requirements), facts)
def test_one_rule_more_never_asks_for_less(table: Table, rule: Rule, known: Facts) -> None:
    longer = Table((*table.rules, rule))
    assert judge(longer, known).requirements.include(judge(table, known).requirements)


@PATIENT
@given(tables, facts)
def test_the_order_of_the_rules_does_not_matter(table: Table, known: Facts) -> None:
    backwards = Table(table.rules[::-1])
    assert judge(table, known).requirements == judge(backwards, known).requirements


@PATIENT
@given(tables, facts)
def test_every_requirement_names_a_rule_that_makes_it(table: Table, known: Facts) -> None:
    judged = judge(table, known)
    named = {each.rule for each in judged.decided}
    aspects = {aspect for each in judged.decided for aspect in each.aspects}
    least = Requirements()
    asked = {
        "level": judged.requirements.levels != least.levels,
        "assurance": judged.requirements.assurance > least.assurance,
        "means": bool(judged.requirements.means),
        "time_stamp": judged.requirements.time_stamp,
        "evidence": judged.requirements.evidence,
        "archive_years": judged.requirements.archive_years > 0,
    }
    assert aspects == {name for name, wanted in asked.items() if wanted}
    assert named <= {each.name for each in table.rules if each.condition.holds(known)}


def test_an_amount_in_another_currency_is_not_less() -> None:
    condition = Condition(amount_from=Decimal(1000), currency="EUR")
    assert condition.holds(Facts(amount=Decimal(1), currency="USD"))
    assert not condition.holds(Facts(amount=Decimal(0), currency="USD"))
    assert not condition.holds(Facts(amount=Decimal("999.99"), currency="eur"))


def test_a_class_holds_those_below_it_only() -> None:
    condition = Condition(filing_class="RH/Contrats")
    assert condition.holds(Facts(filing_class="rh / contrats / 2026"))
    assert not condition.holds(Facts(filing_class="RH/ContratsAnciens"))
    assert not condition.holds(Facts(filing_class="RH"))
