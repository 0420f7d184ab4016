"""Users as the REST API writes them."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.web import schemas
from paraph_server.web.schemas import identifier

UserId = Annotated[str, identifier("usr", "a user")]
TenantId = Annotated[str, identifier("ten", "the organisation")]
GroupId = Annotated[str, identifier("grp", "a group")]


class User(TypedDict):
    """Somebody who signs in."""

    id: UserId
    tenantId: TenantId
    groupId: GroupId
    email: schemas.Email
    firstName: schemas.FirstName
    lastName: schemas.LastName
    name: Annotated[str, Field(description="First and last name.", examples=["Bob Durand"])]
    phoneNumber: schemas.PhoneNumber | None
    country: schemas.Country
    organizationTitles: Annotated[list[str], Field(description="What they are.", examples=[["Head of purchasing"]])]
    preferredLocale: schemas.Locale
    isDisabled: Annotated[bool, Field(description="Whether they can no longer sign in.")]
    signAllowed: Annotated[bool, Field(description="Whether one of their groups may sign.")]
    approveAllowed: Annotated[bool, Field(description="Whether one of their groups may approve.")]
    viewAuthorizedGroups: Annotated[list[GroupId], Field(description="Groups that see the workflows of members.")]
    lastLogin: schemas.Milliseconds | None
    created: schemas.Milliseconds
    updated: schemas.Milliseconds
