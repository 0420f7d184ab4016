"""What is asked for: workflows, their steps, their people and their circle, as values."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from paraph_server.accounts.models import Group, User
from paraph_server.identification.shared_secrets import NewSecret
from paraph_server.policies.facts import Facts
from paraph_server.workflows.models import ConsentPage, Seal, Step


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A document asked from a recipient; no kinds named means that any will do."""

    name: str
    required: bool = True
    content_types: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """Somebody to invite; a guest needs a name and an address, and a telephone number where codes come by SMS.

    Who is handed their link, and identified by SMS, needs no address: their e-mail address is empty then.
    """

    email: str
    first_name: str
    last_name: str
    consent_page: ConsentPage
    phone_number: str = ""
    country: str = "FR"
    locale: str = "en"
    user: User | None = None
    requests: Sequence[NewRequest] = ()
    secret: NewSecret | None = None
    """What they are asked, where they are identified by a shared secret."""


@dataclass(frozen=True, slots=True)
class NewStep:
    """People who act at the same time; all of them must, unless `required` says how many.

    `id` names the step that this one is to be, where there is one already.
    """

    recipients: Sequence[NewRecipient]
    kind: Step.Kind = Step.Kind.SIGNATURE
    required: int | None = None
    validity: timedelta = timedelta(days=30)
    max_invites: int = 1
    invite_period: timedelta | None = None
    send_download_link: bool = True
    allow_comments: bool = False
    allow_refusal: bool = True
    allow_delegation: bool = False
    hide_recipients: bool = False
    hide_attachments: bool = False
    seal: Seal | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class NewWatcher:
    """An address that wants to be told of some events."""

    email: str
    events: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Circle:
    """Who beside the recipients has to do with a workflow; None leaves things as they are."""

    watchers: Sequence[NewWatcher] | None = None
    notified_events: Sequence[str] | None = None
    viewers: Sequence[User] | None = None
    viewing_groups: Sequence[Group] | None = None
    co_managers: Sequence[User] | None = None
    co_manager_events: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class NewWorkflow:
    """A workflow as it is asked for."""

    name: str
    description: str = ""
    steps: Sequence[NewStep] = ()
    data: Mapping[str, str] = dataclasses.field(default_factory=dict)
    filing_class: str = ""
    amount: Decimal | None = None
    currency: str = ""
    declared: Facts = dataclasses.field(default_factory=Facts)
    """What its sender says of it for the signature policy, beside what stands elsewhere in it."""
    circle: Circle = Circle()


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody has a workflow start below the signature policy, and says why."""

    by: User
    reason: str
