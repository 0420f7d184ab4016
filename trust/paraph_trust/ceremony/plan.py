"""The reviewed file of a ceremony. Unknown words are refused: people sign off what is written here."""

import tomllib
from datetime import timedelta
from typing import Annotated, Literal, Self

from paraph.errors import InputError
from paraph.keys.new import KeyType
from paraph.keys.uri import Pkcs11Uri
from paraph.pki import LegalSubject
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

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


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(Section):
    name: Name
    country: Country
    identifier: RegistrationNumber


class External(Section):
    """Somebody else's authority, which certifies a key of ours in the place of one of ours."""

    root_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """The fingerprint of its root that the reviewers looked up: no other will do."""


def _of_a_new_key(uri: str) -> str:
    try:
        named = Pkcs11Uri.of(uri)
    except InputError as error:
        raise ValueError(str(error)) from None
    if not named.object or named.id is not None:
        raise ValueError("object= names the key that the token makes, and the ceremony gives it its id=")
    return uri


class Standing(Section):
    """A certificate of the service itself."""

    name: Name
    key: KeyType
    token: Annotated[str, AfterValidator(_of_a_new_key)] | None = None
    """The `pkcs11:` URI (RFC 7512) under which a token makes the key, and keeps it; without, it lies in a file."""
    days: Annotated[int, Field(ge=1, le=36525)]

    @property
    def validity(self) -> timedelta:
        return timedelta(days=self.days)


class Timestamping(Standing):
    """The time-stamping unit."""

    policy: Oid
    accuracy_ms: Annotated[int, Field(ge=1, le=1000)]
    """EN 319 422 asks for a second or better."""
    signs_days: Annotated[int, Field(ge=1, le=36525)] | None = None
    """When the key is retired, long before the certificate ends; without it, the key signs to the end."""
    external: External | None = None
    """Who certifies it, if we do not; `days` and `signs_days` are then theirs to decide."""

    @model_validator(mode="after")
    def _retired_in_time(self) -> Self:
        if self.signs_days and self.signs_days > self.days:
            raise ValueError("the unit would sign for longer than its certificate holds")
        return self

    @property
    def accuracy(self) -> timedelta:
        return timedelta(milliseconds=self.accuracy_ms)


class Seal(Standing):
    """A seal key for an organisation, lent to clients."""

    policies: Policies
    credential: CredentialId
    organisation: Organisation
    clients: Annotated[list[ClientName], Field(min_length=1)]
    external: External | None = None
    """Who certifies it, if we do not; `days` and `policies` are then theirs to decide."""


class Persons(Section):
    """How people get certificates for one signature."""

    policies: Policies
    levels: dict[Literal["simple", "advanced"], Policies] = {}
    """What is promised besides where the client has identified somebody for this level of signature."""


class Control(Section):
    """Dual control: the secrets are split between holders, who also approve what one person must not do alone."""

    holders: Annotated[list[Name], Field(min_length=2, max_length=16)]
    needed: Annotated[int, Field(ge=2)] = 2
    """How many of them open the keys."""

    @model_validator(mode="after")
    def _enough_people(self) -> Self:
        if len(set(self.holders)) < len(self.holders):
            raise ValueError("a holder is named twice")
        if self.needed > len(self.holders):
            raise ValueError("more holders are needed than there are")
        return self


class Occasion(Section):
    """A ceremony: who, and for whom seals are made."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    officer: str
    witnesses: list[str]
    seals: list[Seal] = []

    @model_validator(mode="after")
    def _one_name_each(self) -> Self:
        names = [seal.credential for seal in self.seals]
        if len(set(names)) < len(names):
            raise ValueError("two seals have the same credential")
        return self


class Plan(Occasion):
    """The first ceremony: everything that a service needs."""

    demo: bool = False
    """Marks every certificate with DEMO, so that nobody takes it for a real one."""
    organisation: Organisation
    root: Standing | None = None
    external: External | None = None
    issuing: Standing
    ocsp: Standing
    timestamping: Timestamping
    persons: Persons
    control: Control | None = None

    @model_validator(mode="after")
    def _one_root(self) -> Self:
        if (self.root is None) == (self.external is None):
            raise ValueError("either [root] or [external] must say who vouches for the issuing authority")
        return self

    def subject(self, name: str, organisation: Organisation | None = None) -> LegalSubject:
        """The subject of a certificate, marked if this is a demonstration."""
        mark = DEMO if self.demo else ""
        owner = organisation or self.organisation
        return LegalSubject(name + mark, owner.country, owner.identifier, owner.name)


class Supplement(Occasion):
    """A later ceremony: successors and more seals, under what the first one made."""

    issuing: Standing | None = None
    """A new issuing authority; it needs the root, or a certificate from the external one."""
    external: External | None = None
    """Who certifies it, if not the root of the first ceremony."""
    ocsp: Standing | None = None
    timestamping: Timestamping | None = None
    persons: Persons | None = None

    @model_validator(mode="after")
    def _makes_something(self) -> Self:
        if not (self.issuing or self.ocsp or self.timestamping or self.persons or self.seals):
            raise ValueError("it makes nothing")
        if self.issuing and not self.ocsp:
            raise ValueError("a new issuing authority needs an OCSP responder of its own: [ocsp]")
        if self.external and not self.issuing:
            raise ValueError("[external] says who certifies a new issuing authority, and there is none")
        return self


def read(text: str) -> Plan | Supplement:
    """Read a ceremony file: the first one's says what its root is, a later one's does not.

    Raises:
        InvalidRequest: it is not TOML, or says something that a ceremony does not know.
    """
    try:
        stated = tomllib.loads(text)
        model = Plan if {"root", "organisation"} & stated.keys() else Supplement
        return model.model_validate(stated)
    except tomllib.TOMLDecodeError as error:
        raise InvalidRequest(f"The ceremony file is not TOML: {error}") from None
    except ValidationError as error:
        raise InvalidRequest(f"The ceremony file cannot be carried out: {error}") from None


def read_first(text: str) -> Plan:
    """Read the file of a first ceremony.

    Raises:
        InvalidRequest: it is not one.
    """
    plan = read(text)
    if not isinstance(plan, Plan):
        raise InvalidRequest("The ceremony file is a supplement; the first ceremony has not been performed.")
    return plan
