"""Whether the person who was invited is the one whose identity was proven, going by their names.

A careful clerk's judgement: what cannot tell two people apart is passed over (accents, case, hyphens, which of several
first names somebody goes by, birth name or usual name), and what may be a mistake or another person is given to a
person to decide. A name is never guessed into sameness: the thresholds were measured (`conformance/names`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from paraph_server.identification.spelling import Name, Words, joined, likeness, read

SAME = 0.95
"""From here on nobody has to look. Measured: no pair of different people comes this high."""
DOUBTFUL = 0.7
"""From here on somebody has to."""
PARTICLES = frozenset(
    {"de", "d", "du", "des", "le", "la", "les", "l", "da", "di", "do", "dos", "della", "von", "van", "der", "den", "zu"}
    | {"el", "al", "ben", "bel", "bou", "abd", "mac", "mc", "o", "saint", "sainte"}
)
"""Words that are no name by themselves, but the beginning of one."""
OPTIONAL = frozenset({"de", "d", "von", "zu"})
"""Those that people leave out."""
BIRTH = frozenset({"ne", "nee", "epouse", "ep", "veuve", "vve"})
"""Words between one of somebody's family names and another."""


class Verdict(StrEnum):
    SAME = "same"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


class Reason(StrEnum):
    """What was noticed; `explanations` has the sentence for each."""

    AGREE = "agree"
    ONE_OF_SEVERAL = "one-of-several"
    USUAL_NAME = "usual-name"
    BOTH_NAMES = "both-names"
    SPELLING = "spelling"
    INITIALS = "initials"
    SHORTENED = "shortened"
    PART_OF_COMPOUND = "part-of-compound"
    MORE_THAN_PROVEN = "more-than-proven"
    PARTICLE = "particle"
    ORDER = "order"
    SWAPPED = "swapped"
    OTHER_GIVEN = "other-given"
    OTHER_FAMILY = "other-family"
    SIGNS = "signs"


WEIGHTS = {
    Reason.INITIALS: 0.85,
    Reason.SHORTENED: 0.8,
    Reason.PART_OF_COMPOUND: 0.8,
    Reason.MORE_THAN_PROVEN: 0.8,
    Reason.PARTICLE: 0.9,
    Reason.ORDER: 0.85,
    Reason.SWAPPED: 0.85,
    Reason.SIGNS: 0.9,
}
"""How much certainty each leaves; what is not here costs none."""


@dataclass(frozen=True, slots=True)
class Proven:
    """The names that a means of identification gives."""

    given_names: str
    """All of them, separated by spaces."""
    family_name: str
    """At birth; or the only one that is known."""
    usual_name: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A verdict and what it rests on."""

    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Finding:
    score: float
    reasons: frozenset[Reason] = frozenset()

    def __mul__(self, other: "_Finding") -> "_Finding":
        return _Finding(self.score * other.score, self.reasons | other.reasons)

    def noting(self, *reasons: Reason) -> "_Finding":
        weighed = reduce(lambda score, reason: score * WEIGHTS.get(reason, 1.0), reasons, self.score)
        return _Finding(weighed, self.reasons | set(reasons))


NOTHING = _Finding(0.0)
ALIKE = _Finding(1.0)


def compare(first_name: str, last_name: str, proven: Proven) -> Match:
    """Judge the names of an invitation against those that were proven."""
    first, last, given = read(first_name), read(last_name), read(proven.given_names)
    birth, usual = read(proven.family_name), read(proven.usual_name)
    found = max(
        _whole(first, last, given, birth, usual),
        _whole(last, first, given, birth, usual).noting(Reason.SWAPPED),
        key=_score,
    )
    if not all(each.clean for each in (first, last, given, birth, usual)):
        found = found.noting(Reason.SIGNS)
    return Match(_verdict(found.score), round(found.score, 3), _told(found))


def _whole(first: Name, last: Name, given: Name, birth: Name, usual: Name) -> _Finding:
    return _given(first, given) * _family(last, birth, usual)


def _verdict(score: float) -> Verdict:
    if score >= SAME:
        return Verdict.SAME
    return Verdict.DOUBTFUL if score >= DOUBTFUL else Verdict.DIFFERENT


def _told(found: _Finding) -> tuple[Reason, ...]:
    """What a person is told: of names that do not agree, no more than that."""
    if found.score < DOUBTFUL:
        others = found.reasons & {Reason.OTHER_GIVEN, Reason.OTHER_FAMILY}
        return tuple(sorted(others or {Reason.OTHER_GIVEN, Reason.OTHER_FAMILY}))
    return tuple(sorted(found.reasons)) or (Reason.AGREE,)


def _score(found: _Finding) -> float:
    return found.score


# ---------------------------------------------------------------- first names


def _given(invited: Name, proven: Name) -> _Finding:
    """Any of somebody's first names may be the one they go by, or some of them, in their order.

    An initial may stand for a further name beside one that is written out; on its own it may be anybody's.
    """
    if not invited.names or not proven.names:
        return NOTHING.noting(Reason.OTHER_GIVEN)
    best = max(_aligned(invited.words, proven.names), key=_score, default=NOTHING)
    return best if best.score >= DOUBTFUL else best.noting(Reason.OTHER_GIVEN)


def _aligned(invited: Words, proven: tuple[Words, ...]) -> Iterator[_Finding]:
    """The best way to find the invited words among the proven names, of those that end alike.

    `ways` holds, for the words read so far, the best finding with no name found yet, with abbreviations only, and with
    one that is written out.
    """
    ways: list[dict[str, _Finding]] = [{} for _place in range(len(invited) + 1)]
    ways[0] = {"none": ALIKE}
    for place in range(len(invited)):  # a word that is not among the proven names
        _extend(ways[place + 1], ways[place], ALIKE.noting(Reason.MORE_THAN_PROVEN), "none")
    for name in proven:
        passed = [{kind: found.noting(Reason.ONE_OF_SEVERAL) for kind, found in way.items()} for way in ways]
        for end in range(1, len(invited) + 1):
            for start in range(max(0, end - len(name) - 1), end):
                found = _same_name(invited[start:end], name)
                _extend(passed[end], ways[start], found, "short" if Reason.INITIALS in found.reasons else "full")
            _extend(passed[end], passed[end - 1], ALIKE.noting(Reason.MORE_THAN_PROVEN), "none")
        ways = passed
    for kind, found in ways[-1].items():
        if kind == "full":
            yield found
        elif kind == "short":
            yield found.noting(Reason.INITIALS)


def _extend(way: dict[str, _Finding], before: dict[str, _Finding], by: _Finding, kind: str) -> None:
    rank = ("none", "short", "full")
    for already, found in before.items():
        reached, longer = max(already, kind, key=rank.index), found * by
        if longer.score > way.get(reached, NOTHING).score:
            way[reached] = longer


def _same_name(invited: Words, name: Words) -> _Finding:
    """One first name against another; what initials cost is not known before the others were seen."""
    if joined(invited) == joined(name):
        return ALIKE
    if _abbreviates(invited, name):
        return _Finding(1.0, frozenset({Reason.INITIALS}))
    if len(invited) < len(name) and set(invited) < set(name):
        return ALIKE.noting(Reason.PART_OF_COMPOUND)
    shorter, longer = sorted((joined(invited), joined(name)), key=len)
    shortened = ALIKE.noting(Reason.SHORTENED) if longer.startswith(shorter) else NOTHING
    spelled = _Finding(likeness(joined(invited), joined(name)), frozenset({Reason.SPELLING}))
    return max(spelled, shortened, key=_score)


def _abbreviates(short: Words, name: Words) -> bool:
    """`J.-P.` and `JP` for Jean-Pierre, `Ph.` for Philippe."""
    if len(name) > 1 and joined(short) == "".join(word[0] for word in name):
        return True
    agree = len(short) == len(name) and all(
        word == full or (word.endswith(".") and full.startswith(word[:-1]))
        for word, full in zip(short, name, strict=True)
    )
    return agree and any(word.endswith(".") for word in short)


# ---------------------------------------------------------------- family names


def _family(invited: Name, birth: Name, usual: Name) -> _Finding:
    """The name of birth, the usual one, or both in either order; of a name with a word between, each part."""
    known = [(birth, ALIKE)]
    if usual.letters and usual.letters != birth.letters:
        both = [Name(birth.names + usual.names, clean=True), Name(usual.names + birth.names, clean=True)]
        known += [(usual, ALIKE.noting(Reason.USUAL_NAME))]
        known += [(each, ALIKE.noting(Reason.BOTH_NAMES)) for each in both]
    claims = list(_claims(invited))
    if not claims:
        return NOTHING.noting(Reason.OTHER_FAMILY)
    best = reduce(
        lambda found, claim: found * max((note * _same_family(claim, name) for name, note in known), key=_score),
        claims,
        ALIKE,
    )
    return best if best.score >= DOUBTFUL else best.noting(Reason.OTHER_FAMILY)


def _claims(invited: Name) -> Iterator[Words]:
    """The names in "Dupont née Martin"."""
    claim: list[str] = []
    for word in invited.words:
        if word.rstrip(".") in BIRTH and claim:
            yield tuple(claim)
            claim = []
        else:
            claim.append(word)
    if claim:
        yield tuple(claim)


def _same_family(invited: Words, known: Name) -> _Finding:
    if not known.letters:
        return NOTHING
    if joined(invited) == known.letters:
        return ALIKE
    if _plain(invited) == _plain(known.words):
        return ALIKE.noting(Reason.PARTICLE)
    parts, names = _parts(invited), _parts(known.words)
    if sorted(parts) == sorted(names):
        return ALIKE.noting(Reason.ORDER)
    if set(parts) < set(names) or set(names) < set(parts):
        return ALIKE.noting(Reason.PART_OF_COMPOUND)
    return _Finding(likeness(joined(invited), known.letters), frozenset({Reason.SPELLING}))


def _plain(words: Words) -> str:
    """A family name without the particles that people leave out."""
    return joined(tuple(word for word in words if word.rstrip(".") not in OPTIONAL))


def _parts(words: Words) -> list[str]:
    """The names in a compound one, each with its particles."""
    parts, begun = [], ""
    for word in (each.rstrip(".") for each in words):
        begun += word
        if word not in PARTICLES:
            parts.append(begun)
            begun = ""
    return [*parts, begun] if begun else parts
