"""Trust service providers over REST, for administrators. No decisions here."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from dataclasses import replace
from typing import Annotated

from django.db import transaction
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
from paraph_server.providers import actions, connection, queries
from paraph_server.providers.actions import LONGEST, NewProvider
from paraph_server.providers.exchange import CALLBACK
from paraph_server.providers.models import Provider
from paraph_server.web.listing import Paging
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Milliseconds, Page, identifier

router = Router(tags=["signingProviders"])
SPELT = {
    "name": "name",
    "address": "address",
    "clientId": "client_id",
    "clientSecret": "secret",
    "version": "version",
}
"""What the API calls what is known of a provider."""


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


class SigningProviderPatch(Schema):
    """What becomes different; what is not said stays, the secret too. With another address it has to be said."""

    name: str | None = Field(None, max_length=LONGEST["name"])
    address: str | None = Field(None, max_length=LONGEST["address"])
    clientId: str | None = Field(None, max_length=LONGEST["client_id"])
    clientSecret: str | None = Field(None, max_length=LONGEST["secret"])
    version: Version | None = None
    isDisabled: bool | None = Field(
        None, description="Have nobody begin to sign there for now; what is under way comes to its end."
    )


class Finding(TypedDict):
    """One thing that was tried."""

    isGood: bool
    text: Annotated[str, Field(examples=["Signers sign in at sign.example.org."])]
    detail: Annotated[str, Field(description="What was answered.")]


class Connection(TypedDict):
    """Whether a provider can be talked to."""

    isGood: Annotated[bool, Field(description="Whether everything was.")]
    findings: list[Finding]


class SigningProvider(TypedDict):
    """Somebody who keeps signers’ keys. Its secret is never shown."""

    id: Annotated[str, identifier("tsp", "a trust service provider")]
    tenantId: TenantId
    name: Annotated[str, Field(examples=["Atelier Trust"])]
    address: Annotated[str, Field(examples=["https://sign.example.org"])]
    version: Version
    clientId: Annotated[str, Field(examples=["paraph"])]
    redirectUri: Annotated[str, Field(description="To be registered there.")]
    isDisabled: Annotated[bool, Field(description="Whether nobody begins to sign there for now.")]
    created: Milliseconds


@router.get("/signingProviders", summary="Trust service providers", response=Page[SigningProvider])
def listed(request: HttpRequest, paging: Query[Paging]) -> Page[SigningProvider]:
    return paging.page(queries.of(caller(request).tenant_id), shape)


@router.post("/signingProviders", summary="Add a trust service provider", response=SigningProvider)
def register(request: HttpRequest, payload: SigningProviderIn) -> SigningProvider:
    """With the first one, a consent page is made for those who sign there."""
    wanted = NewProvider(payload.name, payload.address, payload.clientId, payload.clientSecret, payload.version)
    return shape(actions.register(caller(request).tenant_id, wanted, by=acting(request), at=timezone.now()))


@router.get("/signingProviders/{provider_id}", summary="A trust service provider", response=SigningProvider)
def show(request: HttpRequest, provider_id: str) -> SigningProvider:
    caller(request)
    return shape(queries.find(provider_id))


@router.patch("/signingProviders/{provider_id}", summary="Change or stop a provider", response=SigningProvider)
def change(request: HttpRequest, provider_id: str, payload: SigningProviderPatch) -> SigningProvider:
    """Whoever is on their way there goes on with what was known when they left."""
    caller(request)
    found, at, by = queries.find(provider_id), timezone.now(), acting(request)
    said = {SPELT[name]: value for name, value in payload.dict(exclude_none=True).items() if name in SPELT}
    with transaction.atomic():
        if said:
            found = actions.change(found, replace(actions.known(found), **said), by=by, at=at)
        if payload.isDisabled is not None:
            found = actions.allow(found, allowed=not payload.isDisabled, by=by, at=at)
    return shape(found)


@router.post("/signingProviders/{provider_id}/try", summary="Try the connection to a provider", response=Connection)
def look(request: HttpRequest, provider_id: str) -> Connection:
    """Nobody signs in there, and nothing is signed."""
    caller(request)
    found = connection.look(queries.find(provider_id))
    return {
        "isGood": all(each.good for each in found),
        "findings": [{"isGood": each.good, "text": each.text, "detail": each.detail} for each in found],
    }


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
        "isDisabled": provider.disabled_at is not None,
        "created": milliseconds(provider.created_at),
    }
