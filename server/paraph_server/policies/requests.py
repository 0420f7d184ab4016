"""What callers of the REST API may send about signature policies."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from paraph.evidence import Means, SignatureLevel
from paraph.evidence.level import Assurance
from pydantic import Field

from paraph_server.policies.actions import LONGEST_NAME, MOST_EXAMPLES, MOST_RULES
from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person
from paraph_server.policies.rules import Condition, Example, Requirements, Rule, Table
from paraph_server.web.moments import moment

AssuranceName = Literal["none", "low", "substantial", "high"]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2, examples=[25000])]
Currency = Annotated[str, Field(pattern=r"^[A-Za-z]{3}$", examples=["EUR"])]
FilingClass = Annotated[str, Field(max_length=200, examples=["RH/Contrats"])]
Signers = Annotated[int, Field(ge=1, le=10_000, examples=[2])]


class DeclaredIn(Schema):
    """What a sender says of a workflow for the signature policy. What is not said counts as the riskier value."""

    documentKind: DocumentKind | None = Field(default=None, description="What is signed.")
    counterparty: Counterparty | None = Field(default=None, description="Whether one knows who signs.")
    person: Person | None = Field(default=None, description="Whether they sign for themselves or for an organisation.")
    crossBorder: bool | None = Field(default=None, description="Also where a signer's country is another one.")
    regulatedAct: bool | None = Field(default=None, description="Whether a text says in which form the act is signed.")

    def facts(self) -> Facts:
        return Facts(
            document_kind=self.documentKind,
            counterparty=self.counterparty,
            person=self.person,
            cross_border=self.crossBorder,
            regulated_act=self.regulatedAct,
        )


class FactsIn(DeclaredIn):
    """Facts that a signature policy is asked about."""

    filingClass: FilingClass = Field(default="", description="A class of the filing plan.")
    amount: Amount | None = Field(default=None, description="What the documents commit to; 0 for nothing.")
    currency: Currency = Field(default="EUR", description="Of the amount, ISO 4217.")
    signers: Signers | None = Field(default=None, description="How many people sign.")

    def facts(self) -> Facts:
        said = super().facts()
        return Facts(
            filing_class=self.filingClass,
            amount=self.amount,
            currency=self.currency.upper(),
            document_kind=said.document_kind,
            counterparty=said.counterparty,
            person=said.person,
            cross_border=said.cross_border,
            regulated_act=said.regulated_act,
            signers=self.signers,
        )


class QuestionsIn(FactsIn):
    """The adviser's questionnaire."""

    publicBody: bool = Field(default=False, description="Whether an administration signs, or is signed to.")


class ConditionIn(Schema):
    """When a rule applies: everything that is said holds, or is not known of the workflow."""

    filingClass: FilingClass = Field(default="", description="This class of the filing plan, and those below it.")
    documentKind: DocumentKind | None = None
    amountFrom: Amount | None = Field(default=None, description="From this amount on, and in every other currency.")
    currency: Currency | None = Field(default=None, description="Of the amount, ISO 4217.")
    counterparty: Literal["unknown"] | None = Field(default=None, description="`unknown`: who signs is not known.")
    person: Person | None = None
    crossBorder: Literal[True] | None = Field(default=None, description="`true`: somebody signs in another country.")
    regulatedAct: Literal[True] | None = Field(default=None, description="`true`: a text says how.")
    signersFrom: Signers | None = Field(default=None, description="From this number of signers on.")

    def condition(self) -> Condition:
        return Condition(
            filing_class=self.filingClass.strip(),
            document_kind=self.documentKind,
            amount_from=self.amountFrom,
            currency="" if self.amountFrom is None else (self.currency or "EUR").upper(),
            unknown_counterparty=self.counterparty is not None,
            person=self.person,
            cross_border=self.crossBorder is True,
            regulated_act=self.regulatedAct is True,
            signers_from=self.signersFrom,
        )


class RequirementsIn(Schema):
    """What a rule asks for."""

    signatureLevel: SignatureLevel = Field(
        default=SignatureLevel.SIMPLE, description="The least that signatures reach."
    )
    identificationAssurance: AssuranceName = Field(default="none", description="How sure one must be of who signs.")
    identificationMeans: list[Means] = Field(default=[], max_length=len(Means), description="All of them.")
    timeStamp: bool = Field(default=False, description="Whether signatures are time-stamped. They always are.")
    evidence: bool = Field(default=False, description="Whether there is an evidence file. There always is.")
    archiveYears: int = Field(
        default=0,
        ge=0,
        le=100,
        description="How long it is to be kept after its end. Stated in the evidence; nothing archives it.",
    )

    def requirements(self) -> Requirements:
        return Requirements(
            levels=(self.signatureLevel,),
            assurance=Assurance[self.identificationAssurance.upper()],
            means=tuple(each for each in Means if each in self.identificationMeans),
            time_stamp=self.timeStamp,
            evidence=self.evidence,
            archive_years=self.archiveYears,
        )


class RuleIn(Schema):
    """A row of the table."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, examples=["Orders from 25 000 euros on"])]
    when: ConditionIn = ConditionIn()
    requires: RequirementsIn

    def rule(self) -> Rule:
        return Rule(self.name.strip(), self.when.condition(), self.requires.requirements())


class ExampleIn(Schema):
    """What the policy must say of some facts, before it can be put into force."""

    facts: FactsIn
    signatureLevel: SignatureLevel

    def example(self) -> Example:
        return Example(self.facts.facts(), self.signatureLevel)


class PolicyIn(Schema):
    """The table and its examples."""

    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$", examples=["FR"])] = "FR"
    rules: Annotated[list[RuleIn], Field(max_length=MOST_RULES)]
    examples: Annotated[list[ExampleIn], Field(max_length=MOST_EXAMPLES)] = []

    def table(self) -> Table:
        return Table(tuple(each.rule() for each in self.rules), self.country.upper())


class EnforceIn(Schema):
    """From when on."""

    inForceFrom: Annotated[int, Field(ge=0, le=253_402_214_400_000)] | None = Field(
        None, description="Milliseconds since 1970; now, when it is not said."
    )

    @property
    def since(self) -> datetime | None:
        return moment(self.inForceFrom)
