"""The adviser answers every questionnaire, with reasons and the texts behind them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paraph.evidence import SignatureLevel
from paraph_server.policies.advice import advise
from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person
from paraph_server.policies.levels import TEXTS

HARMLESS = Facts(
    document_kind=DocumentKind.CONTRACT,
    amount=Decimal(200),
    currency="EUR",
    counterparty=Counterparty.KNOWN,
    person=Person.LEGAL,
    cross_border=False,
    regulated_act=False,
)


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, SignatureLevel.SIMPLE),
        ({"counterparty": Counterparty.UNKNOWN}, SignatureLevel.ADVANCED),
        ({"document_kind": DocumentKind.EMPLOYMENT}, SignatureLevel.ADVANCED),
        ({"amount": Decimal(1501)}, SignatureLevel.ADVANCED),
        ({"amount": Decimal(100_000)}, SignatureLevel.QUALIFIED),
        ({"amount": Decimal(20_000), "cross_border": True}, SignatureLevel.QUALIFIED),
        ({"regulated_act": True}, SignatureLevel.QUALIFIED),
        ({"document_kind": DocumentKind.TENDER}, SignatureLevel.QUALIFIED),
    ],
)
def test_the_level_grows_with_the_risk(change: dict[str, object], level: SignatureLevel) -> None:
    advice = advise(replace(HARMLESS, **change), public_body=False)  # type: ignore[arg-type]
    assert advice.level is level
    assert advice.reasons


def test_an_administrations_decision_gets_a_star() -> None:
    decision = replace(HARMLESS, document_kind=DocumentKind.DECISION)
    advice = advise(decision, public_body=True)
    assert advice.level is SignatureLevel.RGS_1
    assert any("L212-3" in each for each in advice.reasons)


def test_a_consumers_contract_is_kept_for_ten_years() -> None:
    advice = advise(replace(HARMLESS, person=Person.NATURAL), public_body=False)
    assert [each for each in advice.warnings if "L213-1" in each]
    assert not advise(HARMLESS, public_body=False).warnings


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Facts,
        document_kind=st.none() | st.sampled_from(DocumentKind),
        amount=st.none() | st.integers(0, 10**9).map(Decimal),
        currency=st.sampled_from(["EUR", "USD"]),
        counterparty=st.none() | st.sampled_from(Counterparty),
        person=st.none() | st.sampled_from(Person),
        cross_border=st.none() | st.booleans(),
        regulated_act=st.none() | st.booleans(),
    ),
    st.booleans(),
    st.sampled_from(["en", "fr"]),
)
def test_everybody_gets_an_answer(facts: Facts, public_body: bool, language: str) -> None:  # noqa: FBT001  Hypothesis gives it
    with translation.override(language):
        advice = advise(facts, public_body=public_body)
        assert all((advice.reasons, str(advice.text.title), advice.text.legal_effect))


@pytest.mark.parametrize("level", SignatureLevel)
def test_each_level_has_its_legal_effect(level: SignatureLevel) -> None:
    said = " ".join(str(each) for each in TEXTS[level].legal_effect)
    if level is SignatureLevel.QUALIFIED:
        assert "25(2)" in said
        assert "until the contrary is proven" in said
        assert "article 32" in said
    else:
        assert "2017-1416" in said
        assert "25(2)" not in said
