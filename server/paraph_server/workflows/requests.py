"""What callers of the REST API may send, in the reference product's words. Unknown fields are ignored, as it does."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, model_validator

from paraph_server.accounts.models import Group, User
from paraph_server.identification.shared_secrets import LONGEST as LONGEST_ANSWER
from paraph_server.identification.shared_secrets import LONGEST_QUESTION, SHORTEST, NewSecret
from paraph_server.policies.facts import Facts
from paraph_server.policies.requests import DeclaredIn
from paraph_server.web.errors import BadInput
from paraph_server.workflows import queries
from paraph_server.workflows.actions import (
    Circle,
    NewRecipient,
    NewRequest,
    NewStep,
    NewWatcher,
    NewWorkflow,
    Override,
)
from paraph_server.workflows.models import ConsentPage, Recipient, Seal, Step, Workflow

LONGEST = 366 * 24 * 3600 * 1000
"""Milliseconds."""
DATA = [f"data{number}" for number in range(1, 17)]

Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=5000)]
Datum = Annotated[str, Field(max_length=1000)] | None
Period = Annotated[int, Field(ge=60_000, le=LONGEST)] | None
Ids = Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=100)] | None
Events = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=50)]
FilingClass = Annotated[str, Field(max_length=200)]
ContentType = Annotated[str, Field(max_length=100, pattern=r"^[\w.+-]+/[\w.+-]+$", examples=["application/pdf"])]


class RequestedDocumentIn(Schema):
    """A document asked from a recipient; without accepted types, whatever the platform takes in."""

    name: Name
    required: bool = True
    acceptedTypes: Annotated[list[ContentType], Field(max_length=20)] = []

    def wanted(self) -> NewRequest:
        return NewRequest(self.name, self.required, self.acceptedTypes)


Asked = Annotated[list[RequestedDocumentIn], Field(max_length=20)]


class SharedSecretIn(Schema):
    """What a recipient is asked, and what they should say; capitals and spaces make no difference."""

    question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    answer: Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST_ANSWER)]

    def wanted(self) -> NewSecret:
        return NewSecret(self.question, self.answer)


class RecipientIn(Schema):
    """A user of the platform, or a guest with a name and an address of their own."""

    userId: str | None = None
    email: str = ""
    firstName: str = ""
    lastName: str = ""
    phoneNumber: str | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")] = "FR"
    preferredLocale: str | None = None
    consentPageId: str | None = None
    requestedDocuments: Asked = []
    sharedSecret: SharedSecretIn | None = None

    def wanted(self, asked: Sequence[NewRequest] = ()) -> NewRecipient:
        """`asked` is asked from everybody in the step."""
        user = user_of(self.userId) if self.userId else None
        locale = (self.preferredLocale or (user.locale if user else "fr"))[:2].lower()
        return NewRecipient(
            email=self.email or (user.email if user else ""),
            first_name=self.firstName or (user.first_name if user else ""),
            last_name=self.lastName or (user.last_name if user else ""),
            consent_page=_consent_page(self.consentPageId),
            phone_number=self.phoneNumber or (user.phone_number if user else ""),
            country=self.country,
            locale=locale if locale in {"en", "fr"} else "en",
            user=user,
            requests=[*asked, *(each.wanted() for each in self.requestedDocuments)],
            secret=self.sharedSecret.wanted() if self.sharedSecret else None,
        )


class StepIn(Schema):
    """People who act at the same time; a seal step has none, for the platform acts itself."""

    id: Annotated[str, Field(max_length=32)] = ""
    stepType: Literal["signature", "approval", "view", "seal"] = "signature"
    recipients: Annotated[list[RecipientIn], Field(max_length=100)] = []
    requiredRecipients: Annotated[int, Field(ge=1)] | None = None
    validityPeriod: Period = None
    invitePeriod: Period = None
    maxInvites: Annotated[int, Field(ge=0, le=100)] = 1
    sendDownloadLink: bool = True
    allowComments: bool = False
    allowRefusal: bool = True
    allowDelegation: bool = False
    hideWorkflowRecipients: bool = False
    hideAttachments: bool = False
    requestedDocuments: Asked = []
    sealId: Annotated[str, Field(max_length=32)] | None = None

    def check_people(self) -> None:
        if not self.recipients and self.stepType != "seal":
            raise BadInput(_("Every step needs at least one recipient."))

    def wanted(self) -> NewStep:
        self.check_people()
        asked = [each.wanted() for each in self.requestedDocuments]
        return NewStep(
            [each.wanted(asked) for each in self.recipients],
            kind=Step.Kind(self.stepType),
            required=self.requiredRecipients,
            validity=timedelta(milliseconds=self.validityPeriod) if self.validityPeriod else timedelta(days=30),
            max_invites=self.maxInvites,
            invite_period=timedelta(milliseconds=self.invitePeriod) if self.invitePeriod else None,
            send_download_link=self.sendDownloadLink,
            allow_comments=self.allowComments,
            allow_refusal=self.allowRefusal,
            allow_delegation=self.allowDelegation,
            hide_recipients=self.hideWorkflowRecipients,
            hide_attachments=self.hideAttachments,
            seal=_seal(self.sealId) if self.sealId and self.stepType == "seal" else None,
            id=self.id,
        )


class WatcherIn(Schema):
    """An address that is told of events; names that we do not know are kept and never happen."""

    email: Annotated[str, Field(max_length=254)]
    notifiedEvents: Events = []


class CircleIn(Schema):
    """Who beside the recipients has to do with a workflow. What is absent stays as it is."""

    watchers: Annotated[list[WatcherIn], Field(max_length=50)] | None = None
    notifiedEvents: Events | None = None
    viewAuthorizedUsers: Ids = None
    viewAuthorizedGroups: Ids = None
    allowedCoManagerUsers: Ids = None
    coManagerNotifiedEvents: Events | None = None

    def circle(self) -> Circle:
        watchers = self.watchers
        return Circle(
            watchers=None if watchers is None else [NewWatcher(each.email, each.notifiedEvents) for each in watchers],
            notified_events=self.notifiedEvents,
            viewers=_users(self.viewAuthorizedUsers),
            viewing_groups=_groups(self.viewAuthorizedGroups),
            co_managers=_users(self.allowedCoManagerUsers),
            co_manager_events=self.coManagerNotifiedEvents,
        )

    @property
    def speaks(self) -> bool:
        """Whether it changes anything."""
        return any(getattr(self, name) is not None for name in CircleIn.model_fields)


class WorkflowIn(CircleIn):
    """A workflow to create; `data1` … `data16` are kept for the caller.

    With `templateId`, the template says what is not said here; `roles` says who is who in it, `values` fills its gaps.
    """

    name: Name | None = None
    description: Text = ""
    filingClass: FilingClass = ""
    templateId: str | None = None
    roles: Annotated[dict[str, RecipientIn], Field(max_length=100)] = {}
    values: Annotated[dict[str, Annotated[str, Field(max_length=5000)]], Field(max_length=100)] = {}
    steps: Annotated[list[StepIn], Field(max_length=100)] = []
    amount: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Za-z]{3}$")] = "EUR"
    policyFacts: DeclaredIn = DeclaredIn()
    data1: Datum = None
    data2: Datum = None
    data3: Datum = None
    data4: Datum = None
    data5: Datum = None
    data6: Datum = None
    data7: Datum = None
    data8: Datum = None
    data9: Datum = None
    data10: Datum = None
    data11: Datum = None
    data12: Datum = None
    data13: Datum = None
    data14: Datum = None
    data15: Datum = None
    data16: Datum = None

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if self.name is None and not self.templateId:
            raise ValueError("name: a workflow needs one")
        return self

    def data(self) -> dict[str, str]:
        return {name: value for name in DATA if (value := getattr(self, name)) is not None}

    def wanted(self) -> NewWorkflow:
        return NewWorkflow(
            self.name or "",
            self.description,
            [each.wanted() for each in self.steps],
            self.data(),
            filing_class=self.filingClass,
            amount=self.amount,
            currency=self.currency,
            declared=self.policyFacts.facts(),
            circle=self.circle(),
        )


class WorkflowPatch(CircleIn):
    """What changes: the state, a draft's contents, the people who have not acted, the owner, the circle."""

    workflowStatus: Literal["started", "paused", "stopped", "archived"] | None = None
    name: Name | None = None
    description: Text | None = None
    steps: Annotated[list[StepIn], Field(max_length=100)] | None = None
    userId: Annotated[str, Field(max_length=32)] | None = None
    filingClass: FilingClass | None = None
    policyFacts: DeclaredIn | None = None
    policyOverrideReason: Annotated[str, Field(max_length=1000)] | None = Field(
        None, description="Start it although it is below the signature policy: for who has the right, and why."
    )

    @property
    def declared(self) -> Facts | None:
        """What its sender says for the signature policy, all of it."""
        return self.policyFacts.facts() if self.policyFacts else None

    def override(self, by: User) -> Override | None:
        return None if self.policyOverrideReason is None else Override(by, self.policyOverrideReason)

    @property
    def owner(self) -> User | None:
        """Whose it is to be."""
        return user_of(self.userId) if self.userId else None


class FieldIn(Schema):
    """Where a signature block goes: points from the page's top left corner; -1 is the last page, -2 the one before.

    Or the name of a signature field of the file. The n-th is the n-th signer's, unless `signer` (from 1) says whose.
    """

    signer: Annotated[int, Field(ge=1, le=100)] | None = None
    fieldName: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    imagePage: Annotated[int, Field(ge=-20_000, le=20_000)] | None = None
    imageX: Annotated[float, Field(ge=0, le=20_000)] | None = None
    imageY: Annotated[float, Field(ge=0, le=20_000)] | None = None
    imageWidth: Annotated[float, Field(ge=20, le=20_000)] | None = None
    imageHeight: Annotated[float, Field(ge=10, le=20_000)] | None = None

    @model_validator(mode="after")
    def _says_where(self) -> "FieldIn":
        edges = (self.imagePage, self.imageX, self.imageY, self.imageWidth, self.imageHeight)
        if self.fieldName is None and None in edges:
            raise ValueError("say imagePage, imageX, imageY, imageWidth and imageHeight, or fieldName")
        return self

    def wanted(self) -> dict[str, Any]:
        return self.dict(exclude_none=True)


class DocumentPatch(Schema):
    """What changes of a draft's document; without a profile it is an attachment."""

    signatureProfileId: str | None = None
    pdfSignatureFields: Annotated[list[FieldIn], Field(max_length=100)] | None = None


class PartIn(Schema):
    """A part that was uploaded: by its hash, the SHA-256 in Base64."""

    hash: Annotated[str, Field(max_length=100)]
    filename: Annotated[str, Field(max_length=1000)] = ""
    contentType: str | None = None
    size: int | None = None


class DocumentsIn(Schema):
    """Documents to make of parts that were uploaded before, one of each."""

    parts: Annotated[list[PartIn], Field(min_length=1, max_length=500)]
    signatureProfileId: str | None = None
    pdfSignatureFields: Annotated[list[FieldIn], Field(max_length=100)] = []


class ViewerIn(Schema):
    """Where the viewer leads back to, and until when it opens: milliseconds since 1970, or from now on."""

    redirectUrl: Annotated[str, Field(max_length=2000)] | None = None
    expired: Annotated[int, Field(ge=1)] | None = None


class PiecesIn(Schema):
    """A part made of blobs, in their order."""

    blobs: Annotated[list[str], Field(min_length=1, max_length=1000)]
    filename: Annotated[str, Field(max_length=1000)] = ""
    contentType: str | None = None


class BlobPartsIn(Schema):
    parts: Annotated[list[PiecesIn], Field(min_length=1, max_length=500)]


class AddressIn(Schema):
    """A file to fetch."""

    url: Annotated[str, Field(max_length=4000)]
    filename: Annotated[str, Field(max_length=1000)] = ""


class AddressPartsIn(Schema):
    parts: Annotated[list[AddressIn], Field(min_length=1, max_length=20)]


class Handling(Schema):
    """What becomes of files that are uploaded."""

    createDocuments: bool = Field(True, description="Make a document of each; otherwise `POST …/documents` does.")
    signatureProfileId: str = Field("", description="How they are signed; without one they are attachments.")
    ignoreAttachments: bool = Field(False, description="Leave out, and count, what could only be an attachment.")
    unzip: bool = Field(False, description="Take every file of a ZIP file.")
    convertToPdf: bool = Field(False, description="Make PDFs of office files, texts and pictures.")


class InviteIn(Schema):
    """Whom a link is for: by identifier, else by address, else by telephone number."""

    recipientId: Annotated[str, Field(max_length=32)] = ""
    recipientEmail: Annotated[str, Field(max_length=254)] = ""
    recipientPhone: Annotated[str, Field(max_length=40)] | None = None

    def recipient(self, workflow: Workflow) -> Recipient:
        return queries.recipient_of(
            workflow, self.recipientEmail, phone_number=self.recipientPhone or "", recipient_id=self.recipientId
        )


class LinkIn(InviteIn):
    """For which site a link is, if for one: an allowed origin of the organisation."""

    embedOrigin: Annotated[str, Field(max_length=300)] | None = None
    redirectUrl: Annotated[str, Field(max_length=2000)] | None = None


def user_of(wanted: str) -> User:
    found = User.objects.filter(pk=wanted, is_active=True).first()
    if found is None:
        raise BadInput(_("There is no such user."))
    return found


def _users(wanted: list[str] | None) -> list[User] | None:
    return None if wanted is None else _all(User.objects.filter(is_active=True), wanted)


def _groups(wanted: list[str] | None) -> list[Group] | None:
    return None if wanted is None else _all(Group.objects.all(), wanted)


def _all(found: QuerySet[Any], wanted: list[str]) -> list[Any]:
    """Everybody of these identifiers, and nobody missing."""
    present = list(found.filter(pk__in=wanted))
    if len(present) != len(set(wanted)):
        raise BadInput(_("There is no such user or group."))
    return present


def _seal(wanted: str) -> Seal:
    found = queries.seals().filter(pk=wanted).first()
    if found is None:
        raise BadInput(_("There is no such seal."))
    return found


def _consent_page(wanted: str | None) -> ConsentPage:
    found = queries.consent_page_for(wanted)
    if found is None:
        raise BadInput(_("There is no such consent page."))
    return found
