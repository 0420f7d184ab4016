"""The adviser: which level suits what somebody wants to have signed, and why. Advice, not law: it binds nobody.

It is a signature policy like any other, whose rules are named for their reasons; public bodies have one of their own.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from paraph.evidence import SignatureLevel

from paraph_server.policies.evaluation import judge
from paraph_server.policies.facts import DocumentKind, Facts, Person
from paraph_server.policies.levels import TEXTS, Text
from paraph_server.policies.rules import Condition, Requirements, Rule, Table

CONSUMER_CONTRACT = 120
"""Euros from which on a professional keeps electronic contracts with consumers (Code de la consommation, D213-1)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A level, and why it."""

    level: SignatureLevel
    text: Text
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]


def advise(facts: Facts, *, public_body: bool) -> Advice:
    """The lowest level that we would sign with ourselves."""
    judged = judge(_public() if public_body else _general(), facts)
    level, *others = judged.requirements.levels
    reasons = judged.deciders("level") or (_("Nothing that you have said asks for more."),)
    return Advice(level, TEXTS[level], reasons, tuple(_warnings(facts, others)))


def _rule(reason: str, level: SignatureLevel, **condition: Any) -> Rule:
    return Rule(reason, Condition(**condition), Requirements(levels=(level,)))


def _from(amount: int) -> dict[str, Any]:
    return {"amount_from": Decimal(amount), "currency": "EUR"}


def _general() -> Table:
    advanced, qualified = SignatureLevel.ADVANCED, SignatureLevel.QUALIFIED
    kinds = DocumentKind
    return Table(
        (
            _rule(
                _(
                    "Employment contracts last, and are disputed: the employer has to prove with whom one was "
                    "concluded."
                ),
                advanced,
                document_kind=kinds.EMPLOYMENT,
            ),
            _rule(
                _("A settlement ends a dispute, and may start the next one."), advanced, document_kind=kinds.SETTLEMENT
            ),
            _rule(
                _("With a mandate somebody acts, or is paid, in the signer’s name."),
                advanced,
                document_kind=kinds.MANDATE,
            ),
            _rule(
                _("Minutes of companies are signed at least with an advanced signature (décret n° 2019-1118)."),
                advanced,
                document_kind=kinds.MINUTES,
            ),
            _rule(
                _("Who stands surety often disputes having signed: have it signed as surely as on paper."),
                qualified,
                document_kind=kinds.GUARANTEE,
            ),
            _tender(),
            _rule(
                _(
                    "Above 1 500 euros a contract is proved in writing, except between merchants (Code civil, article "
                    "1359)."
                ),
                advanced,
                amount_from=Decimal("1500.01"),
                currency="EUR",
            ),
            _rule(
                _("From 100 000 euros on, the effort is small beside what is at stake."), qualified, **_from(100_000)
            ),
            _rule(_("You do not know who signs: their name should be proven."), advanced, unknown_counterparty=True),
            _rule(
                _("A signer is abroad: a proven name helps where French evidence is not known."),
                advanced,
                cross_border=True,
            ),
            _rule(
                _(
                    "A signer is abroad and much is at stake: only a qualified signature is recognised as one in every "
                    "Member State (eIDAS, article 25(3))."
                ),
                qualified,
                cross_border=True,
                **_from(10_000),
            ),
            _rule(
                _(
                    "Where a text asks for a signed writing, a qualified signature is the one that is equal to a "
                    "handwritten one (eIDAS, article 25(2))."
                ),
                qualified,
                regulated_act=True,
            ),
        )
    )


def _public() -> Table:
    decision = DocumentKind.DECISION
    return Table(
        (
            _rule(_("A public body should be able to say who signed with it."), SignatureLevel.ADVANCED),
            _tender(),
            _rule(
                _(
                    "A decision of an administration is signed as the RGS says (Code des relations entre le public et "
                    "l’administration, article L212-3)."
                ),
                SignatureLevel.RGS_1,
                document_kind=decision,
            ),
            _rule(
                _("A decision from 90 000 euros on: the identity should have been verified face to face."),
                SignatureLevel.RGS_2,
                document_kind=decision,
                **_from(90_000),
            ),
            _rule(
                _("A text says how this decision is signed: take two stars, unless it asks for more."),
                SignatureLevel.RGS_2,
                document_kind=decision,
                regulated_act=True,
            ),
        )
    )


def _tender() -> Rule:
    return _rule(
        _(
            "Public contracts are signed with a qualified certificate, at least with an advanced signature (arrêté "
            "of 22 March 2019); a qualified signature is always accepted."
        ),
        SignatureLevel.QUALIFIED,
        document_kind=DocumentKind.TENDER,
    )


def _warnings(facts: Facts, others: list[SignatureLevel]) -> list[str]:
    found = [
        _("What you did not say may ask for this as well: %(level)s.") % {"level": TEXTS[each].title} for each in others
    ]
    if facts.regulated_act is not False:
        found.append(
            _(
                "Some acts need a notary, and private acts of family and succession law cannot be signed "
                "electronically, apart from divorces that lawyers countersign (Code civil, articles 1175 and 1369). "
                "Have it checked."
            )
        )
    consumer = facts.person is not Person.LEGAL
    if consumer and (facts.amount is None or facts.amount >= CONSUMER_CONTRACT):
        found.append(
            _(
                "A professional keeps electronic contracts with consumers from 120 euros on for ten years (Code de la "
                "consommation, articles L213-1 and D213-2)."
            )
        )
    return found
