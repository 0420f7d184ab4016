"""Users over REST: who calls, and their colleagues."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from paraph_server.accounts import queries
from paraph_server.accounts.models import User
from paraph_server.web.errors import NotSignedIn
from paraph_server.web.listing import Listing

router = Router(tags=["users"])

SORTABLE = {"lastName": "last_name", "firstName": "first_name", "email": "email", "created": "created_at"}


def caller(request: HttpRequest) -> User:
    """The user of the access token or of the session; the API refuses everybody else before."""
    if not isinstance(request.user, User):
        raise NotSignedIn("Send a valid access token.")
    return request.user


class UserListing(Listing):
    sortOrder: str = "asc"  # noqa: N815  the API's spelling
    isDisabled: bool | None = Field(None, alias="items.isDisabled")  # noqa: N815


@router.get("/users", summary="Colleagues")
def users(request: HttpRequest, listing: Query[UserListing]) -> dict[str, Any]:
    """Everybody of the caller's organisation."""
    found = queries.colleagues(caller(request), listing.text)
    if listing.isDisabled is not None:
        found = found.filter(is_active=not listing.isDisabled)
    return listing.page(listing.sorted(found, SORTABLE), shape)


@router.get("/users/me", summary="The user this access token acts for")
def me(request: HttpRequest) -> dict[str, Any]:
    return shape(caller(request))


@router.get("/users/{user_id}", summary="A colleague")
def user(request: HttpRequest, user_id: str) -> dict[str, Any]:
    return shape(queries.colleague(caller(request), user_id))


def shape(user: User) -> dict[str, Any]:
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
        "isDisabled": not user.is_active,
        "created": int(user.created_at.timestamp() * 1000),
        "updated": int(user.updated_at.timestamp() * 1000),
    }
