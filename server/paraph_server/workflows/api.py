"""Workflows and their documents over REST, as clients of the reference product know them. No decisions here."""

import io
import zipfile
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from paraph.formats import disposition
from pydantic import Field

from paraph_server.accounts.api import caller
from paraph_server.accounts.models import User
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.embedding import queries as sites
from paraph_server.journal.actions import Actor
from paraph_server.web import address
from paraph_server.web.errors import BadInput, Forbidden
from paraph_server.web.listing import Listing
from paraph_server.workflows import actions, invites, queries, shapes
from paraph_server.workflows.errors import NoSuchDocument, NotFinished
from paraph_server.workflows.models import SignatureProfile, Status, Workflow
from paraph_server.workflows.requests import DocumentPatch, InviteIn, LinkIn, WorkflowIn, WorkflowPatch

router = Router(tags=["workflows"])

SORTABLE = {"created": "created_at", "updated": "updated_at", "name": "name"}


def acting(request: HttpRequest) -> Actor:
    """The calling user, as the journal knows them."""
    user = caller(request)
    return Actor("user", user.pk, user.name, address.of(request), address.agent(request))


# ---------------------------------------------------------------- workflows


@router.post("/users/{user_id}/workflows", summary="Create a workflow")
def create(request: HttpRequest, user_id: str, payload: WorkflowIn) -> dict[str, Any]:
    """A draft: add documents to it, then start it."""
    user = _self(request, user_id)
    wanted = actions.NewWorkflow(
        payload.name, payload.description, [each.wanted() for each in payload.steps], payload.data()
    )
    made = actions.create(wanted, owner=user, by=acting(request), at=timezone.now())
    return shapes.workflow(queries.workflow(user, made.pk))


class WorkflowListing(Listing):
    workflowStatus: Status | None = Field(None, alias="items.workflowStatus")  # noqa: N815  the API's spelling


@router.get("/workflows", summary="List workflows")
def workflows(request: HttpRequest, listing: Query[WorkflowListing]) -> dict[str, Any]:
    found = queries.visible_to(caller(request))
    if listing.workflowStatus:
        found = found.filter(queries.in_status(listing.workflowStatus))
    if listing.text:
        people = Q(steps__recipients__email__icontains=listing.text)
        found = found.filter(Q(name__icontains=listing.text) | Q(pk=listing.text) | people).distinct()
    return listing.page(listing.sorted(found, SORTABLE), shapes.workflow)


@router.get("/workflows/{workflow_id}", summary="A workflow")
def workflow(request: HttpRequest, workflow_id: str) -> dict[str, Any]:
    return shapes.workflow(queries.workflow(caller(request), workflow_id))


@router.patch("/workflows/{workflow_id}", summary="Start, stop, archive or change a workflow")
@transaction.atomic
def change(request: HttpRequest, workflow_id: str, payload: WorkflowPatch) -> dict[str, Any]:
    """All of it, or nothing when a part is refused."""
    user, by, at = caller(request), acting(request), timezone.now()
    found = queries.workflow(user, workflow_id)
    if payload.name is not None or payload.description is not None or payload.steps is not None:
        steps = None if payload.steps is None else [each.wanted() for each in payload.steps]
        actions.change(found, name=payload.name, description=payload.description, steps=steps, by=by, at=at)
    match payload.workflowStatus:
        case "started":
            actions.start(found, by=by, at=at)
        case "stopped":
            actions.stop(found, by=by, at=at)
        case "archived":
            actions.archive(found, by=by, at=at)
    return shapes.workflow(queries.workflow(user, workflow_id))


@router.patch("/workflows/{workflow_id}/archive", summary="Archive a workflow")
def archive(request: HttpRequest, workflow_id: str) -> dict[str, Any]:
    user = caller(request)
    actions.archive(queries.workflow(user, workflow_id), by=acting(request), at=timezone.now())
    return shapes.workflow(queries.workflow(user, workflow_id))


@router.post("/workflows/{workflow_id}/invite", summary="A recipient's link, without sending it")
def invite(request: HttpRequest, workflow_id: str, payload: LinkIn) -> dict[str, str]:
    """`embedOrigin` lets that site show the signing page in a frame, `redirectUrl` has the signer sent back there."""
    recipient = payload.recipient(queries.workflow(caller(request), workflow_id))
    tenant_id = recipient.tenant_id
    embed_origin = sites.check_origin(tenant_id, payload.embedOrigin) if payload.embedOrigin else ""
    return_to = sites.check_return(tenant_id, payload.redirectUrl) if payload.redirectUrl else ""
    return {"inviteUrl": invites.link(recipient, embed_origin=embed_origin, return_to=return_to, at=timezone.now())}


@router.post("/workflows/{workflow_id}/sendInvite", summary="Send a recipient their link again")
def send_invite(request: HttpRequest, workflow_id: str, payload: InviteIn) -> dict[str, Any]:
    user = caller(request)
    recipient = payload.recipient(queries.workflow(user, workflow_id))
    actions.resend_invitation(recipient, by=acting(request), at=timezone.now())
    return shapes.workflow(queries.workflow(user, workflow_id))


# ---------------------------------------------------------------- documents


@router.post("/workflows/{workflow_id}/parts", summary="Upload documents")
def upload(request: HttpRequest, workflow_id: str, signatureProfileId: str = "") -> dict[str, Any]:  # noqa: N803
    """The raw bytes with `Content-Disposition`, or a form with one or more files. Without a profile, attachments."""
    found = queries.workflow(caller(request), workflow_id)
    profile = _profile(signatureProfileId)
    added = [
        actions.add_document(found, part, profile=profile, by=acting(request), at=timezone.now())
        for part in _received(request)
    ]
    return {
        "documents": [shapes.document(each) for each in added],
        "parts": [shapes.part(each.current) for each in added],
        "ignoredAttachments": 0,
    }


@router.get("/documents/{document_id}", summary="A document")
def document(request: HttpRequest, document_id: str) -> dict[str, Any]:
    return shapes.document(queries.document(caller(request), document_id))


@router.patch("/documents/{document_id}", summary="Choose how a document is signed, and where its blocks stand")
def change_document(request: HttpRequest, document_id: str, payload: DocumentPatch) -> dict[str, Any]:
    user, by = caller(request), acting(request)
    found = queries.document(user, document_id)
    if payload.signatureProfileId is not None:
        actions.choose_profile(found, _profile(payload.signatureProfileId), by=by, at=timezone.now())
    if payload.pdfSignatureFields is not None:
        fields = [each.dict() for each in payload.pdfSignatureFields]
        actions.place_fields(found, fields, by=by, at=timezone.now())
    return shapes.document(queries.document(user, document_id))


@router.get("/documents/{document_id}/parts/{path:part_hash}", summary="The bytes of a part")
def part(request: HttpRequest, document_id: str, part_hash: str) -> HttpResponseBase:
    """`part_hash` as the API gives it: Base64 of the SHA-256, in either alphabet."""
    found = queries.document(caller(request), document_id)
    try:
        wanted = b64decode(part_hash.replace("-", "+").replace("_", "/"), validate=True).hex()
    except NotBase64:
        wanted = ""
    for each in (found.current, found.original):
        if each.hash == wanted:
            return file(each)
    raise NoSuchDocument(_("There is no such part."))


@router.get("/workflows/{workflow_id}/downloadDocuments", summary="The signed documents")
def download_documents(request: HttpRequest, workflow_id: str) -> HttpResponseBase:
    """One document as it is, several as a ZIP."""
    return delivered(queries.workflow(caller(request), workflow_id))


@router.get("/workflows/{workflow_id}/downloadEvidenceCertificate", summary="The evidence file")
def download_evidence(request: HttpRequest, workflow_id: str) -> HttpResponseBase:
    found = queries.workflow(caller(request), workflow_id)
    if found.evidence is None:
        raise NotFinished(_("The evidence file is made when everybody has signed."))
    return file(found.evidence)


@router.get("/consentPages", summary="How signers can be identified")
def consent_pages(request: HttpRequest, listing: Query[Listing]) -> dict[str, Any]:
    caller(request)
    return listing.page(queries.consent_pages(), shapes.consent_page)


@router.get("/signatureProfiles", summary="The kinds of signature")
def signature_profiles(request: HttpRequest, listing: Query[Listing]) -> dict[str, Any]:
    caller(request)
    return listing.page(queries.signature_profiles(), shapes.signature_profile)


# ---------------------------------------------------------------- in common with the pages


def delivered(found: Workflow) -> HttpResponseBase:
    """The documents of a workflow as they stand: one as it is, several as a ZIP."""
    parts = [each.current for each in found.documents.all()]
    if not parts:
        raise NoSuchDocument(_("This workflow has no documents."))
    if len(parts) == 1:
        return file(parts[0])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as container:
        for place, each in enumerate(parts, start=1):
            with container.open(f"{place:02} {each.filename}", "w") as entry:
                for chunk in stored.stream(each):
                    entry.write(chunk)
    archive.seek(0)
    return FileResponse(archive, as_attachment=True, filename=f"{found.pk}.zip", content_type="application/zip")


def file(found: Part, *, inline: bool = False) -> HttpResponseBase:
    """A file to download, or to show in the browser's own reader."""
    kind = "inline" if inline else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.filename)}",
        "Content-Length": str(found.size),
    }
    return StreamingHttpResponse(stored.stream(found), content_type=found.content_type, headers=headers)


# ---------------------------------------------------------------- reading requests


def _self(request: HttpRequest, user_id: str) -> User:
    user = caller(request)
    if user_id not in {user.pk, "me"}:
        raise Forbidden(_("You can create workflows for yourself only."))
    return user


def _profile(wanted: str) -> SignatureProfile | None:
    if not wanted:
        return None
    found = queries.signature_profiles().filter(pk=wanted).first()
    if found is None:
        raise BadInput(_("There is no such signature profile."))
    return found


def _received(request: HttpRequest) -> Iterator[Part]:
    """Take in each file of the request as it comes."""
    user, by = caller(request), acting(request)
    if (request.content_type or "").startswith("multipart/"):
        files = [each for name in request.FILES for each in request.FILES.getlist(name)]
        if not files:
            raise BadInput(_("The form holds no file."))
        for each in files:
            yield documents.receive(user.tenant_id, each, each.name or "", by=by, at=timezone.now())
    else:
        name = disposition.filename(request.headers.get("Content-Disposition", "")) or "document.pdf"
        yield documents.receive(user.tenant_id, request, name, by=by, at=timezone.now())
