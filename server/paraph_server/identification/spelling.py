"""How names are written: what does not matter is taken away, and what is left is compared letter by letter.

Accents, case, ligatures, hyphens, apostrophes and dots carry no identity in French names. Letters do: a name that is
one letter away is perhaps a typing mistake and perhaps somebody else.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

LONGEST = 120
"""Characters of a name that are looked at; nobody is called more than that."""
MOST_WORDS = 12
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})
SHORT_FORMS = {"st": "saint", "ste": "sainte"}
CLERKS_LENGTH = 12
"""Letters after which one more does not make a mistake smaller."""

Words: TypeAlias = tuple[str, ...]
"""The words of one name: `jean`, `pierre`; an abbreviation keeps its dot."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared."""

    names: tuple[Words, ...]
    """What stands between spaces, each split at its hyphens and apostrophes."""
    clean: bool
    """Whether nothing but Latin letters and a name's usual signs is in it."""

    @property
    def words(self) -> Words:
        return tuple(word for name in self.names for word in name)

    @property
    def letters(self) -> str:
        return joined(self.words)


def read(written: str) -> Name:
    """A name as somebody wrote it; what is too long to be one is cut, and not clean any more."""
    clean = len(written) <= LONGEST
    visible = "".join(each for each in written[:LONGEST] if unicodedata.category(each)[0] != "C" or each.isspace())
    folded = _folded(visible)
    clean = clean and len(visible) == len(written) and re.fullmatch(r"[a-z\s'’ʼ`´.,‐‑–—-]*", folded) is not None
    names = tuple(words for each in re.split(r"[\s,]+", folded) if (words := _words(each)))
    return Name(names[:MOST_WORDS], clean and len(names) <= MOST_WORDS)


def _folded(written: str) -> str:
    apart = unicodedata.normalize("NFD", written.casefold())
    return "".join(each for each in apart if unicodedata.category(each) != "Mn").translate(LIGATURES)


def _words(name: str) -> Words:
    found = re.findall(r"([^\W_]+)(\W?)", name)
    return tuple(_word(letters, sign) for letters, sign in found)


def _word(letters: str, sign: str) -> str:
    """A word, spelled out if everybody knows its short form; a letter on its own stands for a name."""
    if letters in SHORT_FORMS:
        return SHORT_FORMS[letters]
    return f"{letters}." if sign == "." or (len(letters) == 1 and sign in {"", "-"}) else letters


def joined(words: Words) -> str:
    return "".join(words).replace(".", "")


@functools.lru_cache(maxsize=4096)
def likeness(one: str, other: str) -> float:
    """From 1 for the same letters down to 0: 1 less the mistakes, each weighed against the length of the longer."""
    if one == other:
        return 1.0
    length = max(len(one), len(other))
    return max(0.0, 1 - _mistakes(one, other) / min(length, CLERKS_LENGTH))


def _mistakes(one: str, other: str) -> int:
    """The distance of Damerau and Levenshtein: letters that are wrong, missing, too many or exchanged with the next."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for down, letter in enumerate(one, 1):
        before, above, row = above, row, [down]
        for right, facing in enumerate(other, 1):
            least = min(above[right] + 1, row[right - 1] + 1, above[right - 1] + (letter != facing))
            if down > 1 and right > 1 and (letter, facing) == (other[right - 2], one[down - 2]):
                least = min(least, before[right - 2] + 1)
            row.append(least)
    return row[-1]
