"""Identity providers over REST, for administrators. No decisions here."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from paraph.evidence import Means
from paraph.evidence.level import Assurance
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.api import caller
from paraph_server.accounts.schemas import TenantId
from paraph_server.config.options import options
from paraph_server.identification import providers
from paraph_server.identification.models import Provider
from paraph_server.identification.providers import CALLBACK, FAREWELL, NewProvider
from paraph_server.journal.actors import acting
from paraph_server.web.listing import Paging
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Milliseconds, Page, identifier

router = Router(tags=["identityProviders"])
Kind = Annotated[
    Means,
    Field(
        description="`franceconnect`, `franceconnect-plus`, `proconnect`, or `openid-connect` for any other.",
        examples=["franceconnect"],
    ),
]


class IdentityProviderIn(Schema):
    """A provider, as its own registration says."""

    kind: Kind
    clientId: str = Field(max_length=200)  # noqa: N815  the API's spelling
    clientSecret: str = Field(max_length=500)  # noqa: N815
    name: str = Field("", max_length=60, description="What signers know it by.")
    issuer: str = Field("", max_length=300, description="Its address; of FranceConnect and ProConnect known.")
    acrValues: str = Field("", max_length=100, description="The assurance that is asked for.")  # noqa: N815
    assurance: Assurance = Field(
        Assurance.NONE, description="What its word is worth where its `acr` does not say: 0 to 2, low is 1."
    )


class IdentityProvider(TypedDict):
    """Somebody who vouches for people’s identity. Its secret is never shown."""

    id: Annotated[str, identifier("idp", "an identity provider")]
    tenantId: TenantId
    kind: Kind
    name: Annotated[str, Field(examples=["FranceConnect"])]
    issuer: Annotated[str, Field(examples=["https://oidc.franceconnect.gouv.fr/api/v2"])]
    clientId: Annotated[str, Field(examples=["211286433e39cce01db448d80181bdfd"])]
    acrValues: Annotated[str, Field(examples=["eidas1"])]
    assurance: Assurance
    redirectUri: Annotated[str, Field(description="To be registered there.")]
    postLogoutRedirectUri: Annotated[str, Field(description="To be registered there.")]
    jwksUri: Annotated[str, Field(description="What it encrypts for; to be registered there.")]
    created: Milliseconds


@router.get("/identityProviders", summary="Identity providers", response=Page[IdentityProvider])
def listed(request: HttpRequest, paging: Query[Paging]) -> Page[IdentityProvider]:
    return paging.page(providers.of(caller(request).tenant_id), shape)


@router.post("/identityProviders", summary="Add an identity provider", response=IdentityProvider)
def register(request: HttpRequest, payload: IdentityProviderIn) -> IdentityProvider:
    """A consent page is made with it, by which recipients are identified there and by a code."""
    wanted = NewProvider(
        kind=payload.kind,
        client_id=payload.clientId,
        secret=payload.clientSecret,
        name=payload.name,
        issuer=payload.issuer,
        acr=payload.acrValues,
        assurance=payload.assurance,
    )
    return shape(providers.register(caller(request).tenant_id, wanted, by=acting(request), at=timezone.now()))


@router.get("/identityProviders/{provider_id}", summary="An identity provider", response=IdentityProvider)
def provider(request: HttpRequest, provider_id: str) -> IdentityProvider:  # noqa: ARG001  what every call is told
    return shape(providers.find(provider_id))


@router.delete("/identityProviders/{provider_id}", summary="Remove an identity provider", response=IdentityProvider)
def remove(request: HttpRequest, provider_id: str) -> IdentityProvider:
    """Nobody is sent there any more; what it vouched for stays on record."""
    found = providers.find(provider_id)
    providers.remove(found, by=acting(request), at=timezone.now())
    return shape(found)


def shape(found: Provider) -> IdentityProvider:
    own = options().public_url
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "kind": found.means,
        "name": found.name,
        "issuer": found.issuer,
        "clientId": found.client_id,
        "acrValues": found.acr,
        "assurance": Assurance(found.assurance),
        "redirectUri": own + CALLBACK,
        "postLogoutRedirectUri": own + FAREWELL,
        "jwksUri": f"{own}/openid/{found.pk}/keys",
        "created": milliseconds(found.created_at),
    }
