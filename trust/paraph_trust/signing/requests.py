"""What clients may ask, field by field (CSC API v2 §11, and our own `credentials/issue`)."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from typing import Annotated, Literal

from paraph.pki import PersonSubject
from pydantic import Field, StringConstraints

from paraph_trust.clients.requests import Base64, CscRequest

MOST_SIGNATURES = 1000
"""In one authorisation."""
LEAST_VALIDITY = 60
MOST_VALIDITY = 24 * 3600
"""Seconds: beyond a day a certificate would need revocation (EN 319 411-1, short-term certificates)."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$")]
Hashes = Annotated[list[Base64], Field(min_length=1, max_length=MOST_SIGNATURES)]


class ListRequest(CscRequest):
    maxResults: Annotated[int, Field(ge=1, le=100)] = 100
    pageToken: str = ""


class InfoRequest(CscRequest):
    credentialID: Identifier
    certificates: Literal["none", "single", "chain"] = "single"
    certInfo: bool = False


class Subject(CscRequest):
    givenName: Name
    surname: Name
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    serialNumber: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 .:/-]{1,64}$")]
    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None

    def person(self) -> PersonSubject:
        return PersonSubject(self.givenName, self.surname, self.country, self.serialNumber, self.email)


class IssueRequest(CscRequest):
    requestID: Identifier
    subject: Subject
    validity: Annotated[int, Field(ge=LEAST_VALIDITY, le=MOST_VALIDITY)]
    level: Literal["", "simple", "advanced"] = ""
    """Of the signature that they were identified for: the client answers for it."""


class AuthorizeRequest(CscRequest):
    credentialID: Identifier
    numSignatures: Annotated[int, Field(ge=1, le=MOST_SIGNATURES)]
    hashes: Hashes
    hashAlgorithmOID: str


class SignRequest(CscRequest):
    credentialID: Identifier
    SAD: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    hashes: Hashes
    hashAlgorithmOID: str
    signAlgo: str
    operationMode: Literal["S"] = "S"
