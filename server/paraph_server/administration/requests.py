"""What callers of the REST API may send about people, groups, tokens, delegations and contacts."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

Id = Annotated[str, Field(max_length=32)]
Name = Annotated[str, Field(max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Email = Annotated[str, Field(max_length=254)]
Phone = Annotated[str, Field(max_length=30)]
Country = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")]
Locale = Annotated[str, Field(max_length=5)]
Titles = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)]
Moment = Annotated[int, Field(ge=0, le=253_402_214_400_000)]
"""Milliseconds, until the end of the year 9999."""
Rights = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=50)]


class Changes(Schema):
    """A partial update: what is not sent stays as it is."""

    def changes(self, spelling: dict[str, str]) -> dict[str, Any]:
        """What was sent, under the names of the models."""
        sent = self.dict(exclude_unset=True)
        return {ours: sent[theirs] for theirs, ours in spelling.items() if sent.get(theirs) is not None}


PROFILE = {
    "email": "email",
    "firstName": "first_name",
    "lastName": "last_name",
    "phoneNumber": "phone_number",
    "country": "country",
    "organizationTitles": "organization_titles",
    "preferredLocale": "locale",
}
CONTACT = {name: ours for name, ours in PROFILE.items() if name != "organizationTitles"} | {"isShared": "is_shared"}


class UserIn(Schema):
    """Somebody to invite."""

    groupId: Id
    email: Email
    firstName: Name
    lastName: Name
    phoneNumber: Phone | None = None
    country: Country = "FR"
    organizationTitles: Titles = []
    preferredLocale: Locale = "fr"


class UserPatch(Changes):
    """What changes of a user."""

    groupId: Id | None = None
    email: Email | None = None
    firstName: Name | None = None
    lastName: Name | None = None
    phoneNumber: Phone | None = None
    country: Country | None = None
    organizationTitles: Titles | None = None
    preferredLocale: Locale | None = None
    isDisabled: bool | None = None


class PasswordIn(Schema):
    currentPassword: Annotated[str, Field(max_length=4096)]
    newPassword: Annotated[str, Field(max_length=4096)]


class GroupIn(Schema):
    name: Title
    rights: Rights = []
    secondFactorRequired: bool = False


class GroupPatch(Schema):
    name: Title | None = None
    rights: Rights | None = None
    secondFactorRequired: bool | None = None


class TokenIn(Schema):
    name: Title
    authorizedIpRanges: Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=50)] = []
    scopes: Rights = []
    expires: Moment | None = None


class DelegationIn(Schema):
    """Who may act, when, and on what: without a limit, on everything."""

    deputyUserId: Id
    starts: Moment | None = None
    ends: Moment | None = None
    signAllowed: bool = True
    approveAllowed: bool = True
    filingClasses: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)] = []
    maxAmount: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)] | None = None
    currency: Annotated[str, Field(max_length=3)] = ""
    isAway: bool = False


class ContactIn(Changes):
    email: Email
    firstName: Name
    lastName: Name
    phoneNumber: Phone | None = None
    country: Country = "FR"
    preferredLocale: Locale = "fr"
    isShared: bool = False


class ContactPatch(Changes):
    email: Email | None = None
    firstName: Name | None = None
    lastName: Name | None = None
    phoneNumber: Phone | None = None
    country: Country | None = None
    preferredLocale: Locale | None = None
    isShared: bool | None = None
