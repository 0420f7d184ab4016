"""What the API speaks of, in its words: `workflowStatus` on the wire is `workflow_status` here.

A server may say more than is listed, and new words where a kind is named (`workflow_status`, `event_type`, …).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

# ---------------------------------------------------------------- asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecipient:
    """Somebody to invite: a user, or a guest with a name and an address. What is None, the server decides."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None
    country: str | None = None
    preferred_locale: str | None = None
    consent_page_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """People who act at the same time; all of them must, unless `required_recipients` says how many."""

    recipients: Sequence[NewRecipient]
    step_type: str = "signature"
    required_recipients: int | None = None
    validity_period: timedelta | None = None
    invite_period: timedelta | None = None
    max_invites: int | None = None
    """0: the platform sends no e-mail, the caller hands out the link of `invite`."""
    send_download_link: bool | None = None
    allow_comments: bool | None = None
    hide_attachments: bool | None = None
    hide_workflow_recipients: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where a signature block goes: points from the page's top left corner; page -1 is the last."""

    image_page: int
    image_x: float
    image_y: float
    image_width: float
    image_height: float


# ---------------------------------------------------------------- answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    email: str
    first_name: str = ""
    last_name: str = ""
    id: str | None = None
    user_id: str | None = None
    phone_number: str | None = None
    country: str | None = None
    preferred_locale: str | None = None
    consent_page_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """What happened in a step: `invite`, `sign`, `approve`, `refuse` and others."""

    operation: str
    created: datetime
    recipient_email: str | None = None
    recipient_user_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    id: str
    step_type: str
    recipients: tuple[Recipient, ...]
    required_recipients: int = 0
    validity_period: timedelta | None = None
    max_invites: int = 0
    send_download_link: bool = False
    is_started: bool = False
    is_finished: bool = False
    logs: tuple[LogEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """`workflow_status` is `draft`, `started`, `stopped`, `finished` or `archived`; what has not happened is None."""

    id: str
    name: str
    workflow_status: str
    created: datetime
    user_id: str
    tenant_id: str
    description: str = ""
    progress: int = 0
    steps: tuple[Step, ...] = ()
    current_recipient_emails: tuple[str, ...] = ()
    current_recipient_users: tuple[str, ...] = ()
    stop_reason: str | None = None
    repair_reason: str | None = None
    updated: datetime | None = None
    started: datetime | None = None
    stopped: datetime | None = None
    finished: datetime | None = None
    archived: datetime | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    """The caller's own `data1` … `data16`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file; its hash is the SHA-256 in Base64."""

    filename: str
    content_type: str
    size: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file in a workflow; without a signature profile it is an attachment that nobody signs."""

    id: str
    workflow_id: str
    parts: tuple[Part, ...]
    signature_profile_id: str | None = None
    pdf_signature_fields: tuple[Field, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    tenant_id: str
    email: str
    group_id: str | None = None
    first_name: str = ""
    last_name: str = ""
    name: str = ""
    phone_number: str | None = None
    is_disabled: bool = False
    created: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPage:
    """What a signer reads, and how they are identified (`authentication_mode`)."""

    id: str
    name: str
    authentication_mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureProfile:
    id: str
    name: str
    signature_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An endpoint that is told what happens; its `secret` is there only in the answer to its registration."""

    id: str
    endpoint_url: str
    notified_events: tuple[str, ...] = ()
    is_global: bool = False
    is_disabled: bool = False
    secret: str | None = field(default=None, repr=False)
    created: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What an endpoint is told. Unknown types must not break a receiver: more may come."""

    id: str
    event_type: str
    workflow_id: str
    tenant_id: str
    webhook_id: str
    created: datetime
    step_id: str | None = None
    recipient_email: str | None = None
    recipient_user_id: str | None = None
    delivered: datetime | None = None
    failed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The level that suits a document, and what speaks for and against it."""

    signature_level: str
    title: str
    summary: str
    reasons: tuple[str, ...]
    advantages: tuple[str, ...]
    drawbacks: tuple[str, ...]
    legal_effect: tuple[str, ...]
    effort: str
    warnings: tuple[str, ...] = ()
    policy_requires: Mapping[str, Any] | None = None
    """What the organisation's own policy asks for, where it has one, as the API writes it."""
