"""A secret split between persons: any `needed` of them bring it back, fewer learn nothing (Shamir; SLIP-0039).

The shares are words with a checksum, so that they survive paper and typing.
"""

import secrets
from base64 import b64encode
from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from paraph_trust.errors import InvalidRequest

_BYTES = 32


def split(*, needed: int, holders: int) -> tuple[bytes, list[str]]:
    """A new random passphrase, and the shares of it, one for each holder."""
    secret = secrets.token_bytes(_BYTES)
    (shares,) = generate_mnemonics(1, [(needed, holders)], secret)
    return _passphrase(secret), shares


def join(shares: Sequence[str]) -> bytes:
    """The passphrase.

    Raises:
        InvalidRequest: too few shares, one that was mistyped, or one of another secret.
    """
    brought = list(dict.fromkeys(" ".join(share.lower().split()) for share in shares))
    try:
        enough = Share.from_mnemonic(brought[0]).member_threshold if brought else 0
        return _passphrase(combine_mnemonics(brought[:enough]))
    except MnemonicError as error:
        raise InvalidRequest(f"These shares do not give the secret back: {error}") from None


def _passphrase(secret: bytes) -> bytes:
    return b64encode(secret)
