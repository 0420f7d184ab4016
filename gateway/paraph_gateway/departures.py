"""What leaves the premises for a signature: a digest and its algorithm, nothing else."""

import base64
from typing import TypedDict

from paraph.signatures import Pending


class Departure(TypedDict):
    """The body of a signing request, as the CSC API names its parts (§11.10, signatures/signHash)."""

    hashes: list[str]
    hashAlgorithmOID: str


def departure(pending: Pending) -> Departure:
    """What the platform may know of a pending signature.

    `Pending.state` stays: it holds the visible block, which may show what the document says.
    """
    return {
        "hashes": [base64.b64encode(pending.digest.value).decode()],
        "hashAlgorithmOID": pending.digest.algorithm.oid,
    }
