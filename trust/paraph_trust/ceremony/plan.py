"""The reviewed file of a ceremony. Unknown words are refused: people sign off what is written here."""

import tomllib
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from paraph.keys.file import PrivateKey
from paraph.pki import LegalSubject
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from paraph_trust.errors import InvalidRequest

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=58)]
"""A name of RFC 5280 is 64 characters at most; six stay free for the demonstration mark."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
RegistrationNumber = Annotated[str, StringConstraints(pattern=r"^(NTR|VAT|LEI|PSD|[A-Z]{2}:)[A-Z]{2}-.+$")]
"""EN 319 412-1 §5.1.4, for instance `NTRFR-123456789`."""
CredentialId = Annotated[str, StringConstraints(pattern=r"^seal-[a-z0-9-]{1,59}$")]
Oid = Annotated[str, StringConstraints(pattern=r"^[0-2](\.(0|[1-9]\d*))+$")]
Policies = Annotated[list[Oid], Field(min_length=1)]
"""Certificate policies (EN 319 411-1 §5.3): what was promised when the certificate was issued."""
ClientName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
DEMO = " DEMO"


class KeyType(StrEnum):
    """The kinds of key a ceremony makes (TS 119 312)."""

    P256 = "P-256"
    P384 = "P-384"
    RSA3072 = "RSA-3072"

    def generate(self) -> PrivateKey:
        match self:
            case KeyType.P256:
                return ec.generate_private_key(ec.SECP256R1())
            case KeyType.P384:
                return ec.generate_private_key(ec.SECP384R1())
            case KeyType.RSA3072:
                return rsa.generate_private_key(public_exponent=65537, key_size=3072)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(Section):
    name: Name
    country: Country
    identifier: RegistrationNumber


class Standing(Section):
    """A certificate of the service itself."""

    name: Name
    key: KeyType
    days: Annotated[int, Field(ge=1, le=36525)]

    @property
    def validity(self) -> timedelta:
        return timedelta(days=self.days)


class Timestamping(Standing):
    """The time-stamping unit."""

    policy: Oid
    accuracy_ms: Annotated[int, Field(ge=1, le=1000)]
    """EN 319 422 asks for a second or better."""

    @property
    def accuracy(self) -> timedelta:
        return timedelta(milliseconds=self.accuracy_ms)


class Seal(Standing):
    """A seal key for an organisation, lent to clients."""

    policies: Policies
    credential: CredentialId
    organisation: Organisation
    clients: Annotated[list[ClientName], Field(min_length=1)]


class Persons(Section):
    """How people get certificates for one signature."""

    policies: Policies


class Plan(Section):
    """Everything that a ceremony will make."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    demo: bool = False
    """Marks every certificate with DEMO, so that nobody takes it for a real one."""
    officer: str
    witnesses: list[str]
    organisation: Organisation
    root: Standing
    issuing: Standing
    ocsp: Standing
    timestamping: Timestamping
    persons: Persons
    seals: list[Seal] = []

    @model_validator(mode="after")
    def _one_name_each(self) -> Self:
        names = [seal.credential for seal in self.seals]
        if len(set(names)) < len(names):
            raise ValueError("two seals have the same credential")
        return self

    def subject(self, name: str, organisation: Organisation | None = None) -> LegalSubject:
        """The subject of a certificate, marked if this is a demonstration."""
        mark = DEMO if self.demo else ""
        owner = organisation or self.organisation
        return LegalSubject(name + mark, owner.country, owner.identifier, owner.name)


def read(text: str) -> Plan:
    """Read a ceremony file.

    Raises:
        InvalidRequest: it is not TOML, or says something that a ceremony does not know.
    """
    try:
        return Plan.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidRequest(f"The ceremony file is not TOML: {error}") from None
    except ValidationError as error:
        raise InvalidRequest(f"The ceremony file cannot be carried out: {error}") from None
