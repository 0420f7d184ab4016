"""Groups, access tokens, delegations and contacts as the REST API writes them."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import GroupId, TenantId, UserId
from paraph_server.web.schemas import (
    EXAMPLE,
    Country,
    Email,
    FirstName,
    LastName,
    Locale,
    Milliseconds,
    PhoneNumber,
    identifier,
)

AccessTokenId = Annotated[str, identifier("act", "an access token")]
DelegationId = Annotated[str, identifier("dlg", "a delegation")]
ContactId = Annotated[str, identifier("ctc", "a contact")]


class Group(TypedDict):
    """Users who share an organisation's work, and what they may do."""

    id: GroupId
    tenantId: TenantId
    name: Annotated[str, Field(examples=["Purchasing"])]
    rights: Annotated[list[str], Field(description="What its members may do.", examples=[["send", "sign"]])]
    secondFactorRequired: Annotated[bool, Field(description="Whether its members sign in with more than a password.")]
    created: Milliseconds


class AccessToken(TypedDict):
    """What a program sends instead of a password, without its secret."""

    id: AccessTokenId
    tenantId: TenantId
    userId: UserId
    name: Annotated[str, Field(examples=["archive"])]
    scopes: Annotated[list[str], Field(description="None means all that its user may do.", examples=[["users:read"]])]
    authorizedIpRanges: Annotated[
        list[str], Field(description="Networks; none means everywhere.", examples=[["192.0.2.0/24"]])
    ]
    expires: Milliseconds | None
    lastUsed: Annotated[int | None, Field(description="To the minute, in milliseconds.")]
    created: Milliseconds


class NewAccessToken(AccessToken):
    """An access token as a program sends it."""

    token: Annotated[str, Field(description="Shown this once.", examples=[f"act_{EXAMPLE}.nGxVd8PzkWqD7xYhLmRt5cNb"])]


class Delegation(TypedDict):
    """Somebody may act in somebody else's turns. Limits that are not given do not limit."""

    id: DelegationId
    tenantId: TenantId
    userId: Annotated[UserId, identifier("usr", "the user whose turns they are")]
    deputyUserId: Annotated[UserId, identifier("usr", "the user who acts, in their own name")]
    signAllowed: bool
    approveAllowed: bool
    filingClasses: Annotated[list[str], Field(description="With all below them.", examples=[["HR/Contracts"]])]
    maxAmount: Annotated[float | None, Field(description="Up to and with this amount.", examples=[5000])]
    currency: Annotated[str | None, Field(description="ISO 4217.", examples=["EUR"])]
    isAway: Annotated[bool, Field(description="Whether the deputy is told of each turn.")]
    starts: Milliseconds
    ends: Milliseconds | None
    created: Milliseconds
    revoked: Milliseconds | None


class Contact(TypedDict):
    """Somebody outside the organisation."""

    id: ContactId
    tenantId: TenantId
    userId: UserId
    isShared: Annotated[bool, Field(description="Whether everybody of the organisation finds it.")]
    email: Email
    firstName: FirstName
    lastName: LastName
    name: Annotated[str, Field(description="First and last name.", examples=["Bob Durand"])]
    phoneNumber: PhoneNumber | None
    country: Country
    preferredLocale: Locale
    created: Milliseconds
    updated: Milliseconds
