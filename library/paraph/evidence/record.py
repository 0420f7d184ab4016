"""What an evidence file states. Facts only; times are ISO 8601 in UTC, digests SHA-256 in hexadecimal."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from paraph.errors import BrokenDocument
from paraph.evidence.chain import Link

FORMAT = "paraph-evidence-1"


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
class Code:
    """A one-time code that was entered; never the code itself."""

    channel: str
    address: str
    """Where it was sent, masked."""
    issued_at: str
    verified_at: str
    tries: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of a signature."""

    subject: str
    issuer: str
    serial: str
    digest: str
    not_before: str
    not_after: str


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
    code: Code | None = None
    certificate: Certificate | None = None
    comment: str = ""
    instead_of: str = ""
    """Who handed their turn to this person."""
    enclosures: tuple[Enclosure, ...] = ()


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
    parts = {"consent": Consent, "code": Code, "certificate": Certificate}
    known = {name: kind(**facts[name]) for name, kind in parts.items() if facts.get(name)}
    enclosures = tuple(Enclosure(**each) for each in facts.get("enclosures", ()))
    return Person(**facts | known | {"enclosures": enclosures})


def _event(facts: dict[str, Any]) -> Event:
    return Event(**facts | {"link": Link(**facts["link"])})
