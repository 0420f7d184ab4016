"""May somebody act for somebody else, on this matter, now? A pure function over frozen facts.

A mandate only ever narrows: every limit in it is one more reason to refuse. What a matter does not say, its class or
its amount, lies outside every limit on it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum


class Act(Enum):
    SIGN = "sign"
    APPROVE = "approve"
    READ = "read"
    """Confirm that one has read: whoever may sign or approve may, and everybody in their own name."""


class Why(Enum):
    """What stands in the way."""

    REVOKED = "the delegation was revoked"
    NOT_YET = "the delegation begins later"
    OVER = "the delegation has ended"
    ACT = "the delegation is for another kind of act"
    NO_RIGHT = "the deputy has no right to do this at all"
    GONE = "the principal or the deputy is no longer there"
    CLASS = "the document class lies outside the delegation"
    AMOUNT = "the amount lies above the limit"
    AMOUNT_UNKNOWN = "the amount is not known, and the delegation has a limit"
    CURRENCY = "the amount is in another currency than the limit"


@dataclass(frozen=True, slots=True)
class Mandate:
    """A delegation, and what its deputy may do in their own name."""

    acts: frozenset[Act]
    starts_at: datetime
    ends_at: datetime | None = None
    classes: tuple[str, ...] = ()
    max_amount: Decimal | None = None
    currency: str = ""
    revoked: bool = False
    deputys_own: frozenset[Act] = frozenset(Act)
    both_there: bool = True


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be signed or approved."""

    act: Act
    filing_class: str = ""
    amount: Decimal | None = None
    currency: str = ""


def objections(mandate: Mandate, matter: Matter, *, at: datetime) -> frozenset[Why]:
    """Everything that stands in the way; nothing means that the deputy may act."""
    found = {
        Why.REVOKED: mandate.revoked,
        Why.NOT_YET: at < mandate.starts_at,
        Why.OVER: mandate.ends_at is not None and at >= mandate.ends_at,
        Why.ACT: matter.act not in mandate.acts,
        Why.NO_RIGHT: matter.act not in mandate.deputys_own,
        Why.GONE: not mandate.both_there,
        Why.CLASS: bool(mandate.classes) and not any(_below(matter.filing_class, each) for each in mandate.classes),
    }
    if mandate.max_amount is not None:
        found |= _about_money(mandate.max_amount, mandate.currency, matter)
    return frozenset(why for why, stands in found.items() if stands)


def _about_money(limit: Decimal, currency: str, matter: Matter) -> dict[Why, bool]:
    if matter.amount is None:
        return {Why.AMOUNT_UNKNOWN: True}
    return {Why.CURRENCY: matter.currency != currency, Why.AMOUNT: matter.amount > limit}


def _below(filing_class: str, branch: str) -> bool:
    """Whether a class is a branch, or below it: `HR/Contracts` does not hold `HR/ContractsOld`."""
    wanted = _steps(branch)
    return _steps(filing_class)[: len(wanted)] == wanted


def _steps(filing_class: str) -> list[str]:
    return [step.strip().casefold() for step in filing_class.split("/") if step.strip()]
