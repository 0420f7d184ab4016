"""How a list of workflows is asked for: what the reference product writes as `items.FIELD=value`."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from typing import Any

from django.db.models import Q, QuerySet
from pydantic import Field

from paraph_server.web.listing import Listing
from paraph_server.web.moments import moment
from paraph_server.workflows import terms
from paraph_server.workflows.models import Status, Workflow, in_status
from paraph_server.workflows.requests import DATA

LATEST = 253_402_300_799_999  # milliseconds: the year 9999 ends
LONGEST = 1000  # characters of a datum
OWN = "The caller's own, as a whole."


def _at(field: str, boundary: str, said: str) -> Any:
    return Field(None, alias=f"items.{field}.{boundary}", ge=0, le=LATEST, description=said)


def _is(field: str, said: str) -> Any:
    return Field(None, alias=f"items.{field}", max_length=LONGEST, description=said)


class WorkflowListing(Listing):
    """Everything by which workflows are found."""

    workflowStatus: Status | None = Field(None, alias="items.workflowStatus", description="How far it is.")
    name: str | None = _is("name", "Its whole name, whatever the case.")
    userId: str | None = _is("userId", "Its owner.")
    email: str | None = _is("recipientEmail", "The address of one of its recipients.")
    created_from: int | None = _at("created", "from", "Made then or later.")
    created_to: int | None = _at("created", "to", "Made before then.")
    updated_from: int | None = _at("updated", "from", "Changed then or later.")
    updated_to: int | None = _at("updated", "to", "Changed before then.")
    filingClass: str | None = _is("filingClass", "Its class in the filing plan, or one above it.")
    needsRepair: bool | None = Field(None, alias="items.needsRepair", description="Only those that wait for repair.")
    data1: str | None = _is("data1", OWN)
    data2: str | None = _is("data2", OWN)
    data3: str | None = _is("data3", OWN)
    data4: str | None = _is("data4", OWN)
    data5: str | None = _is("data5", OWN)
    data6: str | None = _is("data6", OWN)
    data7: str | None = _is("data7", OWN)
    data8: str | None = _is("data8", OWN)
    data9: str | None = _is("data9", OWN)
    data10: str | None = _is("data10", OWN)
    data11: str | None = _is("data11", OWN)
    data12: str | None = _is("data12", OWN)
    data13: str | None = _is("data13", OWN)
    data14: str | None = _is("data14", OWN)
    data15: str | None = _is("data15", OWN)
    data16: str | None = _is("data16", OWN)

    def narrowed(self, found: QuerySet[Workflow], tenant_id: str) -> QuerySet[Workflow]:
        """What is left of these."""
        found = found.filter(self._facts())
        if self.needsRepair is not None:
            found = found.exclude(repair_reason="") if self.needsRepair else found.filter(repair_reason="")
        asked = {field: getattr(self, field) for field in ("name", "email", *DATA)}
        facts = {field: value for field, value in asked.items() if value is not None}
        return terms.narrowed(found, tenant_id, self.text, facts=facts, filing_class=self.filingClass or "")

    def _facts(self) -> Q:
        facts = Q() if self.workflowStatus is None else in_status(self.workflowStatus)
        if self.userId is not None:
            facts &= Q(owner=self.userId)
        for column in ("created", "updated"):
            since, until = getattr(self, f"{column}_from"), getattr(self, f"{column}_to")
            facts &= Q(**{f"{column}_at__gte": moment(since)}) if since is not None else Q()
            facts &= Q(**{f"{column}_at__lt": moment(until)}) if until is not None else Q()
        return facts
