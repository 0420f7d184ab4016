"""Who calls (`/api/users/me`)."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from paraph_server.accounts.models import User
from paraph_server.web.errors import NotSignedIn

router = Router(tags=["users"])


def caller(request: HttpRequest) -> User:
    """The user of the access token or of the session; the API refuses everybody else before."""
    if not isinstance(request.user, User):
        raise NotSignedIn("Send a valid access token.")
    return request.user


@router.get("/users/me", summary="The user this access token acts for")
def me(request: HttpRequest) -> dict[str, Any]:
    user = caller(request)
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
