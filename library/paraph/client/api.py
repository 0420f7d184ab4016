"""Every call of the API, described once. Each becomes a method of both clients: see `operations`."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar
from urllib.parse import quote

from paraph.client import wire
from paraph.client.calls import Answer, Call, File, Progress
from paraph.client.shapes import (
    Advice,
    ConsentPage,
    Document,
    Event,
    Field,
    NewStep,
    SignatureProfile,
    User,
    Webhook,
    Workflow,
)
from paraph.formats.media import media_type

T = TypeVar("T")
PER_PAGE = 100
_DATUM = re.compile(r"data\d{1,2}")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, how long such parts are, and how long the whole is."""

    items: Sequence[T]
    size: int
    total: int


# ---------------------------------------------------------------- whoever asks


def version() -> Call[str]:
    """The server's name and version, such as `paraph:0.1.0`."""
    return _get("version", str)


def me() -> Call[User]:
    """The user for whom this token acts."""
    return _get("users/me", User)


def user(user_id: str) -> Call[User]:
    return _get(f"users/{_id(user_id)}", User)


def users(*, text: str = "", is_disabled: bool | None = None) -> Call[Page[User]]:
    """Everybody of the caller's organisation."""
    disabled = {} if is_disabled is None else {"items.isDisabled": str(is_disabled).lower()}
    return _list("users", User, text=text, sortBy="items.lastName", sortOrder="asc", **disabled)


def consent_pages() -> Call[Page[ConsentPage]]:
    return _list("consentPages", ConsentPage)


def signature_profiles() -> Call[Page[SignatureProfile]]:
    return _list("signatureProfiles", SignatureProfile)


def request(
    method: str, path: str, body: Mapping[str, Any] | None = None, *, query: Mapping[str, str | int] | None = None
) -> Call[Any]:
    """Any other call, such as `request("GET", "users/me")`: JSON as it is in, JSON as it is out."""
    content = None if body is None else json.dumps(body).encode()
    return _call(method, path.lstrip("/"), Answer.json, body=content, query=query)


def advice(
    *,
    document_kind: str | None = None,
    amount: str | None = None,
    currency: str | None = None,
    counterparty: str | None = None,
    person: str | None = None,
    cross_border: bool | None = None,
    regulated_act: bool | None = None,
    public_body: bool = False,
    language: str | None = None,
) -> Call[Advice]:
    """Which level of signature suits a document; what is not said counts as the riskier answer."""
    answers: dict[str, str | bool | None] = {
        "documentKind": document_kind,
        "amount": amount,
        "currency": currency,
        "counterparty": counterparty,
        "person": person,
        "crossBorder": cross_border,
        "regulatedAct": regulated_act,
        "publicBody": public_body,
    }
    said = {name: str(each).lower() if isinstance(each, bool) else each for name, each in answers.items()}
    call = _call("GET", "adviser", _reader(Advice), query={name: each for name, each in said.items() if each})
    return replace(call, headers={"Accept-Language": language}) if language else call


# ---------------------------------------------------------------- workflows


def create_workflow(
    user_id: str,
    *,
    name: str,
    steps: Sequence[NewStep] = (),
    description: str = "",
    data: Mapping[str, str] | None = None,
    idempotency_key: str | None = None,
) -> Call[Workflow]:
    """A draft: add documents to it, then start it. With the same key again, no second one is made."""
    body = {"name": name, "description": description, "steps": steps, **(data or {})}
    return _send("POST", f"users/{_id(user_id)}/workflows", body, _workflow, key=idempotency_key)


def workflow(workflow_id: str) -> Call[Workflow]:
    return _call("GET", f"workflows/{_id(workflow_id)}", _workflow)


def workflows(*, text: str = "", status: str | None = None, newest_first: bool = True) -> Call[Page[Workflow]]:
    """Those the user may see; with a text in their name or a recipient's address, or in one state only."""
    order = {"sortBy": "items.created", "sortOrder": "desc" if newest_first else "asc"}
    filters = {"items.workflowStatus": status} if status else {}
    return _list("workflows", _workflow_of, text=text, **order, **filters)


def change_workflow(
    workflow_id: str, *, name: str | None = None, description: str | None = None, steps: Sequence[NewStep] | None = None
) -> Call[Workflow]:
    """Change a draft; steps that are given replace those it has."""
    return _patch(workflow_id, {"name": name, "description": description, "steps": steps})


def start_workflow(workflow_id: str) -> Call[Workflow]:
    """Send a draft on its way: the first step's recipients are invited."""
    return _patch(workflow_id, {"workflowStatus": "started"})


def stop_workflow(workflow_id: str) -> Call[Workflow]:
    """Cancel what is on its way."""
    return _patch(workflow_id, {"workflowStatus": "stopped"})


def archive_workflow(workflow_id: str) -> Call[Workflow]:
    return _patch(workflow_id, {"workflowStatus": "archived"})


def invite(workflow_id: str, recipient_email: str) -> Call[str]:
    """The address at which a recipient signs; nothing is sent."""
    path = f"workflows/{_id(workflow_id)}/invite"
    return _send("POST", path, {"recipientEmail": recipient_email}, lambda answer: _member(answer, "inviteUrl", str))


def send_invite(workflow_id: str, recipient_email: str) -> Call[Workflow]:
    """Send a recipient their invitation again."""
    return _send("POST", f"workflows/{_id(workflow_id)}/sendInvite", {"recipientEmail": recipient_email}, _workflow)


# ---------------------------------------------------------------- documents


def add_document(
    workflow_id: str,
    file: bytes | Path,
    *,
    signature_profile_id: str,
    filename: str | None = None,
    progress: Progress | None = None,
) -> Call[Document]:
    """Upload a document to be signed; a file is read piece by piece, however large."""
    return _upload(workflow_id, file, signature_profile_id, filename, progress)


def add_attachment(
    workflow_id: str, file: bytes | Path, *, filename: str | None = None, progress: Progress | None = None
) -> Call[Document]:
    """Upload a document that is shown and not signed."""
    return _upload(workflow_id, file, "", filename, progress)


def document(document_id: str) -> Call[Document]:
    return _get(f"documents/{_id(document_id)}", Document)


def change_document(
    document_id: str, *, signature_profile_id: str | None = None, pdf_signature_fields: Sequence[Field] | None = None
) -> Call[Document]:
    """Say how a draft's document is signed, and where the blocks go, the n-th for the n-th recipient."""
    body = {"signatureProfileId": signature_profile_id, "pdfSignatureFields": pdf_signature_fields}
    return _send("PATCH", f"documents/{_id(document_id)}", body, _reader(Document))


def download_documents(workflow_id: str, into: BinaryIO, *, progress: Progress | None = None) -> Call[File]:
    """Write the documents of a workflow as they stand into a file: one as it is, several as a ZIP."""
    return _download(workflow_id, "downloadDocuments", into, progress)


def download_evidence(workflow_id: str, into: BinaryIO, *, progress: Progress | None = None) -> Call[File]:
    """Write the evidence file of a finished workflow into a file."""
    return _download(workflow_id, "downloadEvidenceCertificate", into, progress)


# ---------------------------------------------------------------- webhooks


def register_webhook(
    tenant_id: str, *, endpoint_url: str, notified_events: Sequence[str] = (), is_global: bool = False
) -> Call[Webhook]:
    """Be told at an address what happens; keep the answer's `secret`, which is not shown again, for `verify`."""
    body = {"endpointUrl": endpoint_url, "notifiedEvents": notified_events, "isGlobal": is_global}
    return _send("POST", f"tenants/{_id(tenant_id)}/webhooks", body, _reader(Webhook))


def webhooks(*, text: str = "") -> Call[Page[Webhook]]:
    return _list("webhooks", Webhook, text=text)


def webhook(webhook_id: str) -> Call[Webhook]:
    return _get(f"webhooks/{_id(webhook_id)}", Webhook)


def change_webhook(
    webhook_id: str,
    *,
    endpoint_url: str | None = None,
    notified_events: Sequence[str] | None = None,
    is_disabled: bool | None = None,
) -> Call[Webhook]:
    body = {"endpointUrl": endpoint_url, "notifiedEvents": notified_events, "isDisabled": is_disabled}
    return _send("PATCH", f"webhooks/{_id(webhook_id)}", body, _reader(Webhook))


def remove_webhook(webhook_id: str) -> Call[None]:
    return _call("DELETE", f"webhooks/{_id(webhook_id)}", lambda _: None)


def webhook_event(event_id: str) -> Call[Event]:
    """What was told, read again by a receiver who wants to be sure."""
    return _get(f"webhookEvents/{_id(event_id)}", Event)


def webhook_events(*, webhook_id: str = "", failed: bool = False) -> Call[Page[Event]]:
    """What endpoints were told; only what was given up, where `failed`."""
    return _list("webhookEvents", Event, webhookId=webhook_id, failed=str(failed).lower())


def redeliver(event_id: str) -> Call[Event]:
    """Have an event told once more."""
    return _call("POST", f"webhookEvents/{_id(event_id)}/redeliver", _reader(Event))


# ---------------------------------------------------------------- in common


def _get(path: str, shape: type[T]) -> Call[T]:
    return _call("GET", path, _reader(shape))


def _list(path: str, shape: type[T] | Callable[[Any], T], **query: str) -> Call[Page[T]]:
    of: Callable[[Any], T] = (lambda found: wire.read(shape, found)) if isinstance(shape, type) else shape

    def page(answer: Answer) -> Page[T]:
        found = wire.read(_Listed, answer.json())
        return Page([of(each) for each in found.items], found.items_per_page, found.total_items)

    return _call("GET", path, page, query={**query, "itemsPerPage": PER_PAGE, "pageIndex": 0})


def _send(
    method: str, path: str, body: Mapping[str, Any], read: Callable[[Answer], T], *, key: str | None = None
) -> Call[T]:
    return _call(method, path, read, body=json.dumps(wire.write(body)).encode(), key=key)


def _patch(workflow_id: str, body: Mapping[str, Any]) -> Call[Workflow]:
    return _send("PATCH", f"workflows/{_id(workflow_id)}", body, _workflow)


def _call(
    method: str,
    path: str,
    read: Callable[[Answer], T],
    *,
    body: bytes | None = None,
    query: Mapping[str, str | int] | None = None,
    key: str | None = None,
) -> Call[T]:
    headers = {} if body is None else {"Content-Type": "application/json"}
    call = Call(method=method, path=path, read=read, query=query or {}, headers=headers, body=body or b"")
    return call if key is None else replace(call, key=key)


def _upload(
    workflow_id: str, file: bytes | Path, profile: str, filename: str | None, progress: Progress | None
) -> Call[Document]:
    name = filename or (file.name if isinstance(file, Path) else "document.pdf")
    return Call(
        method="POST",
        path=f"workflows/{_id(workflow_id)}/parts",
        query={"createDocuments": "true", **({"signatureProfileId": profile} if profile else {})},
        headers={
            "Content-Type": media_type(name),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        },
        body=file,
        progress=progress,
        read=lambda answer: wire.read(_Uploaded, answer.json()).documents[0],
    )


def _download(workflow_id: str, what: str, into: BinaryIO, progress: Progress | None) -> Call[File]:
    path = f"workflows/{_id(workflow_id)}/{what}"
    return Call(method="GET", path=path, into=into, progress=progress, read=lambda answer: answer.file)


@dataclass(frozen=True, slots=True)
class _Listed:
    items: tuple[Mapping[str, Any], ...]
    items_per_page: int
    total_items: int


@dataclass(frozen=True, slots=True)
class _Uploaded:
    documents: tuple[Document, ...]

    def __post_init__(self) -> None:
        if not self.documents:
            raise wire.Unexpected("no document")


def _reader(shape: type[T]) -> Callable[[Answer], T]:
    return lambda answer: wire.read(shape, answer.json())


def _workflow(answer: Answer) -> Workflow:
    return _workflow_of(answer.json())


def _workflow_of(found: Any) -> Workflow:
    """The sixteen free fields stand beside the others on the wire, and together here."""
    known = found if isinstance(found, dict) else {}
    data = {name: value for name, value in known.items() if _DATUM.fullmatch(name) and isinstance(value, str)}
    return wire.read(Workflow, {**known, "data": data})


def _member(answer: Answer, name: str, kind: type[T]) -> T:
    found = answer.json()
    return wire.read(kind, found.get(name) if isinstance(found, dict) else None)


def _id(identifier: str) -> str:
    """An id as one segment of a path, whatever it holds."""
    return quote(identifier, safe="")
