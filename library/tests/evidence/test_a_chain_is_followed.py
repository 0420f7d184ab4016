"""A journal that was taken away is checked line by line."""

import itertools
import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph.errors import BrokenChain
from paraph.evidence import chain


def journal(length: int) -> list[bytes]:
    lines, previous = [], chain.GENESIS
    for sequence in range(1, length + 1):
        salt, details = bytes([sequence]) * 32, {"name": f"Contract {sequence}"}
        link = chain.Link(
            tenant="ten_1",
            sequence=sequence,
            at="2026-11-23T12:00:00.000000+00:00",
            event="workflow:started",
            subject="wfl_1",
            actor_kind="user",
            actor_id="usr_1",
            payload_digest=chain.payload_digest(salt, details),
            previous=previous,
        )
        previous = link.hash
        line = {**asdict(link), "hash": link.hash, "salt": salt.hex(), "details": details}
        lines.append(json.dumps(line).encode())
    return lines


def test_a_whole_chain_holds() -> None:
    assert [link.sequence for link in chain.follow(journal(5))] == [1, 2, 3, 4, 5]
    assert [link.sequence for link in chain.follow(journal(5)[2:])] == [3, 4, 5]
    assert list(chain.follow([])) == []


@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_only_neighbours_in_order_hold(order: list[int], gone: set[int]) -> None:
    places = [place for place in order if place not in gone]
    lines = journal(4)
    neighbours = all(after == before + 1 for before, after in itertools.pairwise(places))
    chosen = [lines[place] for place in places]
    if neighbours:
        assert len(list(chain.follow(chosen))) == len(places)
    else:
        with pytest.raises(BrokenChain):
            list(chain.follow(chosen))


@given(st.binary(max_size=40))
def test_nonsense_is_no_entry(line: bytes) -> None:
    with pytest.raises(BrokenChain):
        list(chain.follow([line]))


def test_a_first_entry_follows_nothing() -> None:
    entry = json.loads(journal(2)[1])
    entry["sequence"] = 1
    with pytest.raises(BrokenChain):
        list(chain.follow([json.dumps(entry)]))
