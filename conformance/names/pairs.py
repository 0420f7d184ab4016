"""Makes the list: each rule takes names from a seeded lottery and writes one person twice, or two people once.

The names are dealt to two halves before anything is made: thresholds are chosen on the first, and what is claimed of
them is measured on the second, whose names the first has never seen. A rule's label says who the pair is made of, never
what the matching makes of it: "J.-P." for Jean-Pierre is the same person, although nobody can know from that alone.
"""

import csv
import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from conformance.names import people

LIST = Path(__file__).with_name("pairs.csv")
SEED = 1367  # the article of the Code civil on electronic signatures
OF_EACH = 12  # pairs for each rule and half


@dataclass(frozen=True, slots=True)
class Pair:
    """An invitation, and what identification proved."""

    half: str
    same: bool
    rule: str
    first_name: str
    last_name: str
    given_names: str
    family_name: str
    usual_name: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Proven:
    given_names: str
    family_name: str
    usual_name: str = ""


class Lottery:
    """Draws names of one half."""

    def __init__(self, half: int) -> None:
        self._random, self._half = random.Random(SEED + half), half

    def name(self, names: list[str]) -> str:
        return self._random.choice(names[self._half :: 2])

    def names(self, names: list[str], number: int) -> list[str]:
        return self._random.sample(names[self._half :: 2], number)

    def two(self, names: list[str]) -> list[str]:
        """Two names that are taken for one another, in either order."""
        return self._random.sample(self.name(names).split(":"), 2)

    def place(self, word: str) -> int:
        """A place in a word after which something goes wrong: not the first letter, which everybody gets right."""
        return self._random.randrange(1, len(word) - 1)

    def letter(self) -> str:
        return self._random.choice("abcdefghijklmnoprstuvyz")


Made = tuple[Invited, Proven]
Rule = Callable[[Lottery], Made]


# ---------------------------------------------------------------- the same person


def identical(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    return Invited(given, family), Proven(given, family)


def accents_missing(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    return Invited(without_accents(given), without_accents(family)), Proven(given, family)


def accents_missing_in_the_proof(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    return Invited(given, family), Proven(without_accents(given).upper(), without_accents(family).upper())


def small_letters(draw: Lottery) -> Made:
    given, family = draw.name(people.COMPOUND), draw.name(people.FAMILY)
    return Invited(given.lower(), family.lower()), Proven(given, family.upper())


def hyphen_as_space(draw: Lottery) -> Made:
    given, family = draw.name(people.COMPOUND), draw.name(people.FAMILY)
    return Invited(given.replace("-", " "), family), Proven(given, family)


def hyphen_lost(draw: Lottery) -> Made:
    given, family = draw.name(people.COMPOUND), draw.name(people.FAMILY)
    return Invited(given.replace("-", "").capitalize(), family), Proven(f"{given} {draw.name(people.GIVEN)}", family)


def hyphen_between_two_names(draw: Lottery) -> Made:
    one, two, three = draw.names(people.GIVEN, 3)
    family = draw.name(people.FAMILY)
    return Invited(f"{one}-{two}", family), Proven(f"{one} {two} {three}", family)


def first_of_several(draw: Lottery) -> Made:
    names, family = draw.names(people.GIVEN, 3), draw.name(people.FAMILY)
    return Invited(names[0], family), Proven(" ".join(names), family.upper())


def another_of_several(draw: Lottery) -> Made:
    names, family = draw.names(people.GIVEN, 4), draw.name(people.FAMILY)
    return Invited(names[2], family), Proven(" ".join(names), family)


def some_of_several(draw: Lottery) -> Made:
    names, family = draw.names(people.GIVEN, 3), draw.name(people.FAMILY)
    return Invited(f"{names[0]} {names[2]}", family), Proven(" ".join(names), family)


def compound_among_several(draw: Lottery) -> Made:
    names, compound, family = draw.names(people.GIVEN, 2), draw.name(people.COMPOUND), draw.name(people.FAMILY)
    return Invited(compound, family), Proven(" ".join([names[0], compound.replace("-", " "), names[1]]), family)


def further_initial(draw: Lottery) -> Made:
    one, two = draw.names(people.GIVEN, 2)
    family = draw.name(people.FAMILY)
    return Invited(f"{one} {two[0]}.", family), Proven(f"{one} {two}", family)


def usual_name(draw: Lottery) -> Made:
    given, (birth, usual) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, usual), Proven(given, birth, usual)


def birth_name(draw: Lottery) -> Made:
    given, (birth, usual) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, birth), Proven(given, birth, usual)


def both_family_names(draw: Lottery) -> Made:
    given, (birth, usual) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, f"{birth}-{usual}"), Proven(given, birth, usual)


def both_family_names_the_other_way(draw: Lottery) -> Made:
    given, (birth, usual) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, f"{usual} {birth}"), Proven(given, birth.upper(), usual.upper())


def usual_name_is_both(draw: Lottery) -> Made:
    given, (birth, other) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, f"{birth} {other}"), Proven(given, birth, f"{birth}-{other}")


def named_with_nee(draw: Lottery) -> Made:
    given, (birth, usual) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, f"{usual} née {birth}"), Proven(given, birth, usual)


def named_with_epouse(draw: Lottery) -> Made:
    given, (birth, usual) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, f"{birth} ép. {usual}"), Proven(given, birth, usual)


def particle_in_capitals(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), spaced(draw.name(people.WITH_PARTICLE))
    return Invited(given, family), Proven(given, family.upper())


def particle_joined(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.WITH_PARTICLE)
    together = family.replace("-", "").replace("'", "").capitalize()
    return Invited(given, together), Proven(given, spaced(family))


def particle_apart(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.WITH_PARTICLE)
    return Invited(given, spaced(family).replace("'", "’ ")), Proven(given, spaced(family))


def particle_left_out(draw: Lottery) -> Made:
    given, family = (
        draw.name(people.GIVEN),
        draw.name([each for each in people.WITH_PARTICLE if each.startswith(("d'", "de-"))]),
    )
    short = family.removeprefix("d'").removeprefix("de-")
    return Invited(given, spaced(short)), Proven(given, spaced(family))


def saint_abbreviated(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.SAINTS)
    short = family.replace("Sainte-", "Ste ").replace("Saint-", "St-")
    return Invited(given, short), Proven(given, family)


def ligature_apart(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.LIGATURED)
    return Invited(given, family.replace("œ", "oe").replace("Œ", "Oe")), Proven(given, family)


def ligature_in_the_invitation(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.LIGATURED)
    return Invited(given, family), Proven(given, family.upper().replace("Œ", "OE"))


def initials_of_a_compound(draw: Lottery) -> Made:
    given, family = draw.name(people.COMPOUND), draw.name(people.FAMILY)
    return Invited(initials(given), family), Proven(given, family)


def initials_together(draw: Lottery) -> Made:
    given, family = draw.name(people.COMPOUND), draw.name(people.FAMILY)
    return Invited(initials(given).replace(".", "").replace("-", ""), family), Proven(given, family)


def initial_alone(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    return Invited(f"{given[0]}.", family), Proven(given, family)


def nickname(draw: Lottery) -> Made:
    given, short = draw.name(people.NICKNAMES).split(":")
    family = draw.name(people.FAMILY)
    return Invited(short, family), Proven(given, family)


def fields_exchanged(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    return Invited(family, given), Proven(given, family)


def names_in_another_order(draw: Lottery) -> Made:
    one, two = draw.names(people.GIVEN, 2)
    family = draw.name(people.FAMILY)
    return Invited(f"{two} {one}", family), Proven(f"{one} {two}", family)


def half_of_a_double_name(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, family[0]), Proven(given, "-".join(family))


def letters_exchanged(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    at = draw.place(family)
    wrong = family[:at] + family[at + 1] + family[at] + family[at + 2 :]
    return Invited(given, wrong), Proven(given, family)


def letter_doubled(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    at = draw.place(given)
    return Invited(given[: at + 1] + given[at:], family), Proven(given, family)


def letter_missing(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    at = draw.place(family)
    return Invited(given, family[:at] + family[at + 1 :]), Proven(given, family)


def letter_wrong(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    at = draw.place(given)
    return Invited(given[:at] + draw.letter() + given[at + 1 :], family), Proven(given, family)


def everything_at_once(draw: Lottery) -> Made:
    compound, other = draw.name(people.COMPOUND), draw.name(people.GIVEN)
    birth, usual = spaced(draw.name(people.WITH_PARTICLE)), draw.name(people.SAINTS)
    invited = Invited(compound.replace("-", " ").lower(), usual.replace("Saint", "ST").upper())
    return invited, Proven(without_accents(f"{other} {compound}").upper(), birth.upper(), usual.upper())


# ---------------------------------------------------------------- different people


def another_given_name(draw: Lottery) -> Made:
    (one, two), family = draw.names(people.GIVEN, 2), draw.name(people.FAMILY)
    return Invited(one, family), Proven(two, family)


def another_family_name(draw: Lottery) -> Made:
    given, (one, two) = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, one), Proven(given, two)


def sibling(draw: Lottery) -> Made:
    (mine, *theirs), family = draw.names(people.GIVEN, 4), draw.name(people.FAMILY)
    return Invited(mine, family), Proven(" ".join(theirs), family)


def spouse(draw: Lottery) -> Made:
    (mine, theirs), (birth, family) = draw.names(people.GIVEN, 2), draw.names(people.FAMILY, 2)
    return Invited(mine, family), Proven(theirs, birth, family)


def given_name_taken_for_another(draw: Lottery) -> Made:
    (one, two), family = draw.two(people.GIVEN_TAKEN_FOR), draw.name(people.FAMILY)
    return Invited(one, family), Proven(two, family)


def given_name_taken_for_one_of_several(draw: Lottery) -> Made:
    (one, two), family = draw.two(people.GIVEN_TAKEN_FOR), draw.name(people.FAMILY)
    more = [each for each in draw.names(people.GIVEN, 4) if each not in {one, two}]
    return Invited(without_accents(one).upper(), family), Proven(" ".join([two, *more]), family)


def family_name_taken_for_another(draw: Lottery) -> Made:
    given, (one, two) = draw.name(people.GIVEN), draw.two(people.FAMILY_TAKEN_FOR)
    return Invited(given, one), Proven(given, two)


def usual_name_taken_for_another(draw: Lottery) -> Made:
    given, (one, two), birth = draw.name(people.GIVEN), draw.two(people.FAMILY_TAKEN_FOR), draw.name(people.FAMILY)
    return Invited(given, one), Proven(given, birth, two)


def both_names_taken_for_others(draw: Lottery) -> Made:
    (one, two), (three, four) = draw.two(people.GIVEN_TAKEN_FOR), draw.two(people.FAMILY_TAKEN_FOR)
    return Invited(one, three), Proven(two, four)


def another_compound(draw: Lottery) -> Made:
    (one, two), family = draw.names(people.COMPOUND, 2), draw.name(people.FAMILY)
    return Invited(one, family), Proven(two, family)


def half_of_a_compound(draw: Lottery) -> Made:
    given, family = draw.name(people.COMPOUND), draw.name(people.FAMILY)
    return Invited(given.split("-")[0], family), Proven(given, family)


def initials_of_somebody_else(draw: Lottery) -> Made:
    (one, two), family = draw.names(people.COMPOUND, 2), draw.name(people.FAMILY)
    return Invited(initials(one), family), Proven(two, family)


def initial_of_two_people(draw: Lottery) -> Made:
    (one, two), family = draw.names(people.GIVEN, 2), draw.name(people.FAMILY)
    while one[0] != two[0]:
        one, two = draw.names(people.GIVEN, 2)
    return Invited(f"{one[0]}.", family), Proven(two, family)


def names_of_two_people_exchanged(draw: Lottery) -> Made:
    one, two = draw.names(people.EITHER, 2)
    return Invited(one, two), Proven(two, one)


def cousins_with_a_double_name(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.names(people.FAMILY, 2)
    return Invited(given, "-".join(family)), Proven(given, "-".join(reversed(family)))


def half_of_a_double_name_in_common(draw: Lottery) -> Made:
    given, (common, one, two) = draw.name(people.GIVEN), draw.names(people.FAMILY, 3)
    return Invited(given, f"{common}-{one}"), Proven(given, f"{common}-{two}")


def particle_makes_another_name(draw: Lottery) -> Made:
    given, family = draw.name(people.GIVEN), draw.name(people.FAMILY)
    return Invited(given, f"de {family}"), Proven(given, family)


SAME: tuple[Rule, ...] = (
    identical,
    accents_missing,
    accents_missing_in_the_proof,
    small_letters,
    hyphen_as_space,
    hyphen_lost,
    hyphen_between_two_names,
    first_of_several,
    another_of_several,
    some_of_several,
    compound_among_several,
    further_initial,
    usual_name,
    birth_name,
    both_family_names,
    both_family_names_the_other_way,
    usual_name_is_both,
    named_with_nee,
    named_with_epouse,
    particle_in_capitals,
    particle_joined,
    particle_apart,
    particle_left_out,
    saint_abbreviated,
    ligature_apart,
    ligature_in_the_invitation,
    initials_of_a_compound,
    initials_together,
    initial_alone,
    nickname,
    fields_exchanged,
    names_in_another_order,
    half_of_a_double_name,
    letters_exchanged,
    letter_doubled,
    letter_missing,
    letter_wrong,
    everything_at_once,
)
DIFFERENT: tuple[Rule, ...] = (
    another_given_name,
    another_family_name,
    sibling,
    spouse,
    given_name_taken_for_another,
    given_name_taken_for_one_of_several,
    family_name_taken_for_another,
    usual_name_taken_for_another,
    both_names_taken_for_others,
    another_compound,
    half_of_a_compound,
    initials_of_somebody_else,
    initial_of_two_people,
    names_of_two_people_exchanged,
    cousins_with_a_double_name,
    half_of_a_double_name_in_common,
    particle_makes_another_name,
)


def without_accents(name: str) -> str:
    apart = unicodedata.normalize("NFD", name)
    return "".join(each for each in apart if unicodedata.category(each) != "Mn")


def spaced(name: str) -> str:
    """A name of the list with its particles apart: `de-Saint-Exupéry` is written "de Saint-Exupéry"."""
    particles = ("de-La-", "de-", "du-", "des-", "El-", "Ben-", "La-", "Le-", "von-", "van-den-", "Van-", "di-", "da-")
    for each in particles:
        if name.startswith(each):
            return each.replace("-", " ") + name.removeprefix(each)
    return name


def initials(compound: str) -> str:
    return "-".join(f"{part[0]}." for part in compound.split("-"))


def make() -> Iterator[Pair]:
    for number, half in enumerate(("tuning", "test")):
        draw = Lottery(number)
        for same, rules in ((True, SAME), (False, DIFFERENT)):
            for rule in rules:
                made: dict[Made, None] = {}
                while len(made) < (OF_EACH if same else 2 * OF_EACH):
                    made[rule(draw)] = None
                for invited, proven in made:
                    yield Pair(half, same, rule.__name__.replace("_", " "), *astuple(invited), *astuple(proven))


def write() -> None:
    with LIST.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([each.name for each in fields(Pair)])
        rows.writerows([each.half, "same" if each.same else "different", *astuple(each)[2:]] for each in make())


def read() -> list[Pair]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return [Pair(**{**row, "same": row["same"] == "same"}) for row in csv.DictReader(file)]  # type: ignore[arg-type]


if __name__ == "__main__":
    write()
