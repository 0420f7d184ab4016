"""Identifiers: a prefix that says what it is, then 24 random base-58 characters (140 bits)."""

import secrets

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH = 24
_PAIRS = [one + other for one in ALPHABET for other in ALPHABET]


def new(prefix: str) -> str:
    """A fresh identifier, such as `wfl_2vPz…`."""
    number, pairs = secrets.randbelow(len(ALPHABET) ** LENGTH), list[str]()
    for _ in range(LENGTH // 2):
        number, place = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[place])
    return f"{prefix}_{''.join(pairs)}"
