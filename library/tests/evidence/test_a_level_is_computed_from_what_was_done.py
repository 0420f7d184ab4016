"""A level says what was really done; nothing raises it but doing more."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph.evidence.level import (
    MEANS,
    REQUIREMENTS,
    Assurance,
    Device,
    Facts,
    Means,
    Proof,
    SignatureLevel,
    attainable,
    of,
    reached,
    stars,
    unmet,
)

CODE = Proof("cod_1", Means.SMS_CODE, "2026-11-23T12:00:00+00:00", address="+33 6 •• •• •• 02", tries=1)
IDENTITY = Proof("idy_1", Means.FRANCECONNECT, "2026-11-23T12:00:00+00:00", assurance=Assurance.LOW, names="same")
CARD = Proof("crd_1", Means.CARD, "2026-11-23T12:00:00+00:00", assurance=Assurance.HIGH, names="same")
ADVANCED = Facts(consents=True, proofs=(IDENTITY, CODE), own_certificate=True, proven=True)
QUALIFIED = Facts(
    consents=True, proofs=(CARD,), own_certificate=True, device=Device.QUALIFIED, qualified=True, proven=True
)

proofs = st.builds(
    Proof,
    st.just("p"),
    st.sampled_from(Means),
    st.just(""),
    assurance=st.sampled_from(Assurance),
    names=st.sampled_from(["", "same", "reviewed"]),
)
facts = st.builds(
    Facts,
    consents=st.booleans(),
    proofs=st.lists(proofs, max_size=4).map(tuple),
    own_certificate=st.booleans(),
    device=st.sampled_from(Device),
    qualified=st.booleans(),
    rgs=st.integers(0, 3),
    proven=st.booleans(),
)


def test_a_code_alone_makes_a_simple_signature() -> None:
    assert of(replace(ADVANCED, proofs=(CODE,))) is SignatureLevel.SIMPLE


def test_a_proven_name_and_a_code_make_an_advanced_one() -> None:
    assert of(ADVANCED) is SignatureLevel.ADVANCED


@pytest.mark.parametrize(
    ("lacking", "requirement"),
    [
        (replace(ADVANCED, consents=False), "consent"),
        (replace(ADVANCED, own_certificate=False), "uniquely-linked"),
        (replace(ADVANCED, proofs=(replace(IDENTITY, names=""), CODE)), "identified"),
        (replace(ADVANCED, proofs=(replace(IDENTITY, assurance=Assurance.NONE), CODE)), "identified"),
        (replace(ADVANCED, proofs=(IDENTITY,)), "sole-control"),
        (replace(ADVANCED, proven=False), "change-detected"),
    ],
)
def test_each_requirement_of_article_26_is_traced_to_what_satisfies_it(lacking: Facts, requirement: str) -> None:
    assert [each.id for each in unmet(SignatureLevel.ADVANCED, lacking)] == [requirement]


def test_a_card_with_a_qualified_certificate_on_a_qualified_device_makes_a_qualified_one() -> None:
    assert of(QUALIFIED) is SignatureLevel.QUALIFIED


@pytest.mark.parametrize("lacking", [replace(QUALIFIED, qualified=False), replace(QUALIFIED, device=Device.TOKEN)])
def test_without_either_it_is_advanced(lacking: Facts) -> None:
    assert of(lacking) is SignatureLevel.ADVANCED


def test_stars_need_a_policy_that_is_qualified_for_them() -> None:
    assert [stars(replace(QUALIFIED, rgs=number)) for number in range(4)] == [0, 1, 2, 3]
    assert stars(replace(ADVANCED, rgs=3)) == 1, "the key was no card’s and nobody was seen in person"


def test_a_means_is_never_worth_more_than_its_kind() -> None:
    boast = replace(IDENTITY, assurance=Assurance.HIGH)
    assert boast.worth is Assurance.LOW


@given(facts, proofs)
def test_doing_more_never_lowers_a_level(done: Facts, more: Proof) -> None:
    assert reached(done) <= reached(replace(done, proofs=(*done.proofs, more)))


@given(facts)
def test_levels_stand_above_each_other(done: Facts) -> None:
    for level in reached(done):
        assert all(lower in reached(done) for lower in SignatureLevel if level.includes(lower))


@given(st.lists(st.sampled_from(Means), max_size=3), st.sampled_from(Device), facts)
def test_nothing_reaches_more_than_was_said_to_be_attainable(means: list[Means], device: Device, done: Facts) -> None:
    tried = replace(done, proofs=tuple(each for each in done.proofs if each.means in means))
    if device is Device.PLATFORM:
        tried = replace(tried, device=device, qualified=False)
    assert reached(tried) <= attainable(means, device, rgs=tried.rgs)


def test_the_table_knows_every_means_and_every_level() -> None:
    assert set(MEANS) == set(Means)
    assert set(REQUIREMENTS) == set(SignatureLevel)
