"""People, groups, access tokens, delegations and contacts over REST. No decisions here."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import Field

from paraph_server.accounts import queries as accounts
from paraph_server.accounts.api import SORTABLE as NAMES
from paraph_server.accounts.api import UserListing, caller
from paraph_server.accounts.api import router as users_router
from paraph_server.accounts.api import shape as user_shape
from paraph_server.accounts.models import User
from paraph_server.accounts.schemas import User as UserShape
from paraph_server.administration import queries, requests, schemas, shapes
from paraph_server.administration.actions import contacts, delegations, groups, people, tokens
from paraph_server.administration.errors import BadDelegation
from paraph_server.journal.actors import acting
from paraph_server.web.errors import Forbidden
from paraph_server.web.listing import Listing
from paraph_server.web.moments import moment
from paraph_server.web.schemas import Page

groups_router = Router(tags=["groups"])
tokens_router = Router(tags=["access tokens"])
delegations_router = Router(tags=["delegations"])
contacts_router = Router(tags=["contacts"])
GONE = {204: None}


def asked(request: HttpRequest) -> dict[str, Any]:
    """What every action asks: by whom, with their rights; who that is in the journal; when."""
    return {"by": caller(request), "acting": acting(request), "at": timezone.now()}


def _own(request: HttpRequest, tenant_id: str) -> User:
    user = caller(request)
    if tenant_id != user.tenant_id:
        raise Forbidden(_("This is another organisation."))
    return user


def _colleague(request: HttpRequest, user_id: str) -> User:
    """Somebody of the organisation; `me` is the caller."""
    user = caller(request)
    return user if user_id in {"me", user.pk} else accounts.colleague(user, user_id)


# ---------------------------------------------------------------- people


@users_router.post("/tenants/{tenant_id}/users", summary="Invite somebody", response=UserShape)
def invite(request: HttpRequest, tenant_id: str, payload: requests.UserIn) -> UserShape:
    """They are sent a link to choose a password with."""
    by = _own(request, tenant_id)
    wanted = people.NewUser(
        email=payload.email,
        first_name=payload.firstName,
        last_name=payload.lastName,
        group=queries.group(by, payload.groupId),
        phone_number=payload.phoneNumber or "",
        country=payload.country,
        organization_titles=payload.organizationTitles,
        locale=payload.preferredLocale,
    )
    return user_shape(people.invite(wanted, **asked(request)))


@users_router.patch("/users/{user_id}", summary="Change, disable or enable somebody", response=UserShape)
def change_user(request: HttpRequest, user_id: str, payload: requests.UserPatch) -> UserShape:
    """Anybody changes their own `phoneNumber` and `preferredLocale`."""
    by = caller(request)
    changes = payload.changes(requests.PROFILE)
    if payload.groupId is not None:
        changes["group"] = queries.group(by, payload.groupId)
    if payload.isDisabled is not None:
        changes["is_active"] = not payload.isDisabled
    user = _colleague(request, user_id)
    return user_shape(people.change(user, changes, **asked(request)))


@users_router.patch("/users/me", summary="Change one's own number and language", response=UserShape)
def change_me(request: HttpRequest, payload: requests.UserPatch) -> UserShape:
    return change_user(request, "me", payload)


@users_router.delete("/users/{user_id}", summary="Remove somebody, for good", response=GONE)
def remove_user(request: HttpRequest, user_id: str) -> Status[None]:
    """They become anonymous; what they signed and sent keeps its record of them. 409 while something waits for them."""
    people.remove(_colleague(request, user_id), **asked(request))
    return Status(204, None)


@users_router.post("/users/{user_id}/invite", summary="Send somebody another link to choose a password", response=GONE)
def invite_again(request: HttpRequest, user_id: str) -> Status[None]:
    people.invite_again(_colleague(request, user_id), **asked(request))
    return Status(204, None)


@users_router.delete("/users/{user_id}/secondFactors", summary="Forget somebody's second factors", response=GONE)
def forget_factors(request: HttpRequest, user_id: str) -> Status[None]:
    """Of who has lost them: passkeys, authenticator app and recovery codes. Their sessions end."""
    people.forget_factors(_colleague(request, user_id), **asked(request))
    return Status(204, None)


@users_router.post("/users/me/password", summary="Change one's password", response=GONE)
def change_password(request: HttpRequest, payload: requests.PasswordIn) -> Status[None]:
    people.change_own_password(
        caller(request),
        old=payload.currentPassword,
        new=payload.newPassword,
        acting=acting(request),
        at=timezone.now(),
    )
    return Status(204, None)


# ---------------------------------------------------------------- groups

GROUPS = {"name": "name", "created": "created_at"}


@groups_router.get("/groups", summary="List groups", response=Page[schemas.Group])
def list_groups(request: HttpRequest, listing: Query[Listing]) -> Page[schemas.Group]:
    return listing.page(listing.sorted(queries.groups(caller(request), listing.text), GROUPS), shapes.group)


@groups_router.get("/tenants/{tenant_id}/groups", summary="List an organisation's groups", response=Page[schemas.Group])
def list_tenant_groups(request: HttpRequest, tenant_id: str, listing: Query[Listing]) -> Page[schemas.Group]:
    return listing.page(listing.sorted(queries.groups(_own(request, tenant_id), listing.text), GROUPS), shapes.group)


@groups_router.post("/tenants/{tenant_id}/groups", summary="Make a group", response=schemas.Group)
def create_group(request: HttpRequest, tenant_id: str, payload: requests.GroupIn) -> schemas.Group:
    """`rights` are what its members may do."""
    _own(request, tenant_id)
    second = payload.secondFactorRequired
    made = groups.create(payload.name, payload.rights, needs_second_factor=second, **asked(request))
    return shapes.group(made)


@groups_router.post("/groups", summary="Make a group in one's own organisation", response=schemas.Group)
def create_own_group(request: HttpRequest, payload: requests.GroupIn) -> schemas.Group:
    return create_group(request, caller(request).tenant_id, payload)


@groups_router.get("/groups/{group_id}", summary="A group", response=schemas.Group)
def group(request: HttpRequest, group_id: str) -> schemas.Group:
    return shapes.group(queries.group(caller(request), group_id))


@groups_router.patch("/groups/{group_id}", summary="Rename a group, or change its rights", response=schemas.Group)
def change_group(request: HttpRequest, group_id: str, payload: requests.GroupPatch) -> schemas.Group:
    by = caller(request)
    changed = groups.change(
        queries.group(by, group_id),
        name=payload.name,
        granted=payload.rights,
        needs_second_factor=payload.secondFactorRequired,
        **asked(request),
    )
    return shapes.group(changed)


@groups_router.delete("/groups/{group_id}", summary="Remove a group", response=GONE)
def remove_group(request: HttpRequest, group_id: str) -> Status[None]:
    by = caller(request)
    groups.remove(queries.group(by, group_id), **asked(request))
    return Status(204, None)


@groups_router.get("/groups/{group_id}/users", summary="Who is in a group", response=Page[UserShape])
def members(request: HttpRequest, group_id: str, listing: Query[UserListing]) -> Page[UserShape]:
    found = accounts.members(queries.group(caller(request), group_id))
    return listing.page(listing.sorted(found, NAMES), user_shape)


@groups_router.put("/groups/{group_id}/users/{user_id}", summary="Put somebody into a further group", response=GONE)
def add_member(request: HttpRequest, group_id: str, user_id: str) -> Status[None]:
    by, user = caller(request), _colleague(request, user_id)
    groups.add(user, queries.group(by, group_id), **asked(request))
    return Status(204, None)


@groups_router.delete("/groups/{group_id}/users/{user_id}", summary="Take somebody out of a group", response=GONE)
def remove_member(request: HttpRequest, group_id: str, user_id: str) -> Status[None]:
    by, user = caller(request), _colleague(request, user_id)
    groups.take_out(user, queries.group(by, group_id), **asked(request))
    return Status(204, None)


# ---------------------------------------------------------------- access tokens


@tokens_router.post("/users/{user_id}/accessTokens", summary="Make an access token", response=schemas.NewAccessToken)
def create_token(request: HttpRequest, user_id: str, payload: requests.TokenIn) -> schemas.NewAccessToken:
    """`token` is shown this once. Without `scopes` it may do all that its user may; without ranges, from everywhere."""
    made, written = tokens.create(
        _colleague(request, user_id),
        name=payload.name,
        scopes=payload.scopes,
        ip_ranges=payload.authorizedIpRanges,
        expires_at=moment(payload.expires),
        **asked(request),
    )
    return {**shapes.token(made), "token": written}


@tokens_router.get("/users/{user_id}/accessTokens", summary="List access tokens", response=Page[schemas.AccessToken])
def list_tokens(request: HttpRequest, user_id: str, listing: Query[Listing]) -> Page[schemas.AccessToken]:
    found = queries.tokens(queries.manageable(caller(request), _colleague(request, user_id)))
    return listing.page(found.filter(name__icontains=listing.text).order_by("-created_at", "pk"), shapes.token)


@tokens_router.delete(
    "/users/{user_id}/accessTokens/{access_token_id}", summary="Revoke an access token", response=GONE
)
def revoke_token(request: HttpRequest, user_id: str, access_token_id: str) -> Status[None]:
    found = queries.token(_colleague(request, user_id), access_token_id)
    tokens.revoke(found, **asked(request))
    return Status(204, None)


# ---------------------------------------------------------------- delegations


@delegations_router.post(
    "/users/{user_id}/delegations", summary="Delegate somebody's turns", response=schemas.Delegation
)
def give(request: HttpRequest, user_id: str, payload: requests.DelegationIn) -> schemas.Delegation:
    """A deputy acts in their own name, with a certificate of their own, for somebody."""
    by, at = caller(request), timezone.now()
    deputy = accounts.colleagues(by).filter(pk=payload.deputyUserId).first()
    if deputy is None:
        raise BadDelegation(_("There is no such user."))
    terms = delegations.Terms(
        deputy=deputy,
        starts_at=moment(payload.starts) or at,
        ends_at=moment(payload.ends),
        may_sign=payload.signAllowed,
        may_approve=payload.approveAllowed,
        filing_classes=payload.filingClasses,
        max_amount=payload.maxAmount,
        currency=payload.currency,
        away=payload.isAway,
    )
    given = delegations.give(_colleague(request, user_id), terms, by=by, acting=acting(request), at=at)
    return shapes.delegation(given)


@delegations_router.get(
    "/users/{user_id}/delegations", summary="What somebody has delegated", response=Page[schemas.Delegation]
)
def given_by(request: HttpRequest, user_id: str, listing: Query[Listing]) -> Page[schemas.Delegation]:
    user = _colleague(request, user_id)
    found = queries.all_delegations(caller(request)).filter(principal=user)
    return listing.page(found.order_by("-starts_at", "pk"), shapes.delegation)


@delegations_router.get(
    "/delegations", summary="Delegations that one gave or received, or of everybody", response=Page[schemas.Delegation]
)
def list_delegations(request: HttpRequest, listing: Query[Listing]) -> Page[schemas.Delegation]:
    """Who manages people sees everybody's."""
    return listing.page(queries.all_delegations(caller(request)).order_by("-starts_at", "pk"), shapes.delegation)


@delegations_router.get("/delegations/{delegation_id}", summary="A delegation", response=schemas.Delegation)
def delegation(request: HttpRequest, delegation_id: str) -> schemas.Delegation:
    return shapes.delegation(queries.delegation(caller(request), delegation_id))


@delegations_router.delete("/delegations/{delegation_id}", summary="Revoke a delegation", response=schemas.Delegation)
def revoke(request: HttpRequest, delegation_id: str) -> schemas.Delegation:
    """It stays on record, `revoked`."""
    by = caller(request)
    found = queries.delegation(by, delegation_id)
    return shapes.delegation(delegations.revoke(found, **asked(request)))


# ---------------------------------------------------------------- contacts

CONTACTS = {"lastName": "last_name", "firstName": "first_name", "email": "email", "created": "created_at"}


class ContactListing(Listing):
    sortOrder: Literal["asc", "desc"] = Field("asc", description="Smallest or largest first.")  # noqa: N815


@contacts_router.get("/contacts", summary="The address book", response=Page[schemas.Contact])
def list_contacts(request: HttpRequest, listing: Query[ContactListing]) -> Page[schemas.Contact]:
    """One's own contacts, and those that others share."""
    return listing.page(listing.sorted(queries.contacts(caller(request), listing.text), CONTACTS), shapes.contact)


@contacts_router.post("/contacts", summary="Keep a contact", response=schemas.Contact)
def create_contact(request: HttpRequest, payload: requests.ContactIn) -> schemas.Contact:
    facts = payload.changes(requests.CONTACT)
    return shapes.contact(contacts.create(facts, **asked(request)))


@contacts_router.get("/contacts/{contact_id}", summary="A contact", response=schemas.Contact)
def contact(request: HttpRequest, contact_id: str) -> schemas.Contact:
    return shapes.contact(queries.contact(caller(request), contact_id))


@contacts_router.patch("/contacts/{contact_id}", summary="Change a contact", response=schemas.Contact)
def change_contact(request: HttpRequest, contact_id: str, payload: requests.ContactPatch) -> schemas.Contact:
    by = caller(request)
    found = queries.contact(by, contact_id)
    changes = payload.changes(requests.CONTACT)
    return shapes.contact(contacts.change(found, changes, **asked(request)))


@contacts_router.delete("/contacts/{contact_id}", summary="Forget a contact", response=GONE)
def remove_contact(request: HttpRequest, contact_id: str) -> Status[None]:
    by = caller(request)
    contacts.remove(queries.contact(by, contact_id), **asked(request))
    return Status(204, None)
