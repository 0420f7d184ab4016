"""Users over REST: who calls, and their colleagues."""

from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from paraph_server.accounts import queries, rights, schemas
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.web.errors import NotSignedIn
from paraph_server.web.listing import Listing
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Page

router = Router(tags=["users"])

SORTABLE = {"lastName": "last_name", "firstName": "first_name", "email": "email", "created": "created_at"}


def caller(request: HttpRequest) -> User:
    """The user of the access token or of the session; the API refuses everybody else before."""
    if not isinstance(request.user, User):
        raise NotSignedIn("Send a valid access token.")
    return request.user


class UserListing(Listing):
    sortOrder: Literal["asc", "desc"] = Field("asc", description="Smallest or largest first.")  # noqa: N815
    isDisabled: bool | None = Field(  # noqa: N815
        None, alias="items.isDisabled", description="Only those who can, or can no longer, sign in."
    )


@router.get("/users", summary="Colleagues", response=Page[schemas.User])
def users(request: HttpRequest, listing: Query[UserListing]) -> Page[schemas.User]:
    """Everybody of the caller's organisation."""
    found = queries.colleagues(caller(request), listing.text)
    if listing.isDisabled is not None:
        found = found.filter(is_active=not listing.isDisabled)
    return listing.page(listing.sorted(found, SORTABLE), shape)


@router.get("/users/me", summary="The user this access token acts for", response=schemas.User)
def me(request: HttpRequest) -> schemas.User:
    return shape(caller(request))


@router.get("/users/{user_id}", summary="A colleague", response=schemas.User)
def user(request: HttpRequest, user_id: str) -> schemas.User:
    return shape(queries.colleague(caller(request), user_id))


def shape(user: User) -> schemas.User:
    """A user as the API writes them."""
    return {
        "id": user.pk,
        "tenantId": user.tenant_id,
        "groupId": user.group_id,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "name": user.name,
        "phoneNumber": user.phone_number or None,
        "country": user.country,
        "organizationTitles": user.organization_titles,
        "preferredLocale": user.locale,
        "isDisabled": not user.is_active,
        "signAllowed": rights.has(user, Right.SIGN),
        "approveAllowed": rights.has(user, Right.APPROVE),
        "viewAuthorizedGroups": rights.groups_with(user, Right.SEE_GROUP),
        "lastLogin": milliseconds(user.last_login),
        "created": milliseconds(user.created_at),
        "updated": milliseconds(user.updated_at),
    }
