"""Consent pages over REST. No decisions here."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from paraph.evidence import Means, SignatureLevel
from pydantic import Field

from paraph_server.accounts.api import caller
from paraph_server.journal.actors import acting
from paraph_server.web.listing import Listing, Paging
from paraph_server.web.schemas import Page
from paraph_server.workflows import actions, queries, schemas, shapes
from paraph_server.workflows.models import KeyHolder

router = Router(tags=["consentPages"])

Text = Annotated[str, Field(min_length=1, max_length=actions.LONGEST_TEXT)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class ConsentPageIn(Schema):
    """A consent page.

    Without a level, it asks for the highest that its means can reach; without a text, it has the usual one for its
    level.
    """

    name: Name
    identificationMeans: Annotated[list[Means], Field(min_length=1, max_length=len(Means))]
    keyHolder: KeyHolder = KeyHolder.PLATFORM
    signatureLevel: SignatureLevel | None = None
    textEn: Text | None = None
    textFr: Text | None = None


class ConsentPagePatch(Schema):
    """What changes: a text gets another version. Means and level stay, for workflows rely on them."""

    name: Name | None = None
    textEn: Text | None = None
    textFr: Text | None = None


@router.get("/consentPages", summary="How signers can be identified", response=Page[schemas.ConsentPage])
def consent_pages(request: HttpRequest, listing: Query[Listing]) -> Page[schemas.ConsentPage]:
    caller(request)
    return listing.page(queries.consent_pages().filter(name__icontains=listing.text), shapes.consent_page)


@router.post("/consentPages", summary="Make a consent page", response=schemas.ConsentPage)
def create_consent_page(request: HttpRequest, payload: ConsentPageIn) -> schemas.ConsentPage:
    wanted = actions.NewConsentPage(
        payload.name,
        payload.identificationMeans,
        payload.textEn or "",
        payload.textFr or "",
        payload.keyHolder,
        payload.signatureLevel,
    )
    made = actions.create_page(wanted, owner=caller(request), by=acting(request), at=timezone.now())
    return shapes.consent_page(made)


@router.get("/consentPages/{page_id}", summary="A consent page", response=schemas.ConsentPage)
def consent_page(request: HttpRequest, page_id: str) -> schemas.ConsentPage:
    caller(request)
    return shapes.consent_page(queries.consent_page(page_id))


@router.patch("/consentPages/{page_id}", summary="Change a consent page’s name or text", response=schemas.ConsentPage)
def change_consent_page(request: HttpRequest, page_id: str, payload: ConsentPagePatch) -> schemas.ConsentPage:
    """Whoever accepts from now on accepts the new version; older ones are kept."""
    caller(request)
    changed = actions.change_page(
        queries.consent_page(page_id),
        name=payload.name,
        text_en=payload.textEn,
        text_fr=payload.textFr,
        by=acting(request),
        at=timezone.now(),
    )
    return shapes.consent_page(changed)


@router.delete("/consentPages/{page_id}", summary="Offer a consent page no longer", response=schemas.ConsentPage)
def withdraw_consent_page(request: HttpRequest, page_id: str) -> schemas.ConsentPage:
    """Workflows that have it go on with it."""
    caller(request)
    found = actions.withdraw_page(queries.consent_page(page_id), by=acting(request), at=timezone.now())
    return shapes.consent_page(found)


@router.get("/consentPages/{page_id}/versions", summary="A consent page’s texts", response=Page[schemas.ConsentText])
def consent_versions(request: HttpRequest, page_id: str, listing: Query[Paging]) -> Page[schemas.ConsentText]:
    """The latest first."""
    caller(request)
    return listing.page(queries.consent_page(page_id).texts.all(), shapes.consent_text)
