"""What a signature policy says of some facts. No database, no clock: the same question has the same answer for ever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from paraph_server.policies.facts import Facts
from paraph_server.policies.rules import Example, Requirements, Table


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule, and in what it decided: `level`, `assurance`, `means`, `time_stamp`, `evidence`, `archive_years`."""

    rule: str
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is asked for, and by which rules."""

    requirements: Requirements
    decided: tuple[Decision, ...]

    def deciders(self, *aspects: str) -> tuple[str, ...]:
        """The rules that decided in one of these."""
        return tuple(each.rule for each in self.decided if set(aspects) & set(each.aspects))


def judge(table: Table, facts: Facts) -> Judgement:
    """All rules that apply, together: of each requirement the strictest one counts."""
    matching = [rule for rule in table.rules if rule.condition.holds(facts)]
    asked = reduce(Requirements.together, (rule.requirements for rule in matching), Requirements())
    found = ((rule.name, tuple(rule.aspects(asked))) for rule in matching)
    return Judgement(asked, tuple(Decision(name, aspects) for name, aspects in found if aspects))


def failures(table: Table, examples: Sequence[Example]) -> Iterator[tuple[int, Judgement]]:
    """The examples of which the table says something else, by their place, and what it says."""
    for place, example in enumerate(examples):
        judged = judge(table, example.facts)
        if judged.requirements.levels != (example.level,):
            yield place, judged
