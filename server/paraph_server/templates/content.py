"""What of a template goes into workflows, as a value: it can be kept while the template changes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from paraph_server.policies import stored
from paraph_server.policies.facts import Facts
from paraph_server.workflows import conformity
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.conformity import Party
from paraph_server.workflows.models import Step


class Paper(BaseModel):
    """A document: the stored file, how it is signed, and what is filled in."""

    model_config = ConfigDict(frozen=True)

    part: str
    profile: str | None
    fields: list[dict[str, Any]]
    text_fields: dict[str, int | None]
    values: dict[str, str]


def kept(said: Facts) -> dict[str, Any]:
    """What is known of every workflow, as templates keep it."""
    return {
        "filing_class": workflows.filed(said.filing_class),
        "amount": said.amount,
        "currency": "" if said.amount is None else said.currency,
        "declared": conformity.written(said),
    }


class Content(BaseModel):
    """Texts, steps and documents, in one version."""

    model_config = ConfigDict(frozen=True)

    template: str
    version: int
    name: str
    description: str
    data: dict[str, str]
    filing_class: str = ""
    amount: Decimal | None = None
    currency: str = ""
    declared: dict[str, Any] = {}
    steps: list[dict[str, Any]]
    papers: list[Paper]

    @property
    def known(self) -> Facts:
        """What is said of every workflow for the signature policy."""
        said = stored.facts(self.declared)
        return replace(said, filing_class=self.filing_class, amount=self.amount, currency=self.currency)

    def saying(self, facts: Facts) -> "Content":
        """The same, with this said instead."""
        return self.model_copy(update=kept(facts))

    def parties(self, row: Mapping[str, str]) -> list[Party]:
        """Who signs, as the signature policy sees them, when a row says who takes which role."""
        return [
            Party(
                each.get("role") or f"{each.get('firstName', '')} {each.get('lastName', '')}".strip(),
                row.get(f"{each.get('role', '')}.country") or each.get("country", "FR"),
                each["consentPageId"],
                colleague=bool(each.get("userId")),
            )
            for step in self.steps
            if step["stepType"] == Step.Kind.SIGNATURE
            for each in step["recipients"]
        ]

    def texts(self) -> Iterator[str]:
        """Everything that may have gaps."""
        yield self.name
        yield self.description
        yield from self.data.values()
        for paper in self.papers:
            yield from paper.values.values()

    def roles(self) -> list[str]:
        """Each role once, in the order in which they act."""
        return list(dict.fromkeys(each["role"] for each in self._people() if each.get("role")))

    def consent_pages(self, role: str) -> set[str]:
        """How the person in a role is identified, in each of their steps."""
        return {each["consentPageId"] for each in self._people() if each.get("role") == role}

    def _people(self) -> Iterator[dict[str, Any]]:
        for step in self.steps:
            yield from step["recipients"]
