"""The documents of workflows over REST, as clients of the reference product know them. No decisions here."""

from base64 import b64decode
from collections.abc import Iterator, Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from paraph.formats import disposition

from paraph_server.accounts.api import caller
from paraph_server.documents import actions as documents
from paraph_server.documents import fetching
from paraph_server.documents import queries as stored
from paraph_server.documents.actions import Readable
from paraph_server.journal.actors import acting
from paraph_server.web.errors import BadInput
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import body, files, uploads
from paraph_server.workflows import contents, queries, receiving, schemas, shapes, viewers
from paraph_server.workflows.downloads import ZIP, delivered, everything, file
from paraph_server.workflows.errors import NoSuchDocument, NotFinished
from paraph_server.workflows.models import SignatureProfile, Workflow
from paraph_server.workflows.receiving import Received, Wish
from paraph_server.workflows.requests import (
    AddressIn,
    AddressPartsIn,
    BlobPartsIn,
    DocumentPatch,
    DocumentsIn,
    Handling,
    PiecesIn,
    ViewerIn,
)

router = Router(tags=["documents"])


# ---------------------------------------------------------------- in


@router.post(
    "/workflows/{workflow_id}/parts", summary="Upload documents", response=schemas.Upload, openapi_extra=uploads()
)
def upload(request: HttpRequest, workflow_id: str, handling: Query[Handling]) -> schemas.Upload:
    """The raw bytes with `Content-Disposition`, or a form with one or more files. Without a profile, attachments."""
    found = queries.managed(caller(request), workflow_id)
    wish = _wish(handling)
    return _added(request, found, wish, receiving.receive(found.tenant_id, sent(request), wish))


@router.post(
    "/workflows/{workflow_id}/blobs",
    summary="Upload a piece of a file",
    response=schemas.Blob,
    openapi_extra=body("application/octet-stream"),
)
def upload_blob(request: HttpRequest, workflow_id: str) -> schemas.Blob:
    """Up to 100 MB; parts are made of pieces by `POST …/blobs/parts`. What is not used within a day is removed."""
    found = queries.managed(caller(request), workflow_id)
    made = documents.receive_blob(found.tenant_id, request, subject=found.pk, at=timezone.now())
    return shapes.blob(made)


@router.post(
    "/workflows/{workflow_id}/blobs/parts", summary="Make parts of pieces that were uploaded", response=schemas.Upload
)
def join_blobs(
    request: HttpRequest, workflow_id: str, payload: BlobPartsIn, handling: Query[Handling]
) -> schemas.Upload:
    found = queries.managed(caller(request), workflow_id)
    wish = _wish(handling)
    return _added(request, found, wish, receiving.receive(found.tenant_id, _joined(found, payload.parts), wish))


@router.post("/workflows/{workflow_id}/urls/parts", summary="Fetch documents from elsewhere", response=schemas.Upload)
def fetch_parts(
    request: HttpRequest, workflow_id: str, payload: AddressPartsIn, handling: Query[Handling]
) -> schemas.Upload:
    """Each from an address that needs no credentials and leads no further."""
    found = queries.managed(caller(request), workflow_id)
    wish = _wish(handling)
    return _added(request, found, wish, receiving.receive(found.tenant_id, _fetched(payload.parts), wish))


@router.post(
    "/workflows/{workflow_id}/documents", summary="Make documents of uploaded parts", response=schemas.Documents
)
def make_documents(request: HttpRequest, workflow_id: str, payload: DocumentsIn) -> schemas.Documents:
    """Of each a document; the answer is the first one, and all of them as `documents`."""
    found = queries.managed(caller(request), workflow_id)
    made = contents.make_documents(
        found,
        [contents.Named(_digest(each.hash), documents.plain_filename(each.filename)) for each in payload.parts],
        profile=profile(payload.signatureProfileId or ""),
        fields=[each.wanted() for each in payload.pdfSignatureFields],
        by=acting(request),
        at=timezone.now(),
    )
    shaped = [shapes.document(each) for each in made]
    return {**shaped[0], "documents": shaped}


# ---------------------------------------------------------------- a document


@router.get("/documents/{document_id}", summary="A document", response=schemas.Document)
def document(request: HttpRequest, document_id: str) -> schemas.Document:
    return shapes.document(queries.document(caller(request), document_id))


@router.patch(
    "/documents/{document_id}",
    summary="Choose how a document is signed, and where its blocks stand",
    response=schemas.Document,
)
def change_document(request: HttpRequest, document_id: str, payload: DocumentPatch) -> schemas.Document:
    user, by = caller(request), acting(request)
    found = queries.managed_document(user, document_id)
    if payload.signatureProfileId is not None:
        contents.choose_profile(found, profile(payload.signatureProfileId), by=by, at=timezone.now())
    if payload.pdfSignatureFields is not None:
        fields = [each.wanted() for each in payload.pdfSignatureFields]
        contents.place_fields(found, fields, by=by, at=timezone.now())
    return shapes.document(queries.document(user, document_id))


@router.delete("/documents/{document_id}", response={204: None}, summary="Take a document out of a draft")
def remove_document(request: HttpRequest, document_id: str) -> Status[None]:
    found = queries.managed_document(caller(request), document_id)
    contents.remove_document(found, by=acting(request), at=timezone.now())
    return Status(204, None)


@router.post(
    "/documents/{document_id}/viewer",
    summary="A link to read a document and place its signature blocks",
    response=schemas.Viewer,
)
def viewer(request: HttpRequest, document_id: str, payload: ViewerIn) -> schemas.Viewer:
    """Whoever opens it needs no account. While the workflow is a draft, they also say where the blocks stand."""
    user, at = caller(request), timezone.now()
    found = queries.managed_document(user, document_id)
    made = viewers.make(found, user, back=payload.redirectUrl or "", until=payload.expired, at=at)
    return {"viewerUrl": made.link(at=at), "expired": milliseconds(made.until)}


@router.get(
    "/documents/{document_id}/parts/{path:part_hash}",
    summary="The bytes of a part",
    openapi_extra=files("application/pdf", "*/*"),
)
def part(request: HttpRequest, document_id: str, part_hash: str) -> HttpResponseBase:
    """`part_hash` as the API gives it: Base64 of the SHA-256, in either alphabet."""
    found = queries.document(caller(request), document_id)
    wanted = _digest(part_hash)
    for each in (found.current, found.original, found.original.source):
        if each and each.hash == wanted:
            return file(each)
    raise NoSuchDocument(_("There is no such part."))


# ---------------------------------------------------------------- out


@router.get(
    "/workflows/{workflow_id}/downloadDocuments",
    summary="The signed documents",
    openapi_extra=files("application/pdf", "application/zip", "*/*"),
)
def download_documents(request: HttpRequest, workflow_id: str) -> HttpResponseBase:
    """One document as it is, several as a ZIP; a ZIP in any case where `Accept: application/zip` asks for one."""
    wanted = request.headers.get("Accept", "").partition(";")[0].partition(",")[0].strip()
    return delivered(queries.workflow(caller(request), workflow_id), zipped=wanted == ZIP)


@router.get(
    "/workflows/{workflow_id}/downloadAll",
    summary="Documents, attachments and evidence, as a ZIP",
    openapi_extra=files("application/zip"),
)
def download_all(request: HttpRequest, workflow_id: str) -> HttpResponseBase:
    return everything(queries.workflow(caller(request), workflow_id))


@router.get(
    "/workflows/{workflow_id}/downloadEvidenceCertificate",
    summary="The evidence file",
    openapi_extra=files("application/pdf"),
)
def download_evidence(request: HttpRequest, workflow_id: str) -> HttpResponseBase:
    found = queries.workflow(caller(request), workflow_id)
    if found.evidence is None:
        raise NotFinished(_("The evidence file is made when everybody has signed."))
    return file(found.evidence)


@router.get(
    "/workflows/{workflow_id}/downloadEvidences",
    summary="The evidence file, under its former name",
    openapi_extra=files("application/pdf"),
)
def download_evidences(request: HttpRequest, workflow_id: str) -> HttpResponseBase:
    return download_evidence(request, workflow_id)


# ---------------------------------------------------------------- reading requests


def _wish(handling: Handling) -> Wish:
    return Wish(
        profile=profile(handling.signatureProfileId),
        make_documents=handling.createDocuments,
        ignore_attachments=handling.ignoreAttachments,
        unzip=handling.unzip,
        convert=handling.convertToPdf,
    )


def profile(wanted: str) -> SignatureProfile | None:
    if not wanted:
        return None
    found = queries.signature_profile(wanted)
    if found is None:
        raise BadInput(_("There is no such signature profile."))
    return found


def _added(request: HttpRequest, found: Workflow, wish: Wish, received: Received) -> schemas.Upload:
    added, parts = contents.upload(
        found,
        received.files,
        profile=wish.profile,
        make_documents=wish.make_documents,
        by=acting(request),
        at=timezone.now(),
    )
    return {
        "documents": [shapes.document(each) for each in added],
        "parts": [shapes.part(each) for each in parts],
        "ignoredAttachments": received.ignored,
    }


def sent(request: HttpRequest) -> Iterator[tuple[Readable, str]]:
    """Each file of the request as it comes."""
    if not (request.content_type or "").startswith("multipart/"):
        yield request, disposition.filename(request.headers.get("Content-Disposition", "")) or "document.pdf"
        return
    files = [each for name in request.FILES for each in request.FILES.getlist(name)]
    if not files:
        raise BadInput(_("The form holds no file."))
    yield from ((each, each.name or "") for each in files)


def _joined(found: Workflow, parts: Sequence[PiecesIn]) -> Iterator[tuple[Readable, str]]:
    for each in parts:
        yield documents.Joined(stored.blobs(each.blobs, subject=found.pk)), each.filename


def _fetched(parts: Sequence[AddressIn]) -> Iterator[tuple[Readable, str]]:
    for each in parts:
        with fetching.fetched(each.url) as body:
            yield body, each.filename or fetching.name(each.url)


def _digest(part_hash: str) -> str:
    """A digest as the API writes it, in hexadecimal as we do; nothing where it is none."""
    try:
        return b64decode(part_hash.replace("-", "+").replace("_", "/"), validate=True).hex()
    except ValueError:
        return ""
