"""What a signature policy looks at: what is known of a workflow. Whatever is not known counts as the riskier value."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class DocumentKind(StrEnum):
    """What is signed. The value is what the database and the REST API write."""

    CONTRACT = "contract"
    EMPLOYMENT = "employment"
    STAFF = "staff"
    ORDER = "order"
    TENDER = "tender"
    DECISION = "decision"
    INVOICE = "invoice"
    INSURANCE = "insurance"
    SETTLEMENT = "settlement"
    MANDATE = "mandate"
    GUARANTEE = "guarantee"
    MINUTES = "minutes"
    RECEIPT = "receipt"
    OTHER = "other"


class Counterparty(StrEnum):
    KNOWN = "known"
    UNKNOWN = "unknown"


class Person(StrEnum):
    """For whom the others sign: for themselves, or for an organisation."""

    NATURAL = "natural"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known; None, or an empty text, where nothing is."""

    filing_class: str = ""
    document_kind: DocumentKind | None = None
    amount: Decimal | None = None
    """What the documents commit to; 0 where they commit to no payment."""
    currency: str = ""
    counterparty: Counterparty | None = None
    person: Person | None = None
    cross_border: bool | None = None
    """Whether somebody signs in another country than the organisation's."""
    regulated_act: bool | None = None
    """Whether a text says in which form the act must be signed."""
    signers: int | None = None
