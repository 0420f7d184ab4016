"""How the CSC API writes requests."""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from typing import Annotated

from paraph.algorithms import Digest, Hash
from paraph.errors import WeakAlgorithm
from pydantic import BaseModel, BeforeValidator, ConfigDict

from paraph_trust.errors import InvalidRequest


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("must be a base64 string")  # noqa: TRY004  what pydantic reports
    try:
        return b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError("must be base64") from None


Base64 = Annotated[bytes, BeforeValidator(_decoded)]
"""Without the tolerance for foreign characters that the standard library has by default."""


class CscRequest(BaseModel):
    """Unknown fields are ignored, as the API wants it; known ones are taken strictly."""

    model_config = ConfigDict(strict=True, frozen=True)


def digests(hashes: Sequence[bytes], algorithm_oid: str) -> tuple[Digest, ...]:
    """The digests a request speaks of.

    Raises:
        InvalidRequest: an algorithm that is not accepted, or a value of another length.
    """
    try:
        algorithm = Hash.from_oid(algorithm_oid)
    except WeakAlgorithm as error:
        raise InvalidRequest(f"Invalid parameter hashAlgorithmOID: {error}") from None
    if any(len(value) != algorithm.size for value in hashes):
        raise InvalidRequest(f"Invalid parameter hashes: a {algorithm.name} digest has {algorithm.size} bytes.")
    return tuple(Digest(algorithm, value) for value in hashes)
