"""What an attached signature encloses."""

from paraph.cms import SignedData
from paraph.errors import InputError


def content_of(signed: bytes) -> bytes:
    """It, as it was signed.

    Raises:
        BrokenDocument: this is no signature in CMS.
        InputError: it is detached.
    """
    enclosed = SignedData.parse(signed).content
    if enclosed is None:
        raise InputError("The signature is detached: what it signs is another file.")
    return enclosed
