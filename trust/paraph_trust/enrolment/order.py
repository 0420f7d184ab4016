"""The reviewed file of a grant: whom and what a certificate is for, whatever its future holder asks for."""

import tomllib
from datetime import timedelta
from typing import Annotated, Literal

from paraph.errors import InputError
from paraph.pki import AgentSubject, LegalSubject, PersonSubject, profiles
from paraph.pki.profiles import Profile
from paraph.pki.subjects import Subject, named
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from paraph_trust.ceremony.plan import DEMO, Country, Name, Organisation, Policies, Section
from paraph_trust.errors import InvalidRequest

LABELS = ("seal", "agent", "timestamping", "ocsp")
"""What may stand in the path of an EST address (RFC 7030 §3.2.2): one for each profile."""


class Order(Section):
    """What every grant says."""

    days: Annotated[int, Field(ge=1, le=36525)]
    """How long the certificate holds."""
    open_days: Annotated[int, Field(ge=1, le=90)] = 7
    """How long the secret is good."""
    organisation: Organisation

    @property
    def validity(self) -> timedelta:
        return timedelta(days=self.days)


class _Service(Order):
    """A certificate of an organisation, or of a service of it."""

    name: Name

    def subject(self, *, demo: bool) -> Subject:
        owner = self.organisation
        return LegalSubject(self.name + DEMO * demo, owner.country, owner.identifier, owner.name)


class SealOrder(_Service):
    label: Literal["seal"]
    policies: Policies

    def profile(self) -> Profile:
        return profiles.seal().under(*self.policies)


class UnitOrder(_Service):
    label: Literal["timestamping"]
    signs_days: Annotated[int, Field(ge=1, le=36525)] | None = None
    """When the key is retired; without it, the key signs to the certificate's end (EN 319 421 §7.6.2)."""

    def profile(self) -> Profile:
        profile = profiles.timestamping_unit()
        return profile.signing_for(timedelta(days=self.signs_days)) if self.signs_days else profile


class ResponderOrder(_Service):
    label: Literal["ocsp"]

    def profile(self) -> Profile:
        return profiles.ocsp_responder()


class Person(Section):
    given_name: str
    surname: str
    country: Country
    serial_number: str
    email: str | None = None


class AgentOrder(Order):
    """A certificate of somebody who acts for an organisation."""

    label: Literal["agent"]
    policies: Policies
    person: Person

    def profile(self) -> Profile:
        return profiles.agent().under(*self.policies)

    def subject(self, *, demo: bool) -> Subject:
        owner, person = self.organisation, PersonSubject(**self.person.model_dump())
        return AgentSubject(person, owner.name + DEMO * demo, owner.identifier)


class Renewal(Section):
    """A successor of a certificate that was enrolled here, for the same subject."""

    label: Literal["renewal"]
    renews: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[0-9A-Fa-f]{1,40}$")]
    """Its serial number."""
    open_days: Annotated[int, Field(ge=1, le=90)] = 7


FirstOrder = SealOrder | AgentOrder | UnitOrder | ResponderOrder
_ORDER: TypeAdapter[FirstOrder | Renewal] = TypeAdapter(Annotated[FirstOrder | Renewal, Field(discriminator="label")])


def read(text: str) -> FirstOrder | Renewal:
    """Read the file of a grant.

    Raises:
        InvalidRequest: it is not TOML, says something that a grant does not know, or names nobody that a certificate
            could name.
    """
    try:
        order = _ORDER.validate_python(tomllib.loads(text))
        if not isinstance(order, Renewal):
            named(order.subject(demo=True))
    except tomllib.TOMLDecodeError as error:
        raise InvalidRequest(f"The file is not TOML: {error}") from None
    except (ValidationError, InputError) as error:
        raise InvalidRequest(f"The file grants nothing that could be issued: {error}") from None
    return order
