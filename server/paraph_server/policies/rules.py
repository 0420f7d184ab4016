"""The rows of a signature policy: when a rule applies, and what it asks for. Nothing here knows a database.

Every condition of a rule asks for *at least* some risk: an amount from a threshold on, an unknown counterparty, another
country. There is none for the harmless case, so that a workflow that becomes riskier never leaves a rule behind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from paraph.evidence import Means, SignatureLevel
from paraph.evidence.level import Assurance

from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule applies: everything that is said here holds, or is not known. What is not said does not matter."""

    filing_class: str = ""
    """This class of the filing plan, and those below it."""
    document_kind: DocumentKind | None = None
    amount_from: Decimal | None = None
    currency: str = ""
    unknown_counterparty: bool = False
    person: Person | None = None
    cross_border: bool = False
    regulated_act: bool = False
    signers_from: int | None = None

    def holds(self, facts: Facts) -> bool:
        return all(
            (
                self._holds_class(facts.filing_class),
                self.document_kind is None or facts.document_kind in {None, self.document_kind},
                self._holds_amount(facts),
                not self.unknown_counterparty or facts.counterparty is not Counterparty.KNOWN,
                self.person is None or facts.person in {None, self.person},
                not self.cross_border or facts.cross_border is not False,
                not self.regulated_act or facts.regulated_act is not False,
                self.signers_from is None or facts.signers is None or facts.signers >= self.signers_from,
            )
        )

    def _holds_class(self, filing_class: str) -> bool:
        wanted, given = _steps(self.filing_class), _steps(filing_class)
        return not given or given[: len(wanted)] == wanted

    def _holds_amount(self, facts: Facts) -> bool:
        """Amounts in two currencies cannot be compared: only nothing at all is surely less."""
        if self.amount_from is None or facts.amount is None:
            return True
        if facts.currency.upper() != self.currency.upper():
            return facts.amount > 0 or self.amount_from <= 0
        return facts.amount >= self.amount_from


def _steps(filing_class: str) -> list[str]:
    return [step.strip().casefold() for step in filing_class.split("/") if step.strip()]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a way of signing promises: the level that it must reach, and by what signers prove who they are."""

    level: SignatureLevel
    means: tuple[Means, ...]

    @property
    def assurance(self) -> Assurance:
        """How sure one is of the signer's identity when every means succeeds."""
        return max((each.trait.assurance for each in self.means if each.trait.names), default=Assurance.NONE)


@dataclass(frozen=True, slots=True)
class Requirements:
    """What is asked of a signature and of what is kept of it."""

    levels: tuple[SignatureLevel, ...] = (SignatureLevel.SIMPLE,)
    """All of them; more than one where none includes the other, such as a qualified one and a star of the RGS."""
    assurance: Assurance = Assurance.NONE
    means: tuple[Means, ...] = ()
    """All of them."""
    time_stamp: bool = False
    evidence: bool = False
    archive_years: int = 0

    def together(self, other: "Requirements") -> "Requirements":
        """The strictest of both, each requirement for itself."""
        return Requirements(
            levels=_highest((*self.levels, *other.levels)),
            assurance=max(self.assurance, other.assurance),
            means=tuple(each for each in Means if each in {*self.means, *other.means}),
            time_stamp=self.time_stamp or other.time_stamp,
            evidence=self.evidence or other.evidence,
            archive_years=max(self.archive_years, other.archive_years),
        )

    def include(self, other: "Requirements") -> bool:
        """Whether whoever meets these meets the others."""
        return self.together(other) == self.together(self)

    def met_by(self, offer: Offer) -> bool:
        """Whether a way of signing will do. Every signature here is time-stamped, and has its evidence."""
        return (
            all(offer.level.includes(each) for each in self.levels)
            and offer.assurance >= self.assurance
            and set(self.means) <= set(offer.means)
        )


def _highest(levels: Iterable[SignatureLevel]) -> tuple[SignatureLevel, ...]:
    """Those that no other one includes."""
    present = set(levels)
    return tuple(
        each
        for each in SignatureLevel
        if each in present and not any(other.includes(each) for other in present - {each})
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table."""

    name: str
    condition: Condition
    requirements: Requirements

    def aspects(self, decided: Requirements) -> Iterator[str]:
        """In what the rule is as strict as what was decided."""
        mine, least = self.requirements, Requirements()
        if any(each in decided.levels and each not in least.levels for each in mine.levels):
            yield "level"
        for name in ("assurance", "time_stamp", "evidence", "archive_years"):
            if getattr(mine, name) == getattr(decided, name) > getattr(least, name):
                yield name
        if mine.means:
            yield "means"


@dataclass(frozen=True, slots=True)
class Table:
    """A signature policy, as a value."""

    rules: tuple[Rule, ...] = ()
    country: str = "FR"
    """The organisation's: whoever signs in another one signs across a border."""

    def asks_about(self) -> frozenset[str]:
        """The fields of `Condition` that some rule looks at."""
        nothing = Condition()
        return frozenset(
            name
            for rule in self.rules
            for name in Condition.__dataclass_fields__
            if getattr(rule.condition, name) != getattr(nothing, name)
        )


@dataclass(frozen=True, slots=True)
class Example:
    """Facts, and the level that the policy must ask for then: what its author wants it to mean."""

    facts: Facts
    level: SignatureLevel
