"""Directories over REST, for administrators. No decisions here."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from paraph.evidence import Means
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.api import caller
from paraph_server.accounts.schemas import TenantId
from paraph_server.authentication import directories
from paraph_server.authentication.directories import LONGEST, MOST_DOMAINS, Terms
from paraph_server.authentication.models import Directory
from paraph_server.journal.actors import acting
from paraph_server.web.listing import Paging
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Milliseconds, Page, identifier

router = Router(tags=["directories"])
Domains = Annotated[list[str], Field(max_length=MOST_DOMAINS, examples=[["example.org"]])]


class TermsIn(Schema):
    """What may be decided otherwise later."""

    name: str = Field(max_length=LONGEST["name"], description="What people know it by.", examples=["Keycloak"])
    domains: Domains = Field(description="Of the e-mail addresses whose people sign in there.")
    strongValues: str = Field(
        "",
        max_length=LONGEST["strong_values"],
        description="Values of `amr` or `acr` that stand for a second factor.",
        examples=["mfa"],
    )
    groupId: str | None = Field(
        None, max_length=32, description="Where accounts are made at the first sign-in; null: none are made."
    )
    alone: bool = Field(False, description="No password and no passkey of the platform opens these people’s accounts.")

    def terms(self, request: HttpRequest, secret: str) -> Terms:
        group = directories.group(caller(request).tenant_id, self.groupId) if self.groupId else None
        return Terms(self.name, self.domains, secret, self.strongValues, group, self.alone)


class DirectoryChange(TermsIn):
    """All of it; without a secret the one before stays."""

    clientSecret: str = Field("", max_length=LONGEST["secret"])


class DirectoryIn(TermsIn):
    """A directory, as its own registration says."""

    kind: Means = Field(Means.OIDC, description="`openid-connect` or `proconnect`.")
    issuer: str = Field("", max_length=LONGEST["issuer"], examples=["https://login.example.org/realms/people"])
    clientId: str = Field(max_length=LONGEST["client_id"])
    clientSecret: str = Field(max_length=LONGEST["secret"])


class DirectoryOut(TypedDict):
    """Where an organisation’s own people sign in. Its secret is never shown."""

    id: Annotated[str, identifier("dir", "a directory")]
    tenantId: TenantId
    kind: Means
    name: str
    issuer: str
    clientId: str
    domains: Domains
    grantedDomains: Annotated[
        list[str], Field(description="Those from which accounts are made, as the platform’s operator says.")
    ]
    strongValues: str
    groupId: str | None
    alone: bool
    redirectUri: Annotated[str, Field(description="To be registered there.")]
    postLogoutRedirectUri: Annotated[str, Field(description="To be registered there.")]
    created: Milliseconds


@router.get("/directories", summary="Directories", response=Page[DirectoryOut])
def listed(request: HttpRequest, paging: Query[Paging]) -> Page[DirectoryOut]:
    """Where the organisation’s own people sign in."""
    return paging.page(directories.of(caller(request).tenant_id), shape)


@router.post("/directories", summary="Connect a directory", response=DirectoryOut)
def register(request: HttpRequest, payload: DirectoryIn) -> DirectoryOut:
    """Whoever has an address in one of its domains signs in there from then on."""
    made = directories.register(
        caller(request).tenant_id,
        payload.terms(request, payload.clientSecret),
        kind=payload.kind,
        issuer=payload.issuer,
        client_id=payload.clientId,
        by=acting(request),
        at=timezone.now(),
    )
    return shape(made)


@router.get("/directories/{directory_id}", summary="A directory", response=DirectoryOut)
def directory(request: HttpRequest, directory_id: str) -> DirectoryOut:  # noqa: ARG001  what every call is told
    return shape(directories.find(directory_id))


@router.put("/directories/{directory_id}", summary="Change a directory", response=DirectoryOut)
def change(request: HttpRequest, directory_id: str, payload: DirectoryChange) -> DirectoryOut:
    """Who is linked with it stays linked."""
    found, terms = directories.find(directory_id), payload.terms(request, payload.clientSecret)
    return shape(directories.change(found, terms, by=acting(request), at=timezone.now()))


@router.delete("/directories/{directory_id}", summary="Remove a directory", response=DirectoryOut)
def remove(request: HttpRequest, directory_id: str) -> DirectoryOut:
    """Its people use their passwords again, or choose one."""
    found = directories.find(directory_id)
    shown = shape(found)
    directories.remove(found, by=acting(request), at=timezone.now())
    return shown


def shape(found: Directory) -> DirectoryOut:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "kind": found.means,
        "name": found.name,
        "issuer": found.issuer,
        "clientId": found.client_id,
        "domains": directories.domains(found),
        "grantedDomains": sorted(each.name for each in found.domains.all() if each.granted),
        "strongValues": found.strong_values,
        "groupId": found.group_id,
        "alone": found.alone,
        "redirectUri": directories.callback(found.tenant_id),
        "postLogoutRedirectUri": directories.farewell(),
        "created": milliseconds(found.created_at),
    }
