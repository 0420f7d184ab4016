"""What callers of the REST API may send about bulk sends."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from paraph_server.accounts.models import User
from paraph_server.bulk.models import Row
from paraph_server.bulk.tables import MOST_ROWS
from paraph_server.web.listing import Listing, Paging
from paraph_server.workflows.actions import Override

Key = Annotated[str, Field(max_length=200)]
Cell = Annotated[str, Field(max_length=10_000)] | int | float | bool | None


class RowsIn(Schema):
    """Rows by the keys, or the labels, of the template's columns."""

    rows: Annotated[list[Annotated[dict[Key, Cell], Field(max_length=250)]], Field(min_length=1, max_length=MOST_ROWS)]


class BlankIn(Schema):
    """Which kind of spreadsheet."""

    format: str = Field("xlsx", max_length=10, description="`xlsx` or `csv`.")


class Wishes(Schema):
    """How a file is taken."""

    start: bool = Field(False, description="Send it as soon as it is checked, if nothing is wrong with any row.")
    again: bool = Field(False, description="Send a file that was sent before.")


class BulkSendPatch(Schema):
    """What is to become of it: `started` begins or goes on."""

    status: Literal["started", "paused", "cancelled"]
    skipFaulty: bool = False
    """Start although some rows cannot be sent."""
    policyOverrideReason: Annotated[str, Field(max_length=1000)] | None = Field(
        None, description="Send the rows that are below the signature policy as well: for who has the right, and why."
    )

    def override(self, by: User) -> Override | None:
        return None if self.policyOverrideReason is None else Override(by, self.policyOverrideReason)


class BulkSendListing(Listing):
    templateId: str = Field("", max_length=40, alias="items.templateId", description="Only of this template.")


class RowListing(Paging):
    sortOrder: Literal["asc", "desc"] = Field("asc", description="Smallest or largest first.")
    state: Row.State | None = Field(None, alias="items.state", description="Only those that stand so.")
