"""Identifiers: a prefix that says what it is, then 24 random base-58 characters (140 bits)."""

import secrets

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH = 24


def new(prefix: str) -> str:
    """A fresh identifier, such as `wfl_2vPz…`."""
    number, letters = secrets.randbelow(len(ALPHABET) ** LENGTH), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{prefix}_{letters}"
