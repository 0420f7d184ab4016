"""The organisation over REST, with the sites it calls its own. No decisions here."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.api import caller
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.schemas import TenantId
from paraph_server.embedding import actions, queries
from paraph_server.journal.actors import acting
from paraph_server.web.errors import Forbidden
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Milliseconds

router = Router(tags=["tenants"])


class Organisation(TypedDict):
    """A tenant."""

    id: TenantId
    name: Annotated[str, Field(examples=["Marchand & Co"])]
    allowedOrigins: Annotated[
        list[str], Field(description="The sites that may show signing pages.", examples=[["https://shop.example.org"]])
    ]
    created: Milliseconds


class TenantPatch(Schema):
    """What changes of an organisation."""

    allowedOrigins: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=100)] | None = None  # noqa: N815  the API's spelling


@router.get("/tenants/{tenant_id}", summary="The caller's organisation", response=Organisation)
def tenant(request: HttpRequest, tenant_id: str) -> Organisation:
    return _shape(_own(request, tenant_id))


@router.patch("/tenants/{tenant_id}", summary="Say which sites may show signing pages", response=Organisation)
def change(request: HttpRequest, tenant_id: str, payload: TenantPatch) -> Organisation:
    """`allowedOrigins` replaces the whole list; links made for a site that is no longer in it stop working."""
    own = _own(request, tenant_id)
    if payload.allowedOrigins is not None:
        actions.allow_origins(own.pk, payload.allowedOrigins, by=acting(request), at=timezone.now())
    return _shape(own)


def _own(request: HttpRequest, tenant_id: str) -> Tenant:
    own = caller(request).tenant
    if tenant_id != own.pk:
        raise Forbidden(_("This is another organisation."))
    return own


def _shape(own: Tenant) -> Organisation:
    return {
        "id": own.pk,
        "name": own.name,
        "allowedOrigins": queries.allowed_origins(own.pk),
        "created": milliseconds(own.created_at),
    }
