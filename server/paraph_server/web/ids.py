"""Identifiers: a prefix that says what it is, then 24 random base-58 characters (140 bits)."""

import secrets

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH = 24


def new(prefix: str) -> str:
    """A fresh identifier, such as `wfl_2vPz…`."""
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
