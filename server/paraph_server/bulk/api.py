"""Bulk sends over REST. No decisions here."""

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Query, Router
from paraph.formats import disposition
from pydantic import ValidationError

from paraph_server.accounts.api import caller
from paraph_server.bulk import actions, blanks, queries, schemas, shapes, tables
from paraph_server.bulk.models import BulkSend, Status
from paraph_server.bulk.requests import BlankIn, BulkSendListing, BulkSendPatch, RowListing, RowsIn, Wishes
from paraph_server.journal.actors import acting
from paraph_server.templates import queries as templates
from paraph_server.templates.models import Template
from paraph_server.web.errors import BadInput, BadSpreadsheet
from paraph_server.web.schemas import Page, body, files

router = Router(tags=["bulk sends"])

SORTABLE = {"created": "created_at", "updated": "updated_at"}
IN_SEQUENCE = {"number": "number"}


@router.get(
    "/templates/{template_id}/model",
    summary="The spreadsheet to fill in for a bulk send",
    openapi_extra=files(blanks.XLSX, "text/csv"),
)
def model(request: HttpRequest, template_id: str, wanted: Query[BlankIn]) -> HttpResponse:
    """Only its headings; `format` is `xlsx` or `csv`."""
    return blank(templates.template(caller(request), template_id), wanted.format)


@router.post(
    "/templates/{template_id}/bulkSends",
    summary="Send a template to many",
    response=schemas.BulkSend,
    openapi_extra=body("text/csv", blanks.XLSX, "application/json"),
)
def create(request: HttpRequest, template_id: str, wishes: Query[Wishes]) -> schemas.BulkSend:
    """A spreadsheet (CSV or XLSX) as the raw body or in a form, or JSON: `{"rows": [{"employee.email": …}, …]}`.

    A row may say what the signature policy looks at, as `policy.documentKind`, `policy.amount` and so on; what it does
    not say, the template says. Its rows are checked first; ask for the bulk send until its `status` is `checked` or
    `refused`.
    """
    user = caller(request)
    content, name, kind = _file(request)
    made = actions.receive(
        templates.template(user, template_id),
        content,
        name,
        kind,
        owner=user,
        again=wishes.again,
        starts_itself=wishes.start,
        by=acting(request),
        at=timezone.now(),
    )
    return shapes.bulk_send(made, at=timezone.now())


@router.get("/bulkSends", summary="List bulk sends", response=Page[schemas.BulkSend])
def bulk_sends(request: HttpRequest, listing: Query[BulkSendListing]) -> Page[schemas.BulkSend]:
    found = queries.sent_by(caller(request)).filter(template__name__icontains=listing.text)
    if listing.templateId:
        found = found.filter(template=listing.templateId)
    return listing.page(listing.sorted(found, SORTABLE), lambda each: shapes.bulk_send(each, at=timezone.now()))


@router.get("/bulkSends/{bulk_send_id}", summary="A bulk send and its progress", response=schemas.BulkSend)
def bulk_send(request: HttpRequest, bulk_send_id: str) -> schemas.BulkSend:
    return shapes.bulk_send(queries.bulk_send(caller(request), bulk_send_id), at=timezone.now())


@router.patch(
    "/bulkSends/{bulk_send_id}", summary="Start, pause, resume or cancel a bulk send", response=schemas.BulkSend
)
def change(request: HttpRequest, bulk_send_id: str, payload: BulkSendPatch) -> schemas.BulkSend:
    found, by, at = queries.bulk_send(caller(request), bulk_send_id), acting(request), timezone.now()
    match payload.status:
        case "started" if found.status is Status.PAUSED:
            actions.resume(found, by=by, at=at)
        case "started":
            override = payload.override(caller(request))
            actions.start(found, skip_faulty=payload.skipFaulty, override=override, by=by, at=at)
        case "paused":
            actions.pause(found, by=by, at=at)
        case "cancelled":
            actions.cancel(found, by=by, at=at)
    return bulk_send(request, bulk_send_id)


@router.post("/bulkSends/{bulk_send_id}/retry", summary="Try the failed rows again", response=schemas.BulkSend)
def retry(request: HttpRequest, bulk_send_id: str) -> schemas.BulkSend:
    actions.retry(queries.bulk_send(caller(request), bulk_send_id), by=acting(request), at=timezone.now())
    return bulk_send(request, bulk_send_id)


@router.get("/bulkSends/{bulk_send_id}/rows", summary="The rows of a bulk send", response=Page[schemas.Row])
def rows(request: HttpRequest, bulk_send_id: str, listing: Query[RowListing]) -> Page[schemas.Row]:
    found = queries.bulk_send(caller(request), bulk_send_id).rows.all()
    if listing.state:
        found = found.filter(state=listing.state)
    return listing.page(listing.sorted(found, IN_SEQUENCE), shapes.row)


@router.get(
    "/bulkSends/{bulk_send_id}/faults", summary="What is wrong with its rows, as CSV", openapi_extra=files("text/csv")
)
def faults(request: HttpRequest, bulk_send_id: str) -> HttpResponseBase:
    return report(queries.bulk_send(caller(request), bulk_send_id))


# ---------------------------------------------------------------- in common with the pages


def blank(template: Template, kind: str) -> HttpResponse:
    """The empty spreadsheet of a template, as a download."""
    columns = templates.asked_now(template, at=timezone.now())
    if kind == "csv":
        content: Any = "".join(blanks.separated([blanks.headings(columns)]))
        return HttpResponse(content, content_type=blanks.CSV, headers=_download(f"{template.pk}.csv"))
    if kind == "xlsx":
        return HttpResponse(
            blanks.workbook(columns), content_type=blanks.XLSX, headers=_download(f"{template.pk}.xlsx")
        )
    raise BadInput(_("Ask for xlsx or csv."))


def report(found: BulkSend) -> HttpResponseBase:
    """What is wrong, as a download, in the language in which it was found."""
    with translation.override(found.language):
        lines = list(blanks.separated(queries.report(found)))
    return StreamingHttpResponse(lines, content_type=blanks.CSV, headers=_download(f"{found.pk}.csv"))


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


# ---------------------------------------------------------------- reading requests


def _file(request: HttpRequest) -> tuple[bytes, str, str]:
    """The spreadsheet with its name and type."""
    kind = request.content_type or "application/octet-stream"
    if kind.startswith("multipart/"):
        upload = next((request.FILES[name] for name in request.FILES), None)
        if not isinstance(upload, UploadedFile):
            raise BadInput(_("The form holds no file."))
        return upload.read(tables.LARGEST + 1), upload.name or "", upload.content_type or ""
    written = request.read(tables.LARGEST + 1)
    if kind == "application/json":
        return actions.written(_rows(written)), "rows.csv", "text/csv"
    return written, disposition.filename(request.headers.get("Content-Disposition", "")) or "rows.csv", kind


def _rows(body: bytes) -> list[dict[str, Any]]:
    if len(body) > tables.LARGEST:
        raise BadSpreadsheet(_("This file is larger than 20 MB."))
    try:
        return RowsIn.model_validate(json.loads(body)).rows
    except ValidationError as error:
        fault = error.errors()[0]
        raise BadInput(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
    except (ValueError, RecursionError):
        raise BadInput(_("This request cannot be understood.")) from None
