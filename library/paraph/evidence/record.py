"""What an evidence file states. Facts only; times are ISO 8601 in UTC, digests SHA-256 in hexadecimal."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from paraph.errors import BrokenDocument
from paraph.evidence.chain import Link
from paraph.evidence.level import STARS, Assurance, Device, Facts, Means, Proof, SignatureLevel

FORMAT = "paraph-evidence-1"
QUALIFIED = "qualified"
"""What trusted lists say of a qualified certificate."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file, before anybody signed it and after everybody did."""

    filename: str
    pages: int | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The text somebody accepted; `digest` binds it to the files they were shown."""

    text: str
    version: int
    digest: str
    accepted_at: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of a signature."""

    subject: str
    issuer: str
    serial: str
    digest: str
    not_before: str
    not_after: str
    policies: tuple[str, ...] = ()
    """Under which it was issued: object identifiers."""
    device: str = Device.PLATFORM
    """Where its key was used: one of `level.Device`."""
    qualified: str = ""
    """What the trusted lists of the Member States said when it signed; empty where they were not asked."""
    rgs: int = 0
    """For how many stars of the RGS its policy was qualified, as the platform is told."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document that was asked from somebody, and that they handed over before they acted."""

    name: str
    """What was asked for."""
    filename: str
    hash: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who had to act; of a seal, the organisation."""

    name: str
    email: str
    act: str
    """`signature`, `approval`, `view` or `seal`."""
    acted_at: str
    phone: str = ""
    """Masked."""
    acts_for: str = ""
    """The person in whose place they acted, who had delegated it to them."""
    address: str = ""
    agent: str = ""
    consent: Consent | None = None
    proofs: tuple[Proof, ...] = ()
    """How they showed who they are."""
    certificate: Certificate | None = None
    level: str = ""
    """Of their signature: one of `level.SignatureLevel`."""
    stars: int = 0
    """Of the RGS, that their signature reached."""
    comment: str = ""
    instead_of: str = ""
    """Who handed their turn to this person."""
    enclosures: tuple[Enclosure, ...] = ()

    @property
    def levels(self) -> tuple[SignatureLevel, ...]:
        """All that are stated of their signature: that of eIDAS, and the highest of the RGS."""
        return (*((SignatureLevel(self.level),) if self.level else ()), *STARS[: self.stars][-1:])

    def facts(self, *, proven: bool = True) -> Facts:
        """What decides on the level; `proven` is whether the signed documents were validated."""
        made = self.certificate
        return Facts(
            consents=self.consent is not None,
            proofs=self.proofs,
            own_certificate=made is not None,
            device=made.device if made else Device.PLATFORM,
            qualified=made is not None and made.qualified == QUALIFIED,
            rgs=made.rgs if made else 0,
            proven=proven,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the journal, with what its hash covers."""

    link: Link
    hash: str
    actor: str
    address: str = ""
    summary: str = ""
    """Details in words, for readers."""


@dataclass(frozen=True, slots=True)
class Record:
    """All of it."""

    reference: str
    title: str
    organisation: str
    sender: str
    created_at: str
    started_at: str
    signed_at: str
    documents: tuple[Document, ...]
    people: tuple[Person, ...]
    events: tuple[Event, ...]
    software: str
    keep_years: int = 0
    """After the end of what was agreed, as the organisation’s signature policy asks; 0 where it does not ask."""

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """What `to_json` wrote.

        Raises:
            BrokenDocument: it is something else.
        """
        try:
            facts = json.loads(text)
            if facts.pop("format") != FORMAT:
                raise BrokenDocument("The evidence is of another format than this version reads.")
            facts["documents"] = tuple(Document(**each) for each in facts["documents"])
            facts["people"] = tuple(_person(each) for each in facts["people"])
            facts["events"] = tuple(_event(each) for each in facts["events"])
            return cls(**facts)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BrokenDocument(f"The evidence cannot be read: {error}") from None


def _person(facts: dict[str, Any]) -> Person:
    level = facts.get("level")
    known = {
        "consent": Consent(**facts["consent"]) if facts.get("consent") else None,
        "certificate": _certificate(**facts["certificate"]) if facts.get("certificate") else None,
        "proofs": tuple(_proof(**each) for each in facts.get("proofs", ())),
        "enclosures": tuple(Enclosure(**each) for each in facts.get("enclosures", ())),
        "level": SignatureLevel(level) if level else "",
    }
    return Person(**facts | known)


def _proof(**facts: Any) -> Proof:
    return Proof(**facts | {"means": Means(facts["means"]), "assurance": Assurance(facts["assurance"])})


def _certificate(**facts: Any) -> Certificate:
    return Certificate(**facts | {"policies": tuple(facts.get("policies", ())), "rgs": int(facts.get("rgs", 0))})


def _event(facts: dict[str, Any]) -> Event:
    return Event(**facts | {"link": Link(**facts["link"])})
