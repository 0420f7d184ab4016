"""Policies to start from. Whoever takes one over makes it their own: its amounts and levels only show what is usual."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from paraph.evidence import Means, SignatureLevel
from paraph.evidence.level import Assurance

from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person
from paraph_server.policies.rules import Condition, Example, Requirements, Rule, Table

CONTRACT, ACCOUNTS = 5, 10
"""Years to keep what has ended: the limitation of Code civil, article 2224; accounts, Code de commerce, L123-22."""
SIMPLE, ADVANCED, QUALIFIED = SignatureLevel.SIMPLE, SignatureLevel.ADVANCED, SignatureLevel.QUALIFIED


@dataclass(frozen=True, slots=True)
class Starter:
    """A policy to start from, in the language of whoever looks at it."""

    id: str
    title: str | Promise
    rules: Callable[[], tuple[Rule, ...]]
    examples: tuple[Example, ...]

    @property
    def table(self) -> Table:
        return Table(self.rules())


def _rule(name: str, level: SignatureLevel = SIMPLE, *, years: int = 0, when: Condition, **more: Any) -> Rule:
    return Rule(name, when, Requirements(levels=(level,), time_stamp=True, evidence=True, archive_years=years, **more))


def _when(kind: DocumentKind | None = None, euros: int | None = None, **more: Any) -> Condition:
    if euros is None:
        return Condition(document_kind=kind, **more)
    return Condition(document_kind=kind, amount_from=Decimal(euros), currency="EUR", **more)


def _facts(kind: DocumentKind, euros: int = 0, **more: Any) -> Facts:
    """Facts in which nothing is risky but what is said."""
    harmless = {
        "counterparty": Counterparty.KNOWN,
        "person": Person.LEGAL,
        "cross_border": False,
        "regulated_act": False,
        "signers": 1,
    }
    return Facts(document_kind=kind, amount=Decimal(euros), currency="EUR", **{**harmless, **more})


KINDS = DocumentKind


def _staff() -> tuple[Rule, ...]:
    unknown = _when(unknown_counterparty=True)
    return (
        _rule(_("Notices, charters and other staff documents"), years=CONTRACT, when=_when(KINDS.STAFF)),
        _rule(_("Employment contracts and their changes"), ADVANCED, years=CONTRACT, when=_when(KINDS.EMPLOYMENT)),
        _rule(_("Employment abroad"), QUALIFIED, years=CONTRACT, when=_when(KINDS.EMPLOYMENT, cross_border=True)),
        _rule(
            _("Settlements and agreed terminations"),
            ADVANCED,
            years=CONTRACT,
            assurance=Assurance.SUBSTANTIAL,
            when=_when(KINDS.SETTLEMENT),
        ),
        _rule(_("People we do not know yet"), assurance=Assurance.LOW, when=unknown),
    )


def _purchasing() -> tuple[Rule, ...]:
    return (
        _rule(_("Orders"), years=ACCOUNTS, when=_when(KINDS.ORDER)),
        _rule(_("From 25 000 euros on"), ADVANCED, years=ACCOUNTS, when=_when(euros=25_000)),
        _rule(_("From 200 000 euros on"), QUALIFIED, years=ACCOUNTS, when=_when(euros=200_000)),
        _rule(_("Suppliers we do not know"), ADVANCED, when=_when(unknown_counterparty=True)),
        _rule(_("Abroad, from 25 000 euros on"), QUALIFIED, when=_when(euros=25_000, cross_border=True)),
    )


def _commerce() -> tuple[Rule, ...]:
    return (
        _rule(_("Consumers, from 120 euros on"), years=ACCOUNTS, when=_when(euros=120, person=Person.NATURAL)),
        _rule(_("From 1 500 euros on"), means=(Means.SMS_CODE,), years=CONTRACT, when=_when(euros=1500)),
        _rule(_("From 15 000 euros on"), ADVANCED, years=CONTRACT, when=_when(euros=15_000)),
        _rule(
            _("Customers we do not know, from 1 500 euros on"),
            ADVANCED,
            when=_when(euros=1500, unknown_counterparty=True),
        ),
        _rule(_("Mandates"), ADVANCED, years=CONTRACT, when=_when(KINDS.MANDATE)),
        _rule(_("Sureties"), QUALIFIED, years=CONTRACT, when=_when(KINDS.GUARANTEE)),
    )


def _public() -> tuple[Rule, ...]:
    decision = KINDS.DECISION
    two, three = SignatureLevel.RGS_2, SignatureLevel.RGS_3
    return (
        _rule(_("Everything"), ADVANCED, years=CONTRACT, when=_when()),
        _rule(_("Public contracts"), QUALIFIED, years=ACCOUNTS, when=_when(KINDS.TENDER)),
        _rule(_("Decisions"), SignatureLevel.RGS_1, years=ACCOUNTS, when=_when(decision)),
        _rule(_("Decisions from 90 000 euros on"), two, when=_when(decision, euros=90_000)),
        _rule(_("Decisions in a prescribed form"), two, when=_when(decision, regulated_act=True)),
        _rule(
            _("Decisions in a prescribed form, from 1 000 000 euros on"),
            three,
            when=_when(decision, euros=1_000_000, regulated_act=True),
        ),
    )


def _insurance() -> tuple[Rule, ...]:
    return (
        _rule(_("Insurance contracts"), means=(Means.SMS_CODE,), years=ACCOUNTS, when=_when(KINDS.INSURANCE)),
        _rule(_("From 10 000 euros on"), ADVANCED, when=_when(euros=10_000)),
        _rule(
            _("Persons, from 150 000 euros on"),
            ADVANCED,
            assurance=Assurance.SUBSTANTIAL,
            when=_when(euros=150_000, person=Person.NATURAL),
        ),
        _rule(_("Settled claims"), ADVANCED, years=ACCOUNTS, when=_when(KINDS.SETTLEMENT)),
        _rule(_("Mandates"), ADVANCED, years=CONTRACT, when=_when(KINDS.MANDATE)),
        _rule(
            _("Customers we do not know"),
            ADVANCED,
            assurance=Assurance.SUBSTANTIAL,
            when=_when(unknown_counterparty=True),
        ),
        _rule(_("Acts in a prescribed form"), QUALIFIED, when=_when(regulated_act=True)),
    )


UNKNOWN: dict[str, Any] = {"counterparty": Counterparty.UNKNOWN}
NATURAL: dict[str, Any] = {"person": Person.NATURAL}
STARTERS = (
    Starter(
        "staff",
        gettext_lazy("Human resources"),
        _staff,
        (
            Example(_facts(KINDS.STAFF, **NATURAL), SIMPLE),
            Example(_facts(KINDS.EMPLOYMENT, **NATURAL, **UNKNOWN), ADVANCED),
            Example(_facts(KINDS.EMPLOYMENT, **NATURAL, cross_border=True), QUALIFIED),
        ),
    ),
    Starter(
        "purchasing",
        gettext_lazy("Purchasing"),
        _purchasing,
        (
            Example(_facts(KINDS.ORDER, 4_900), SIMPLE),
            Example(_facts(KINDS.ORDER, 25_000), ADVANCED),
            Example(_facts(KINDS.CONTRACT, 40_000, cross_border=True), QUALIFIED),
            Example(Facts(), QUALIFIED),
        ),
    ),
    Starter(
        "commerce",
        gettext_lazy("Commerce"),
        _commerce,
        (
            Example(_facts(KINDS.ORDER, 300, **NATURAL, **UNKNOWN), SIMPLE),
            Example(_facts(KINDS.ORDER, 2_000, **UNKNOWN), ADVANCED),
            Example(_facts(KINDS.GUARANTEE), QUALIFIED),
        ),
    ),
    Starter(
        "public",
        gettext_lazy("Public bodies (RGS)"),
        _public,
        (
            Example(_facts(KINDS.STAFF), ADVANCED),
            Example(_facts(KINDS.DECISION), SignatureLevel.RGS_1),
            Example(_facts(KINDS.DECISION, 90_000), SignatureLevel.RGS_2),
            Example(_facts(KINDS.TENDER, 250_000), QUALIFIED),
        ),
    ),
    Starter(
        "insurance",
        gettext_lazy("Insurance"),
        _insurance,
        (
            Example(_facts(KINDS.INSURANCE, 900, **NATURAL), SIMPLE),
            Example(_facts(KINDS.INSURANCE, 12_000, **NATURAL), ADVANCED),
            Example(_facts(KINDS.SETTLEMENT, 3_000, **NATURAL), ADVANCED),
            Example(_facts(KINDS.CONTRACT, regulated_act=True), QUALIFIED),
        ),
    ),
)
