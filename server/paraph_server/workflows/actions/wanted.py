"""What is asked for: workflows, their steps and their people, as values."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from paraph_server.accounts.models import User
from paraph_server.workflows.models import ConsentPage, Step


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


@dataclass(frozen=True, slots=True)
class NewStep:
    """People who act at the same time; all of them must, unless `required` says how many."""

    recipients: Sequence[NewRecipient]
    kind: Step.Kind = Step.Kind.SIGNATURE
    required: int | None = None
    validity: timedelta = timedelta(days=30)
    max_invites: int = 1
    send_download_link: bool = True


@dataclass(frozen=True, slots=True)
class NewWorkflow:
    """A workflow as it is asked for."""

    name: str
    description: str = ""
    steps: Sequence[NewStep] = ()
    data: Mapping[str, str] = dataclasses.field(default_factory=dict)
