"""What callers of the REST API may send, in the reference product's words. Unknown fields are ignored, as it does."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from datetime import timedelta
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from paraph_server.web.errors import BadInput
from paraph_server.workflows import queries
from paraph_server.workflows.actions import NewRecipient, NewStep
from paraph_server.workflows.models import ConsentPage, Step

LONGEST = 366 * 24 * 3600 * 1000
"""Milliseconds."""
DATA = [f"data{number}" for number in range(1, 17)]


class RecipientIn(Schema):
    """A guest: somebody without an account."""

    email: str
    firstName: str = ""
    lastName: str = ""
    phoneNumber: str | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")] = "FR"
    preferredLocale: str | None = None
    consentPageId: str | None = None

    def wanted(self) -> NewRecipient:
        locale = (self.preferredLocale or "fr")[:2].lower()
        return NewRecipient(
            email=self.email,
            first_name=self.firstName,
            last_name=self.lastName,
            consent_page=_consent_page(self.consentPageId),
            phone_number=self.phoneNumber or "",
            country=self.country,
            locale=locale if locale in {"en", "fr"} else "en",
        )


class StepIn(Schema):
    """People who act at the same time."""

    stepType: Literal["signature", "approval"] = "signature"
    recipients: Annotated[list[RecipientIn], Field(min_length=1, max_length=100)]
    requiredRecipients: Annotated[int, Field(ge=1)] | None = None
    validityPeriod: Annotated[int, Field(ge=60_000, le=LONGEST)] | None = None
    maxInvites: Annotated[int, Field(ge=0, le=100)] = 1
    sendDownloadLink: bool = True

    def wanted(self) -> NewStep:
        validity = timedelta(milliseconds=self.validityPeriod) if self.validityPeriod else timedelta(days=30)
        return NewStep(
            [each.wanted() for each in self.recipients],
            kind=Step.Kind(self.stepType),
            required=self.requiredRecipients,
            validity=validity,
            max_invites=self.maxInvites,
            send_download_link=self.sendDownloadLink,
        )


class WorkflowIn(Schema):
    """A workflow to create; `data1` … `data16` are kept for the caller."""

    model_config = {"extra": "allow"}

    name: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=5000)] = ""
    steps: Annotated[list[StepIn], Field(max_length=100)] = []

    def data(self) -> dict[str, str]:
        extra = self.model_extra or {}
        return {name: str(extra[name])[:1000] for name in DATA if extra.get(name) is not None}


class WorkflowPatch(Schema):
    """What changes: the state, or a draft's contents."""

    workflowStatus: Literal["started", "stopped", "archived"] | None = None
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    description: Annotated[str, Field(max_length=5000)] | None = None
    steps: Annotated[list[StepIn], Field(max_length=100)] | None = None


class FieldIn(Schema):
    """Where a signature block goes: points from the page's top left corner; -1 is the last page, -2 the one before."""

    imagePage: Annotated[int, Field(ge=-20_000, le=20_000)]
    imageX: Annotated[float, Field(ge=0, le=20_000)]
    imageY: Annotated[float, Field(ge=0, le=20_000)]
    imageWidth: Annotated[float, Field(ge=20, le=20_000)]
    imageHeight: Annotated[float, Field(ge=10, le=20_000)]


class DocumentPatch(Schema):
    pdfSignatureFields: Annotated[list[FieldIn], Field(max_length=100)] | None = None


class InviteIn(Schema):
    recipientEmail: str


def _consent_page(wanted: str | None) -> ConsentPage:
    pages = queries.consent_pages()
    found = pages.filter(pk=wanted).first() if wanted else pages.first()
    if found is None:
        raise BadInput(_("There is no such consent page."))
    return found
