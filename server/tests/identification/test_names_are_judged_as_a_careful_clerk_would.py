"""The list was made by rule (`conformance/names`); its test half has names that the thresholds were not chosen on."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.identification.explanations import SENTENCES, explain
from paraph_server.identification.names import Match, Proven, Reason, Verdict, compare

from conformance.names import pairs

LATIN = "abcdefghijklmnopqrstuvwxyz"
names = st.text(LATIN, min_size=2, max_size=12).map(str.capitalize)
hostile = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
marks = st.sampled_from("\u0300\u0301\u0302\u0308\u0327\u030a")
unseen = st.sampled_from("\u200b\u200c\u200d\u202a\u202e\u2066\u2069\ufeff\u00ad\u061c\x00\x07")
HOMOGLYPHS = {"a": "а", "e": "е", "o": "ο", "p": "р", "c": "с", "i": "і", "x": "х", "y": "у"}


def judged(pair: pairs.Pair) -> Match:
    return compare(pair.first_name, pair.last_name, Proven(pair.given_names, pair.family_name, pair.usual_name))


@pytest.fixture(scope="module")
def listed() -> list[pairs.Pair]:
    return [each for each in pairs.read() if each.half == "test"]


def test_the_list_is_what_its_rules_make_of_it(listed: list[pairs.Pair]) -> None:
    assert list(pairs.make()) == pairs.read()
    assert len(listed) >= 300


def test_two_people_are_never_taken_for_one(listed: list[pairs.Pair]) -> None:
    assert [each for each in listed if not each.same and judged(each).verdict is Verdict.SAME] == []


def test_hardly_anybody_is_refused_for_the_way_their_name_is_written(listed: list[pairs.Pair]) -> None:
    same = [each for each in listed if each.same]
    assert sum(judged(each).verdict is Verdict.DIFFERENT for each in same) <= 0.02 * len(same)


def test_a_person_is_asked_only_where_the_names_leave_doubt(listed: list[pairs.Pair]) -> None:
    """Of these hard pairs less than a third; a letter, an initial, an order, a particle, a half of a name."""
    same = [each for each in listed if each.same]
    asked = [each for each in same if judged(each).verdict is Verdict.DOUBTFUL]
    assert len(asked) < len(same) / 3
    assert {each.rule for each in asked} <= {
        "particle left out",
        "initials of a compound",
        "initials together",
        "initial alone",
        "nickname",
        "fields exchanged",
        "names in another order",
        "half of a double name",
        "letters exchanged",
        "letter doubled",
        "letter missing",
        "letter wrong",
    }


@pytest.mark.parametrize(
    ("first_name", "last_name", "proven", "verdict", "reasons"),
    [
        ("Bob", "Dubois", Proven("Bob Angelo", "DUBOIS"), Verdict.SAME, {Reason.ONE_OF_SEVERAL}),
        ("J.-P.", "Lévêque", Proven("Jean-Pierre", "LEVEQUE"), Verdict.DOUBTFUL, {Reason.INITIALS}),
        ("Jean P.", "Lévêque", Proven("Jean Pierre", "LEVEQUE"), Verdict.SAME, {Reason.INITIALS}),
        ("Anne", "Petit née Roux", Proven("Anne", "Roux", "Petit"), Verdict.SAME, {Reason.USUAL_NAME}),
        ("Anne", "Petit née Leroy", Proven("Anne", "Roux", "Petit"), Verdict.DIFFERENT, {Reason.OTHER_FAMILY}),
        ("Léo", "Martin", Proven("Léo", "Marin"), Verdict.DOUBTFUL, {Reason.SPELLING}),
        ("Leroy", "Anne", Proven("Anne", "Le Roy"), Verdict.DOUBTFUL, {Reason.SWAPPED}),
        ("Jean", "Villepin", Proven("Jean", "de Villepin"), Verdict.DOUBTFUL, {Reason.PARTICLE}),
        ("Jean", "Roux", Proven("Jeanne", "Leroux"), Verdict.DIFFERENT, {Reason.OTHER_FAMILY}),
        ("Alex", "Petit", Proven("Alexandre", "Petit"), Verdict.DOUBTFUL, {Reason.SHORTENED}),
        ("Alexandre", "Petit", Proven("Alex", "Petit"), Verdict.DOUBTFUL, {Reason.SHORTENED}),
        ("", "", Proven("", ""), Verdict.DIFFERENT, {Reason.OTHER_GIVEN, Reason.OTHER_FAMILY}),
    ],
)
def test_the_verdict_names_its_reasons(
    first_name: str, last_name: str, proven: Proven, verdict: Verdict, reasons: set[Reason]
) -> None:
    match = compare(first_name, last_name, proven)
    assert match.verdict is verdict
    assert reasons <= set(match.reasons)


def test_every_reason_is_explained_in_both_languages() -> None:
    assert set(SENTENCES) == set(Reason)
    with translation.override("fr"):
        assert explain(["swapped"]) == ["Le prénom et le nom sont intervertis."]
    with translation.override("en"):
        assert explain(["swapped"]) == ["First name and family name are exchanged."]


@given(names, names, names, names)
def test_who_is_asked_and_who_is_proven_does_not_matter_when_each_has_two_names(
    first: str, last: str, given_name: str, family: str
) -> None:
    forth, back = compare(first, last, Proven(given_name, family)), compare(given_name, family, Proven(first, last))
    assert forth.verdict is back.verdict


@given(names, names, names, names, marks, st.integers(0, 11))
def test_an_accent_changes_nothing(first: str, last: str, given_name: str, family: str, mark: str, at: int) -> None:
    accented = unicodedata.normalize("NFC", last[: at + 1] + mark + last[at + 1 :])
    proven = Proven(given_name, family)
    assert compare(first, accented, proven) == compare(first, last, proven)


@given(names, names)
def test_everybody_is_themselves(first: str, last: str) -> None:
    assert compare(first.upper(), last.lower(), Proven(first, last)).verdict is Verdict.SAME


@given(hostile, hostile, hostile, hostile, hostile)
def test_whatever_is_written_is_judged(first: str, last: str, given_name: str, family: str, usual: str) -> None:
    assert 0 <= compare(first, last, Proven(given_name, family, usual)).score <= 1


@given(names, names, unseen, st.integers(0, 12))
def test_what_cannot_be_seen_is_never_passed_over(first: str, last: str, sign: str, at: int) -> None:
    written = last[:at] + sign + last[at:]
    assert compare(first, written, Proven(first, last)).verdict is not Verdict.SAME
    assert compare(first, last, Proven(first, written)).verdict is not Verdict.SAME
    assert compare(first, written, Proven(first, written)).verdict is not Verdict.SAME


@given(names, st.sampled_from(sorted(HOMOGLYPHS)))
def test_letters_that_look_like_others_are_never_taken_for_them(first: str, letter: str) -> None:
    last = f"Bernard{letter}"
    assert compare(first, last.replace(letter, HOMOGLYPHS[letter]), Proven(first, last)).verdict is not Verdict.SAME


@pytest.mark.parametrize("endless", ["a" * 10**6, "a " * 10**5, "e\u0301" * 10**5, "-" * 10**6, "J." * 10**5])
def test_endless_names_are_judged_at_once_and_never_taken_for_the_same(endless: str) -> None:
    assert compare(endless, endless, Proven(endless, endless, endless)).verdict is not Verdict.SAME
