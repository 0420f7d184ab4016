"""Whatever people try, and in whatever order: the rules of a workflow hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from paraph_server.workflows.machine import Act, End, NotAllowed, Stage, State, Why

PEOPLE = [f"person {number}" for number in range(9)]
OTHERS = [f"other {number}" for number in range(6)]
EVERYBODY = st.sampled_from([*PEOPLE, *OTHERS])


@st.composite
def stages(draw: st.DrawFn) -> tuple[Stage, ...]:
    """One to three steps of one to three people each, of whom some or all must act."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    names = iter(PEOPLE)
    return tuple(
        Stage(
            draw(st.integers(1, size)),
            tuple((next(names), Act.NOTHING) for _ in range(size)),
            refusable=draw(st.booleans()),
            delegable=draw(st.booleans()),
        )
        for size in sizes
    )


class Attempts(RuleBasedStateMachine):
    """People try everything at any time; an independent account of what was allowed is kept beside."""

    state: State

    @initialize(stages=stages())
    def draft(self, stages: tuple[Stage, ...]) -> None:
        self.state = State(stages)
        self.acted: list[str] = []
        self.given: set[str] = set()
        self.paused = False
        self.ended: End = End.NONE

    def _attempt(self, act: str, *arguments: object) -> bool:
        before = self.state
        try:
            self.state = getattr(self.state, act)(*arguments)
        except NotAllowed:
            assert self.state == before
            return False
        assert self.ended is End.NONE, "something happened after the end"
        self.ended = self.state.end
        return True

    @rule()
    def start(self) -> None:
        was_started = self.state.started
        assert self._attempt("start") is not was_started

    @rule()
    def stop(self) -> None:
        self._attempt("stop")

    @rule()
    def pause(self) -> None:
        underway = self.state.started and self.ended is End.NONE
        assert self._attempt("pause") is (underway and not self.paused)
        self.paused = self.paused or underway

    @rule()
    def resume(self) -> None:
        underway = self.state.started and self.ended is End.NONE
        assert self._attempt("resume") is (underway and self.paused)
        self.paused = self.paused and not underway

    @rule(person=EVERYBODY)
    def give(self, person: str) -> None:
        turn = self.state.turn
        assert self._attempt("given", person) is (person in turn)
        if person in turn:
            self.given.add(person)

    @rule(person=EVERYBODY)
    def take_effect(self, person: str) -> None:
        turn, current = self.state.turn, self.state.current
        if self._attempt("done", person):
            assert current is not None
            assert person in turn or person in self.given
            assert person not in self.acted
            self.acted.append(person)

    @rule(person=EVERYBODY, successor=EVERYBODY)
    def delegate(self, person: str, successor: str) -> None:
        before = self.state
        taken = {name for stage in before.stages for name, _ in stage.people}
        if self._attempt("delegated", person, successor):
            place = before.current
            assert place is not None
            assert person in before.turn
            assert before.stages[place].delegable
            assert successor not in taken
            assert successor in self.state.turn
            assert self._sizes() == [(len(stage.people), stage.required) for stage in before.stages]

    @rule(place=st.integers(0, 2), names=st.lists(EVERYBODY, min_size=1, max_size=4))
    def replace(self, place: int, names: list[str]) -> None:
        if place < len(self.state.stages):
            required = self.state.stages[place].required
            if self._attempt("with_people", place, tuple(names)):
                assert [name for name, _ in self.state.stages[place].people] == names
                assert self.state.stages[place].required == required

    def _sizes(self) -> list[tuple[int, int]]:
        return [(len(stage.people), stage.required) for stage in self.state.stages]

    @precondition(lambda self: self.state.turn)
    @rule(data=st.data())
    def sign_in_turn(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(sorted(self.state.turn)))
        assert self._attempt("done", person)
        self.acted.append(person)

    @rule(person=EVERYBODY)
    def refuse(self, person: str) -> None:
        before = self.state
        if self._attempt("refused", person):
            assert before.current is not None
            assert before.stages[before.current].refusable
            assert person in before.turn
            assert self.state.end is End.STOPPED

    @invariant()
    def nothing_that_anybody_did_is_lost(self) -> None:
        acts = {name: act for stage in self.state.stages for name, act in stage.people}
        assert all(acts[name] is Act.DONE for name in self.acted)
        assert all(acts[name] in {Act.GIVEN, Act.DONE} for name in self.given)

    @invariant()
    def nobody_takes_part_twice_and_no_step_lacks_people(self) -> None:
        names = [name for stage in self.state.stages for name, _ in stage.people]
        assert len(names) == len(set(names))
        assert all(stage.sound for stage in self.state.stages)

    @invariant()
    def while_it_is_paused_it_is_nobodys_turn(self) -> None:
        assert not (self.paused and self.state.turn)

    @invariant()
    def nobody_acts_before_the_steps_before_are_complete(self) -> None:
        for place, stage in enumerate(self.state.stages):
            if any(act is not Act.NOTHING for _, act in stage.people):
                assert all(earlier.complete for earlier in self.state.stages[:place])

    @invariant()
    def no_step_has_more_acts_than_it_needs(self) -> None:
        for stage in self.state.stages:
            assert sum(act is Act.DONE for _, act in stage.people) <= stage.required

    @invariant()
    def it_is_complete_when_and_only_when_enough_have_acted(self) -> None:
        enough = all(stage.complete for stage in self.state.stages)
        assert (self.state.end is End.COMPLETE) == (self.state.started and enough and not self.state.stopped)

    @invariant()
    def whoever_has_the_turn_is_let_through_and_nobody_else(self) -> None:
        current = self.state.current
        people = () if current is None else self.state.stages[current].people
        underway = {name for name, act in people if act is Act.GIVEN}
        for person in [*PEOPLE, *OTHERS]:
            try:
                self.state.check(person)
            except NotAllowed:
                assert person not in self.state.turn | underway
            else:
                assert person in self.state.turn | underway

    @invariant()
    def what_has_ended_stays_ended(self) -> None:
        assert self.state.end is self.ended
        if self.ended is not End.NONE:
            assert not self.state.turn


def test_no_sequence_of_attempts_breaks_the_rules() -> None:
    run_state_machine_as_test(Attempts, settings=settings(max_examples=150, stateful_step_count=25, deadline=None))


@given(stages())
def test_when_everybody_acts_in_turn_it_becomes_complete(stages: tuple[Stage, ...]) -> None:
    state = State(stages).start()
    while state.turn:
        state = state.done(min(state.turn))
    assert state.end is End.COMPLETE


@pytest.mark.parametrize(
    "stages",
    [(), (Stage(1, ()),), (Stage(0, (("bob", Act.NOTHING),)),), (Stage(2, (("bob", Act.NOTHING),)),)],
    ids=["no step", "nobody in it", "nobody needed", "more needed than there are"],
)
def test_what_could_never_become_complete_does_not_start(stages: tuple[Stage, ...]) -> None:
    with pytest.raises(NotAllowed) as refusal:
        State(stages).start()
    assert refusal.value.why is Why.INCOMPLETE


def test_the_refusal_says_what_stands_in_the_way() -> None:
    bob, carol = Stage(1, (("bob", Act.NOTHING), ("dan", Act.NOTHING))), Stage(1, (("carol", Act.NOTHING),))
    draft = State((bob, carol))
    started = draft.start()
    signed = started.done("bob")

    def why(state: State, person: str) -> Why:
        with pytest.raises(NotAllowed) as refusal:
            state.check(person)
        return refusal.value.why

    assert why(draft, "bob") is Why.NOT_STARTED
    assert why(started, "carol") is Why.NOT_YOUR_TURN
    assert why(started, "mallory") is Why.UNKNOWN
    assert why(signed, "bob") is Why.ALREADY_ACTED
    assert why(signed, "dan") is Why.NOT_NEEDED
    assert why(started.stop(), "bob") is Why.OVER
    assert why(started.pause(), "bob") is Why.PAUSED
    assert why(started.pause(), "carol") is Why.NOT_YOUR_TURN


def test_what_was_given_before_a_pause_takes_effect_in_it() -> None:
    bob, carol = Stage(1, (("bob", Act.NOTHING),)), Stage(1, (("carol", Act.NOTHING),))
    paused = State((bob, carol)).start().given("bob").pause().done("bob")
    assert paused.stages[0].complete
    assert not paused.turn
    assert paused.resume().turn == {"carol"}


def test_who_has_acted_is_not_replaced() -> None:
    given = State((Stage(2, (("bob", Act.NOTHING), ("carol", Act.NOTHING))),)).start().given("bob")
    assert given.with_people(0, ("bob", "dan")).turn == {"dan"}
    with pytest.raises(NotAllowed) as refusal:
        given.with_people(0, ("dan", "carol"))
    assert refusal.value.why is Why.ALREADY_ACTED
