"""Workflows and their documents as the REST API writes them."""

from typing import Annotated, NotRequired

from paraph.evidence import Means, SignatureLevel
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import GroupId, TenantId, UserId
from paraph_server.policies.schemas import (
    OverrideReason,
    PolicyDecision,
    PolicyFacts,
    PolicyRequirements,
    RecordedJudgement,
    SignaturePolicyId,
)
from paraph_server.web.schemas import Country, Email, FirstName, LastName, Locale, Milliseconds, PhoneNumber, identifier
from paraph_server.workflows import models
from paraph_server.workflows.models import Status

WorkflowId = Annotated[str, identifier("wfl", "a workflow")]
StepId = Annotated[str, identifier("stp", "a step")]
RecipientId = Annotated[str, identifier("rcp", "a recipient")]
DocumentId = Annotated[str, identifier("doc", "a document")]
ConsentPageId = Annotated[str, identifier("cop", "a consent page")]
SealId = Annotated[str, identifier("sea", "a seal")]
SignatureProfileId = Annotated[str, identifier("sip", "a signature profile")]
Duration = Annotated[int, Field(description="A length of time in milliseconds.", examples=[2_592_000_000])]
Happened = Annotated[int, Field(description="Milliseconds since 1970; absent until it happens.")]
Datum = Annotated[str, Field(description="The caller's own.")]


class RecipientName(TypedDict):
    """Somebody who takes part, as the others know them."""

    id: RecipientId
    email: Email
    firstName: FirstName
    lastName: LastName


class RequestedDocument(TypedDict):
    """A document that a recipient hands over before they act."""

    id: Annotated[str, identifier("rqd", "a requested document")]
    name: Annotated[str, Field(examples=["Proof of address"])]
    required: bool
    acceptedTypes: Annotated[list[str], Field(description="None: whatever the platform takes in.")]
    part: "Part | None"
    received: Milliseconds | None


class Recipient(RecipientName):
    """Somebody who has to act: a user of the platform, or a guest."""

    userId: UserId | None
    phoneNumber: PhoneNumber | None
    country: Country
    preferredLocale: Locale
    consentPageId: ConsentPageId | None
    signatureLevel: Annotated[
        SignatureLevel | None, Field(description="What their signature reached, computed from what was done.")
    ]
    comment: Annotated[str | None, Field(description="What they said when they acted.")]
    requestedDocuments: list[RequestedDocument]


class Log(TypedDict):
    """Something that happened."""

    operation: Annotated[str, Field(description="`start`, `invite`, `sign`, `refuse` …", examples=["invite"])]
    created: Milliseconds
    stepId: NotRequired[StepId]
    recipientEmail: NotRequired[Email]
    recipientUserId: NotRequired[UserId | None]
    successorEmail: NotRequired[Annotated[str, Field(description="Who took their place.")]]
    reason: NotRequired[Annotated[str, Field(description="Why they refused, or why it stopped.")]]
    comment: NotRequired[Annotated[str, Field(description="What they said when they acted.")]]
    filename: NotRequired[Annotated[str, Field(description="What they handed over.")]]
    evidenceId: NotRequired[Annotated[str, Field(description="The part that proves it.")]]


class Step(TypedDict):
    """People who act at the same time; steps follow each other."""

    id: StepId
    stepType: models.Step.Kind
    recipients: list[Recipient | RecipientName]
    requiredRecipients: Annotated[int, Field(description="How many of the recipients must act.", examples=[1])]
    validityPeriod: Duration
    invitePeriod: Annotated[Duration | None, Field(description="From one reminder to the next.", examples=[86_400_000])]
    maxInvites: Annotated[int, Field(description="How often a recipient is invited; 0: never by us.", examples=[1])]
    sendDownloadLink: Annotated[bool, Field(description="Whether those who acted are told where the documents are.")]
    allowComments: bool
    allowRefusal: bool
    allowDelegation: bool
    hideWorkflowRecipients: Annotated[bool, Field(description="Its people do not see who else takes part.")]
    hideAttachments: Annotated[bool, Field(description="Its people do not see what nobody signs.")]
    sealId: Annotated[SealId | None, Field(description="Which seal a seal step uses, where one was named.")]
    isStarted: bool
    isFinished: bool
    expires: Annotated[Milliseconds | None, Field(description="When its time is over.")]
    logs: list[Log]


class Watcher(TypedDict):
    """An address that is told what happens."""

    email: Email
    notifiedEvents: list[str]


class Owner(TypedDict):
    """Whose a workflow is."""

    userId: UserId
    groupId: GroupId
    email: Annotated[Email, Field(description="The owner's address.", examples=["alice@example.org"])]
    firstName: Annotated[FirstName, Field(description="The owner's first name.", examples=["Alice"])]
    lastName: Annotated[LastName, Field(description="The owner's last name.", examples=["Marchand"])]


class Circle(TypedDict):
    """Who else is let in."""

    viewAuthorizedUsers: list[UserId]
    viewAuthorizedGroups: list[GroupId]
    allowedCoManagerUsers: list[UserId]


class Conformity(TypedDict):
    """What the signature policy says of a workflow."""

    id: SignaturePolicyId
    requires: PolicyRequirements
    decidedBy: list[PolicyDecision]
    overrideReason: OverrideReason
    facts: PolicyFacts
    recipientIds: Annotated[list[RecipientId], Field(description="Who would sign below what is asked for.")]
    consentPageIds: Annotated[list[ConsentPageId], Field(description="The ways of identification that would do.")]


class Workflow(Owner, Circle):
    """A *parapheur*: documents on their way through people. What has not happened is absent."""

    id: WorkflowId
    tenantId: TenantId
    name: Annotated[str, Field(description="What people see.", examples=["Contract 42"])]
    description: Annotated[str, Field(description="A message to the recipients.", examples=["Please sign by Friday."])]
    workflowMode: Annotated[str, Field(examples=["FULL"])]
    workflowStatus: Status
    progress: Annotated[int, Field(description="Percent of the acts that are needed.", examples=[50])]
    steps: list[Step]
    currentRecipientEmails: Annotated[list[Email], Field(description="Whose turn it is.")]
    currentRecipientUsers: Annotated[list[UserId], Field(description="Those of them who are users.")]
    filingClass: Annotated[str | None, Field(description="Its place in the filing plan.", examples=["RH/Contrats"])]
    amount: Annotated[float | None, Field(description="What it commits to.", examples=[4999.99])]
    currency: Annotated[str | None, Field(description="Of the amount, ISO 4217.", examples=["EUR"])]
    policyFacts: Annotated[PolicyFacts, Field(description="What its sender says of it for the signature policy.")]
    signaturePolicy: RecordedJudgement | None
    notifiedEvents: Annotated[list[str], Field(description="Of which events the owner is told.")]
    coManagerNotifiedEvents: Annotated[list[str], Field(description="Of which events the co-managers are told.")]
    watchers: list[Watcher]
    needsRepair: Annotated[bool, Field(description="Whether everybody has signed and it cannot be delivered yet.")]
    repairReason: Annotated[str | None, Field(description="Why.")]
    stopReason: Annotated[str | None, Field(description="`cancelled`, `refused` or `expired`.")]
    logs: list[Log]
    created: Milliseconds
    updated: Milliseconds
    started: NotRequired[Happened]
    paused: NotRequired[Happened]
    stopped: NotRequired[Happened]
    finished: NotRequired[Happened]
    archived: NotRequired[Happened]
    data1: NotRequired[Annotated[Datum, Field(examples=["order 2026-0042"])]]
    data2: NotRequired[Datum]
    data3: NotRequired[Datum]
    data4: NotRequired[Datum]
    data5: NotRequired[Datum]
    data6: NotRequired[Datum]
    data7: NotRequired[Datum]
    data8: NotRequired[Datum]
    data9: NotRequired[Datum]
    data10: NotRequired[Datum]
    data11: NotRequired[Datum]
    data12: NotRequired[Datum]
    data13: NotRequired[Datum]
    data14: NotRequired[Datum]
    data15: NotRequired[Datum]
    data16: NotRequired[Datum]


class Part(TypedDict):
    """A file."""

    filename: Annotated[str, Field(description="Its name, without folders.", examples=["contract.pdf"])]
    contentType: Annotated[str, Field(description="What it is.", examples=["application/pdf"])]
    size: Annotated[int, Field(description="Its length in bytes.", examples=[12341])]
    hash: Annotated[
        str,
        Field(description="Its SHA-256 in Base64.", examples=["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]),
    ]


class SignatureField(TypedDict):
    """Where a signature block goes, in points from the page's top left corner; or the name of a field of the file."""

    signer: NotRequired[Annotated[int, Field(description="Whose it is, from 1; else the n-th is the n-th signer's.")]]
    fieldName: NotRequired[Annotated[str, Field(description="A signature field of the file.")]]
    imagePage: NotRequired[Annotated[int, Field(description="From 1; -1 is the last page.", examples=[-1])]]
    imageX: NotRequired[Annotated[float, Field(examples=[390.0])]]
    imageY: NotRequired[Annotated[float, Field(examples=[710.0])]]
    imageWidth: NotRequired[Annotated[float, Field(examples=[150.0])]]
    imageHeight: NotRequired[Annotated[float, Field(examples=[80.0])]]


class Document(TypedDict):
    """A file of a workflow; without a signature profile it is an attachment, which nobody signs."""

    id: DocumentId
    tenantId: TenantId
    userId: UserId
    workflowId: WorkflowId
    workflowName: Annotated[str, Field(examples=["Contract 42"])]
    signatureProfileId: SignatureProfileId | None
    parts: list[Part]
    source: Annotated[Part | None, Field(description="What it was converted from.")]
    pdfSignatureFields: list[SignatureField]
    created: Milliseconds
    updated: Milliseconds


class Documents(Document):
    """The first of the documents that were made, and all of them."""

    documents: list[Document]


class Blob(TypedDict):
    """A piece of a file."""

    id: Annotated[str, identifier("blb", "a piece")]
    size: Annotated[int, Field(description="Its length in bytes.", examples=[12341])]
    hash: Annotated[str, Field(description="Its SHA-256 in Base64.")]


class Viewer(TypedDict):
    """A link to read a document and place its signature blocks."""

    viewerUrl: Annotated[str, Field(examples=["https://sign.example.org/viewer?token=eyJ…"])]
    expired: Annotated[Milliseconds, Field(description="Until when it opens.")]


class Upload(TypedDict):
    """What became of the files that were sent."""

    documents: list[Document]
    parts: list[Part]
    ignoredAttachments: Annotated[int, Field(description="Files that were left out.", examples=[0])]


class Invite(TypedDict):
    """A link for one recipient."""

    inviteUrl: Annotated[
        str, Field(description="Good for this recipient only.", examples=["https://sign.example.org/invite?token=eyJ…"])
    ]


class ConsentPage(TypedDict):
    """How signers are identified, and the terms that they accept."""

    id: ConsentPageId
    tenantId: TenantId
    name: Annotated[str, Field(examples=["E-mail code"])]
    authenticationMode: Annotated[
        str, Field(description="`email` or `sms` where a code is sent; else the first means.", examples=["email"])
    ]
    identificationMeans: Annotated[
        list[Means], Field(description="What the signer proves who they are by: all of it, in this order.")
    ]
    keyHolder: Annotated[models.KeyHolder, Field(description="Who holds the key that they sign with.")]
    signatureLevel: Annotated[SignatureLevel, Field(description="What a signature must reach.")]
    version: Annotated[int, Field(description="Of its text.")]
    textEn: str
    textFr: str
    withdrawn: Annotated[Milliseconds | None, Field(description="Since when no new workflow gets it.")]
    created: Milliseconds


class ConsentText(TypedDict):
    """A version of what signers accept."""

    version: int
    textEn: str
    textFr: str
    created: Milliseconds


class Seal(TypedDict):
    """A seal that the organisation may use."""

    id: SealId
    tenantId: TenantId
    name: Annotated[str, Field(examples=["Seal of the finance department"])]
    created: Milliseconds


class SignatureProfile(TypedDict):
    """What kind of signature a document gets."""

    id: SignatureProfileId
    tenantId: TenantId
    name: Annotated[str, Field(examples=["PAdES B-T"])]
    signatureType: Annotated[str, Field(examples=["PAdES"])]
    created: Milliseconds


class Turn(TypedDict):
    """Something that waits for the caller."""

    workflowId: WorkflowId
    workflowName: Annotated[str, Field(description="What people see.", examples=["Contract 42"])]
    stepId: StepId
    stepType: Annotated[str, Field(examples=["signature"])]
    recipientId: RecipientId
    actsForUserId: Annotated[UserId | None, Field(description="Whose turn it is, when it is not the caller's own.")]
    delegationId: Annotated[str | None, identifier("dlg", "the delegation by which the caller acts")]
    started: Milliseconds | None


class Turns(TypedDict):
    """What waits for the caller."""

    items: list[Turn]
