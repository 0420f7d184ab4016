"""What clients may ask through the CSC API (v2 §11.12)."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from typing import Annotated

from pydantic import StringConstraints

from paraph_trust.clients.requests import Base64, CscRequest


class TimestampRequest(CscRequest):
    """A digest to time-stamp."""

    hash: Base64
    hashAlgorithmOID: str
    nonce: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{1,40}$")] | None = None
