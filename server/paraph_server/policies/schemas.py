"""Signature policies and advice as the REST API writes them."""

from typing import Annotated, Literal, NotRequired

from paraph.evidence import Means, SignatureLevel
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import TenantId
from paraph_server.policies.facts import Counterparty, DocumentKind, Person
from paraph_server.policies.requests import AssuranceName
from paraph_server.web.schemas import Milliseconds, identifier

SignaturePolicyId = Annotated[str, identifier("spv", "a version of a signature policy")]
RuleName = Annotated[str, Field(description="The rule's name.", examples=["Orders from 25 000 euros on"])]
Level = Annotated[SignatureLevel, Field(description="What signatures must reach at least.", examples=["advanced"])]
Kind = Annotated[DocumentKind, Field(description="What is signed.", examples=["order"])]
ForWhom = Annotated[Person, Field(description="For themselves, or for an organisation.", examples=["legal"])]
Amount = Annotated[float, Field(examples=[25000])]
Currency = Annotated[str, Field(description="ISO 4217.", examples=["EUR"])]
FilingClass = Annotated[str, Field(description="A class of the filing plan.", examples=["RH/Contrats"])]
OverrideReason = Annotated[
    str | None, Field(description="Why it was started below that.", examples=["The customer signs at our counter."])
]
Signers = Annotated[int, Field(description="How many people sign.", examples=[2])]


class PolicyFacts(TypedDict):
    """What is known of a workflow. What is absent counts as the riskier value."""

    documentKind: NotRequired[Kind]
    filingClass: NotRequired[FilingClass]
    amount: NotRequired[Amount]
    currency: NotRequired[Currency]
    counterparty: NotRequired[Annotated[Counterparty, Field(description="Whether one knows who signs.")]]
    person: NotRequired[ForWhom]
    crossBorder: NotRequired[Annotated[bool, Field(description="Whether somebody signs in another country.")]]
    regulatedAct: NotRequired[Annotated[bool, Field(description="Whether a text says how the act is signed.")]]
    signers: NotRequired[Signers]


class PolicyCondition(TypedDict):
    """When a rule applies. What is absent does not matter."""

    documentKind: NotRequired[Kind]
    filingClass: NotRequired[FilingClass]
    amountFrom: NotRequired[Amount]
    currency: NotRequired[Currency]
    counterparty: NotRequired[Literal["unknown"]]
    person: NotRequired[ForWhom]
    crossBorder: NotRequired[Literal[True]]
    regulatedAct: NotRequired[Literal[True]]
    signersFrom: NotRequired[Signers]


class PolicyRequirements(TypedDict):
    """What is asked of signatures, and of what is kept of them."""

    signatureLevels: Annotated[
        list[SignatureLevel],
        Field(description="All of them; usually one, for a level includes the lower ones.", examples=[["advanced"]]),
    ]
    identificationAssurance: Annotated[
        AssuranceName, Field(description="How sure one must be of who signs.", examples=["substantial"])
    ]
    identificationMeans: Annotated[list[Means], Field(description="All of them.", examples=[["sms-code"]])]
    timeStamp: Annotated[bool, Field(description="Whether signatures are time-stamped. They always are.")]
    evidence: Annotated[bool, Field(description="Whether there is an evidence file. There always is.")]
    archiveYears: Annotated[
        int, Field(description="How long it is kept after what was agreed has ended.", examples=[10])
    ]


class RuleRequirements(TypedDict):
    """What a rule asks for."""

    signatureLevel: Level
    identificationAssurance: AssuranceName
    identificationMeans: list[Means]
    timeStamp: bool
    evidence: bool
    archiveYears: int


class PolicyRule(TypedDict):
    """A row of the table. All rows that apply count together."""

    name: RuleName
    when: PolicyCondition
    requires: RuleRequirements


class PolicyExample(TypedDict):
    """What the policy must say of some facts."""

    facts: PolicyFacts
    signatureLevel: Level
    holds: Annotated[bool, Field(description="Whether it says so.", examples=[True])]


class SignaturePolicy(TypedDict):
    """A version of an organisation's signature policy."""

    id: SignaturePolicyId
    tenantId: TenantId
    number: Annotated[int, Field(description="Versions are counted from 1.", examples=[3])]
    country: Annotated[str, Field(description="The organisation's, ISO 3166-1.", examples=["FR"])]
    rules: list[PolicyRule]
    examples: list[PolicyExample]
    inForceFrom: Annotated[Milliseconds | None, Field(description="Until the next one is; null for a draft.")]
    created: Milliseconds
    updated: Milliseconds


class PolicyDecision(TypedDict):
    """A rule that decided, and in what."""

    rule: RuleName
    requirements: Annotated[
        list[str],
        Field(description="The requirements that nobody asks more of.", examples=[["signatureLevels", "archiveYears"]]),
    ]


class PolicyJudgement(TypedDict):
    """What is asked for, and by which rules."""

    requires: PolicyRequirements
    decidedBy: list[PolicyDecision]


class RecordedJudgement(PolicyJudgement):
    """The version of the signature policy that a workflow was started under, and what it asked for."""

    id: SignaturePolicyId
    overrideReason: OverrideReason


class ReadyPolicy(TypedDict):
    """A policy to start from."""

    id: Annotated[str, Field(description="Its name for programs.", examples=["purchasing"])]
    title: Annotated[str, Field(examples=["Purchasing"])]
    rules: list[PolicyRule]
    examples: list[PolicyExample]


class ReadyPolicies(TypedDict):
    """Policies to start from."""

    items: list[ReadyPolicy]


class Advice(TypedDict):
    """A level, and what speaks for and against it, in the caller's language."""

    signatureLevel: Level
    title: Annotated[str, Field(examples=["Advanced signature"])]
    summary: Annotated[str, Field(description="What it is.")]
    reasons: Annotated[list[str], Field(description="Why this one.")]
    advantages: list[str]
    drawbacks: list[str]
    legalEffect: Annotated[list[str], Field(description="What a court makes of it, with the texts.")]
    effort: Annotated[str, Field(description="What it costs, and asks of signers.")]
    warnings: Annotated[list[str], Field(description="What to have somebody look at before.")]
    policyRequires: Annotated[
        PolicyJudgement | None, Field(description="What the organisation's own policy asks for, where it has one.")
    ]
