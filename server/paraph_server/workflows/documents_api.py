"""The documents of workflows over REST, as clients of the reference product know them. No decisions here."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from email.message import Message
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from paraph_server.accounts.api import caller
from paraph_server.documents import actions as documents
from paraph_server.documents.models import Part
from paraph_server.web.errors import BadInput
from paraph_server.workflows import actions, queries, shapes
from paraph_server.workflows.api import acting
from paraph_server.workflows.downloads import delivered, file
from paraph_server.workflows.errors import NoSuchDocument, NotFinished
from paraph_server.workflows.models import SignatureProfile
from paraph_server.workflows.requests import DocumentPatch

router = Router(tags=["documents"])


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


# ---------------------------------------------------------------- reading requests


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
        name = _filename(request.headers.get("Content-Disposition", ""))
        yield documents.receive(user.tenant_id, request, name, by=by, at=timezone.now())


def _filename(disposition: str) -> str:
    """The name in a `Content-Disposition` header (RFC 6266, also `filename*`)."""
    message = Message()
    message["Content-Disposition"] = re.sub(r"[\r\n]", "", disposition) or "attachment"
    return message.get_filename() or "document.pdf"
