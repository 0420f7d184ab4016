"""The third verb: raise the level of what is signed already."""

from paraph.algorithms import Digest, Hash
from paraph.errors import InputError, ParaphError
from paraph.pades.draft import TIMESTAMP, ContentsTooLarge, Statement
from paraph.pades.prepare import TOKEN_ROOM, append
from paraph.signatures import Level
from paraph.timestamps import Timestamper

_LARGEST_TOKEN = 65536


def extend(document: bytes, level: Level, *, timestamper: Timestamper) -> bytes:
    """The document at a higher level: a document time-stamp over everything in it (EN 319 142-1 §5.4.3).

    Raises:
        InputError: the level cannot be reached.
        Unavailable: the time-stamp authority did not answer.
    """
    if level is not Level.T:
        raise InputError(f"Documents are extended to level {Level.T}, not {level}.")
    return _timestamp(document, timestamper, TOKEN_ROOM)


def _timestamp(document: bytes, timestamper: Timestamper, reserve: int) -> bytes:
    draft = append(document, Statement(TIMESTAMP), reserve=reserve)
    token = timestamper.timestamp(Digest(Hash.SHA256, draft.digest(document)))
    try:
        return document + draft.fill(token)
    except ContentsTooLarge as error:
        if error.size > _LARGEST_TOKEN or error.size <= reserve:
            raise ParaphError("The time-stamp authority sends tokens that fit no document.") from error
        return _timestamp(document, timestamper, error.size)
