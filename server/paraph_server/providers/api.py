"""Trust service providers over REST, for administrators. No decisions here."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from paraph.keys.csc import Version
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.api import caller
from paraph_server.accounts.schemas import TenantId
from paraph_server.config.options import options
from paraph_server.journal.actors import acting
from paraph_server.providers import actions, queries
from paraph_server.providers.actions import LONGEST, NewProvider
from paraph_server.providers.exchange import CALLBACK
from paraph_server.providers.models import Provider
from paraph_server.web.listing import Paging
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Milliseconds, Page, identifier

router = Router(tags=["signingProviders"])


class SigningProviderIn(Schema):
    """A provider, and how we are known there."""

    name: str = Field(max_length=LONGEST["name"], description="What signers know it by.", examples=["Atelier Trust"])
    address: str = Field(
        max_length=LONGEST["address"],
        description="What stands before `/csc/v2/` in the addresses of its API.",
        examples=["https://sign.example.org"],
    )
    clientId: str = Field(max_length=LONGEST["client_id"])
    clientSecret: str = Field(max_length=LONGEST["secret"])
    version: Version = Field(Version.V2, description="Of the Cloud Signature Consortium’s API.")


class SigningProvider(TypedDict):
    """Somebody who keeps signers’ keys. Its secret is never shown."""

    id: Annotated[str, identifier("tsp", "a trust service provider")]
    tenantId: TenantId
    name: Annotated[str, Field(examples=["Atelier Trust"])]
    address: Annotated[str, Field(examples=["https://sign.example.org"])]
    version: Version
    clientId: Annotated[str, Field(examples=["paraph"])]
    redirectUri: Annotated[str, Field(description="To be registered there.")]
    created: Milliseconds


@router.get("/signingProviders", summary="Trust service providers", response=Page[SigningProvider])
def listed(request: HttpRequest, paging: Query[Paging]) -> Page[SigningProvider]:
    return paging.page(queries.of(caller(request).tenant_id), shape)


@router.post("/signingProviders", summary="Add a trust service provider", response=SigningProvider)
def register(request: HttpRequest, payload: SigningProviderIn) -> SigningProvider:
    """With the first one, a consent page is made for those who sign there."""
    wanted = NewProvider(payload.name, payload.address, payload.clientId, payload.clientSecret, payload.version)
    return shape(actions.register(caller(request).tenant_id, wanted, by=acting(request), at=timezone.now()))


@router.delete("/signingProviders/{provider_id}", summary="Have nobody sign there any more", response=SigningProvider)
def remove(request: HttpRequest, provider_id: str) -> SigningProvider:
    """What was signed stays."""
    caller(request)
    found = queries.find(provider_id)
    actions.remove(found, by=acting(request), at=timezone.now())
    return shape(found)


def shape(provider: Provider) -> SigningProvider:
    return {
        "id": provider.pk,
        "tenantId": provider.tenant_id,
        "name": provider.name,
        "address": provider.address,
        "version": Version(provider.version),
        "clientId": provider.client_id,
        "redirectUri": options().public_url + CALLBACK,
        "created": milliseconds(provider.created_at),
    }
