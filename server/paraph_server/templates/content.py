"""What of a template goes into workflows, as a value: it can be kept while the template changes."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict


class Paper(BaseModel):
    """A document: the stored file, how it is signed, and what is filled in."""

    model_config = ConfigDict(frozen=True)

    part: str
    profile: str | None
    fields: list[dict[str, Any]]
    text_fields: dict[str, int | None]
    values: dict[str, str]


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
