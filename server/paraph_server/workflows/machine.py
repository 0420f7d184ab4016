"""Whose turn is it, and what is allowed: a pure state machine over frozen facts.

A workflow is a sequence of stages; everybody in the current one may act, and when enough have, the next one begins. A
refusal, a cancellation or the end of the time stops it for everyone. What has ended stays ended.

While it is paused nobody may act; what somebody gave before takes effect all the same. Who has not acted yet can be
replaced, or hand their turn to somebody else: others keep what they did, and the number of people needed stays.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Self


class Act(Enum):
    """What a person has done."""

    NOTHING = "nothing"
    GIVEN = "given"
    """They have acted; the platform is still carrying it out."""
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
    PAUSED = "the workflow is paused"
    NOT_PAUSED = "the workflow is not paused"
    NOT_REFUSABLE = "nobody may refuse in this stage"
    NOT_DELEGABLE = "nobody may hand over their turn in this stage"
    TAKES_PART = "this person takes part already"


@dataclass(frozen=True, slots=True)
class Stage:
    """People who may act at the same time, and how many of them must."""

    required: int
    people: tuple[tuple[str, Act], ...]
    refusable: bool = True
    delegable: bool = False

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

    def with_people(self, names: tuple[str, ...], required: int) -> Self:
        """Others in the places where nobody has acted; who has acted keeps their place and what they did.

        Raises:
            NotAllowed: enough have acted, somebody who acted would lose their place, or too few would remain.
        """
        if self.complete:
            raise NotAllowed(Why.NOT_NEEDED)
        acts = dict(self.people)
        if any(act is not Act.NOTHING and name not in names for name, act in self.people):
            raise NotAllowed(Why.ALREADY_ACTED)
        changed = replace(self, required=required, people=tuple((name, acts.get(name, Act.NOTHING)) for name in names))
        if not changed.sound or changed.complete:
            raise NotAllowed(Why.INCOMPLETE)
        return changed


@dataclass(frozen=True, slots=True)
class State:
    """Everything the rules look at."""

    stages: tuple[Stage, ...]
    started: bool = False
    stopped: bool = False
    paused: bool = False

    @property
    def current(self) -> int | None:
        """The stage that is not complete yet, on a workflow that is under way."""
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
        if self.current is None or self.paused:
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

    def pause(self) -> Self:
        """Nobody may act until it is resumed."""
        self._check_underway()
        if self.paused:
            raise NotAllowed(Why.PAUSED)
        return replace(self, paused=True)

    def resume(self) -> Self:
        self._check_underway()
        if not self.paused:
            raise NotAllowed(Why.NOT_PAUSED)
        return replace(self, paused=False)

    def given(self, person: str) -> Self:
        """Somebody acts; it counts from now on, and takes effect with `done`."""
        if self._act_of(person) is Act.GIVEN:
            raise NotAllowed(Why.ALREADY_ACTED)
        return self._after(person, Act.GIVEN)

    def done(self, person: str) -> Self:
        """What somebody did takes effect."""
        return self._after(person, Act.DONE)

    def refused(self, person: str) -> Self:
        """Somebody says no; that stops the workflow for everyone."""
        place = self._place_of_unacted(person)
        if not self.stages[place].refusable:
            raise NotAllowed(Why.NOT_REFUSABLE)
        return replace(self._after(person, Act.REFUSED), stopped=True)

    def delegated(self, person: str, to: str) -> Self:
        """Somebody hands their turn to somebody else."""
        place = self._place_of_unacted(person)
        if not self.stages[place].delegable:
            raise NotAllowed(Why.NOT_DELEGABLE)
        if self._act_of(to):
            raise NotAllowed(Why.TAKES_PART)
        return self.with_people(place, tuple(to if name == person else name for name, _ in self.stages[place].people))

    def with_people(self, place: int, names: tuple[str, ...], required: int | None = None) -> Self:
        """Others take the places of a stage in which nobody has acted.

        Raises:
            NotAllowed: it has ended, enough have acted, or who acted would not be among them.
        """
        if self.end is not End.NONE:
            raise NotAllowed(Why.OVER)
        elsewhere = {name for other, stage in enumerate(self.stages) if other != place for name, _ in stage.people}
        if elsewhere & set(names) or len(set(names)) < len(names):
            raise NotAllowed(Why.TAKES_PART)
        stage = self.stages[place]
        changed = stage.with_people(names, stage.required if required is None else required)
        return replace(self, stages=(*self.stages[:place], changed, *self.stages[place + 1 :]))

    def check(self, person: str) -> None:
        """Whether somebody may act now, or what they gave may take effect now.

        Raises:
            NotAllowed: and why not.
        """
        if person in self.turn or person in self._underway:
            return
        act = self._act_of(person)
        if act is None:
            raise NotAllowed(Why.UNKNOWN)
        if act in {Act.DONE, Act.REFUSED}:
            raise NotAllowed(Why.ALREADY_ACTED)
        self._check_underway()
        place = self._place_of(person)
        if self.stages[place].complete:
            raise NotAllowed(Why.NOT_NEEDED)
        raise NotAllowed(Why.PAUSED if self.paused and place == self.current else Why.NOT_YOUR_TURN)

    @property
    def _underway(self) -> frozenset[str]:
        """Whose act is being carried out."""
        if self.current is None:
            return frozenset()
        return frozenset(name for name, act in self.stages[self.current].people if act is Act.GIVEN)

    def _after(self, person: str, act: Act) -> Self:
        self.check(person)
        return replace(self, stages=tuple(stage.having(person, act) for stage in self.stages))

    def _check_underway(self) -> None:
        if self.end is not End.NONE:
            raise NotAllowed(Why.OVER)
        if not self.started:
            raise NotAllowed(Why.NOT_STARTED)

    def _act_of(self, person: str) -> Act | None:
        return next((act for stage in self.stages if (act := stage.act_of(person))), None)

    def _place_of(self, person: str) -> int:
        return next(place for place, stage in enumerate(self.stages) if stage.act_of(person))

    def _place_of_unacted(self, person: str) -> int:
        """The stage in which it is somebody's turn, and they have not acted."""
        self.check(person)
        if self._act_of(person) is Act.GIVEN:
            raise NotAllowed(Why.ALREADY_ACTED)
        return self._place_of(person)
