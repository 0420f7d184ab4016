"""What is in a draft: its files, how they are signed, and where. Each verb locks the workflow, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from paraph_server.documents import actions as documents
from paraph_server.documents.actions import Taken
from paraph_server.documents.models import Part
from paraph_server.journal.actions import Actor, record, together
from paraph_server.web.questions import Question
from paraph_server.web.rows import insert
from paraph_server.workflows.actions import draft
from paraph_server.workflows.errors import NoSuchUpload, NotSignable, TooManyDocuments
from paraph_server.workflows.models import Document, SignatureProfile, Upload, Workflow

MOST = 500
"""Files in one workflow."""
_POSITIONS = Question(lambda workflow: Document.objects.filter(workflow=workflow).order_by().values_list("position"))


@dataclass(frozen=True, slots=True)
class Named:
    """A file that was uploaded, as the API names it: SHA-256 in hexadecimal, and what it is to be called."""

    hash: str
    filename: str = ""


@transaction.atomic
@together()
def upload(
    workflow: Workflow,
    files: Sequence[Taken],
    *,
    profile: SignatureProfile | None,
    make_documents: bool,
    by: Actor,
    at: datetime,
) -> tuple[list[Document], list[Part]]:
    """Put files that were taken in into a draft, all or none: as documents, or for documents to be made of them later.

    Raises:
        NotADraft: it was started.
        NotSignable: a file that is no PDF was to be signed.
        TooManyDocuments: more than anybody reads.
    """
    workflow = draft(workflow)
    parts = [documents.add(workflow.tenant_id, each, by=by, at=at) for each in files]
    if make_documents:
        return [_add(workflow, part, profile, by, at) for part in parts], parts
    if workflow.uploads.count() + len(parts) > MOST:
        raise too_many()
    Upload.objects.bulk_create(
        Upload(tenant_id=workflow.tenant_id, workflow=workflow, part=part, created_at=at) for part in parts
    )
    return [], parts


@transaction.atomic
def make_documents(
    workflow: Workflow,
    wanted: Sequence[Named],
    *,
    profile: SignatureProfile | None,
    fields: Sequence[Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> list[Document]:
    """Make documents of files that were uploaded to the draft before, one of each.

    Raises:
        NoSuchUpload: a file was not.
        NotADraft, NotSignable, TooManyDocuments: as `upload`.
    """
    workflow = draft(workflow)
    made = []
    for each in wanted:
        found = _uploaded(workflow, each)
        document = _add(workflow, found.part, profile, by, at)
        found.delete()
        made.append(place_fields(document, fields, by=by, at=at) if fields else document)
    return made


@transaction.atomic
def add_document(
    workflow: Workflow, part: Part, *, profile: SignatureProfile | None, by: Actor, at: datetime
) -> Document:
    """Add a file to a draft; without a profile it is an attachment that nobody signs. Raises as `upload` does."""
    return _add(draft(workflow), part, profile, by, at)


def _add(workflow: Workflow, part: Part, profile: SignatureProfile | None, by: Actor, at: datetime) -> Document:
    _check_signable(part, profile)
    positions = [position for (position,) in _POSITIONS(workflow=workflow.pk)]
    if len(positions) >= MOST:
        raise too_many()
    document = Document(
        tenant_id=workflow.tenant_id,
        workflow=workflow,
        position=max(positions, default=-1) + 1,
        original=part,
        current=part,
        signature_profile=profile,
        created_at=at,
        updated_at=at,
    )
    insert([document])
    _tell("workflow:document-added", document, by, at, part=part.pk, sha256=part.hash)
    return document


@transaction.atomic
def remove_document(document: Document, *, by: Actor, at: datetime) -> None:
    """Take a document out of a draft; its file goes too, unless something else is made of it."""
    draft(document.workflow)
    part = document.original
    document_id = document.pk
    document.delete()
    _forget(part)
    document.pk = document_id
    _tell("workflow:document-removed", document, by, at, part=part.pk, sha256=part.hash)


def _forget(part: Part) -> None:
    """Strike a file off the record; its bytes are swept up when nothing else has the same."""
    try:
        with transaction.atomic():
            part.delete()
    except ProtectedError:
        return
    if part.source:
        _forget(part.source)


@transaction.atomic
def choose_profile(document: Document, profile: SignatureProfile | None, *, by: Actor, at: datetime) -> Document:
    """Say how a document is signed, or that it is an attachment that nobody signs; raises `NotSignable`."""
    draft(document.workflow)
    _check_signable(document.current, profile)
    document.signature_profile, document.updated_at = profile, at
    document.save(update_fields=["signature_profile", "updated_at"])
    _tell("workflow:profile-chosen", document, by, at, profile=profile.pk if profile else None)
    return document


@transaction.atomic
def place_fields(document: Document, wanted: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime) -> Document:
    """Say where the signature blocks go, the n-th for the n-th signer unless it names one."""
    draft(document.workflow)
    document.signature_fields = [dict(each) for each in wanted]
    document.updated_at = at
    document.save(update_fields=["signature_fields", "updated_at"])
    _tell("workflow:fields-placed", document, by, at, fields=len(wanted))
    return document


def _check_signable(part: Part, profile: SignatureProfile | None) -> None:
    if profile and part.pages is None:
        raise NotSignable(
            _("%(name)s is not a PDF. Have it converted, or add it as an attachment.") % {"name": part.filename}
        )


def _uploaded(workflow: Workflow, named: Named) -> Upload:
    found = workflow.uploads.filter(part__hash=named.hash).select_related("part").order_by("created_at")
    same = found.filter(part__filename=named.filename).first() or found.first()
    if same is None:
        raise NoSuchUpload(_("This workflow has no uploaded part %(name)s.") % {"name": named.filename or named.hash})
    return same


def too_many() -> TooManyDocuments:
    """Said to whoever adds one more."""
    return TooManyDocuments(_("A workflow holds at most %(most)d files.") % {"most": MOST})


def _tell(event: str, document: Document, by: Actor, at: datetime, **details: Any) -> None:
    record(
        event, tenant=document.tenant_id, subject=document.workflow_id, by=by, at=at, document=document.pk, **details
    )
