"""Whose turn is it, and what is allowed: a pure state machine over frozen facts.

A workflow is a sequence of stages; everybody in the current one may act, and when enough have, the next one begins. A
refusal, a cancellation or the end of the time stops it for everyone. What has ended stays ended.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Self


class Act(Enum):
    """What a person has done."""

    NOTHING = "nothing"
    DONE = "done"
    REFUSED = "refused"


class End(Enum):
    """How a workflow ended, if it has."""

    NONE = "none"
    COMPLETE = "complete"
    STOPPED = "stopped"


class NotAllowed(Exception):
    """The act is not possible now; `why` says what stands in the way."""

    def __init__(self, why: "Why") -> None:
        super().__init__(why.value)
        self.why = why


class Why(Enum):
    """What stands in the way of an act."""

    NOT_STARTED = "the workflow has not started"
    ALREADY_STARTED = "the workflow has started"
    OVER = "the workflow is over"
    ALREADY_ACTED = "this person has acted"
    NOT_YOUR_TURN = "others come first"
    NOT_NEEDED = "enough others have acted"
    UNKNOWN = "nobody of that name takes part"
    INCOMPLETE = "a stage wants more people than it has, or none"


@dataclass(frozen=True, slots=True)
class Stage:
    """People who may act at the same time, and how many of them must."""

    required: int
    people: tuple[tuple[str, Act], ...]

    @property
    def complete(self) -> bool:
        return sum(act is Act.DONE for _, act in self.people) >= self.required

    @property
    def sound(self) -> bool:
        return 1 <= self.required <= len(self.people)

    def act_of(self, person: str) -> Act | None:
        return dict(self.people).get(person)

    def having(self, person: str, act: Act) -> Self:
        return replace(self, people=tuple((name, act if name == person else old) for name, old in self.people))


@dataclass(frozen=True, slots=True)
class State:
    """Everything the rules look at."""

    stages: tuple[Stage, ...]
    started: bool = False
    stopped: bool = False

    @property
    def current(self) -> int | None:
        """The stage whose people may act, if any may."""
        if not self.started or self.stopped:
            return None
        return next((place for place, stage in enumerate(self.stages) if not stage.complete), None)

    @property
    def end(self) -> End:
        if self.stopped:
            return End.STOPPED
        return End.COMPLETE if self.started and self.current is None else End.NONE

    @property
    def turn(self) -> frozenset[str]:
        """Who may act now."""
        if self.current is None:
            return frozenset()
        return frozenset(name for name, act in self.stages[self.current].people if act is Act.NOTHING)

    def start(self) -> Self:
        if self.started or self.stopped:
            raise NotAllowed(Why.ALREADY_STARTED if self.started else Why.OVER)
        if not self.stages or not all(stage.sound for stage in self.stages):
            raise NotAllowed(Why.INCOMPLETE)
        return replace(self, started=True)

    def stop(self) -> Self:
        """Cancel it, or let its time be over."""
        if not self.started:
            raise NotAllowed(Why.NOT_STARTED)
        if self.end is not End.NONE:
            raise NotAllowed(Why.OVER)
        return replace(self, stopped=True)

    def done(self, person: str) -> Self:
        """Somebody signed or approved."""
        return self._after(person, Act.DONE)

    def refused(self, person: str) -> Self:
        """Somebody said no; that stops the workflow for everyone."""
        return replace(self._after(person, Act.REFUSED), stopped=True)

    def check(self, person: str) -> None:
        """Whether somebody may act now.

        Raises:
            NotAllowed: and why not.
        """
        if person in self.turn:
            return
        place = next((place for place, stage in enumerate(self.stages) if stage.act_of(person)), None)
        if place is None:
            raise NotAllowed(Why.UNKNOWN)
        if self.stages[place].act_of(person) is not Act.NOTHING:
            raise NotAllowed(Why.ALREADY_ACTED)
        if self.end is not End.NONE:
            raise NotAllowed(Why.OVER)
        if not self.started:
            raise NotAllowed(Why.NOT_STARTED)
        raise NotAllowed(Why.NOT_NEEDED if self.stages[place].complete else Why.NOT_YOUR_TURN)

    def _after(self, person: str, act: Act) -> Self:
        self.check(person)
        return replace(self, stages=tuple(stage.having(person, act) for stage in self.stages))
