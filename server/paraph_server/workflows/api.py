"""Workflows over REST, as clients of the reference product know them. No decisions here."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from paraph_server.accounts import queries as accounts
from paraph_server.accounts.api import caller
from paraph_server.accounts.models import User
from paraph_server.embedding import queries as sites
from paraph_server.journal import queries as happened
from paraph_server.journal.actions import Actor
from paraph_server.journal.actors import acting
from paraph_server.journal.schemas import JournalEntry
from paraph_server.journal.shapes import entry
from paraph_server.policies.errors import NoSuchPolicy
from paraph_server.web.listing import Listing, Paging
from paraph_server.web.schemas import Page, files
from paraph_server.workflows import actions, conformity, invites, origins, queries, schemas, shapes, turns
from paraph_server.workflows.downloads import file
from paraph_server.workflows.errors import NotFinished
from paraph_server.workflows.listing import WorkflowListing
from paraph_server.workflows.models import Status, Workflow
from paraph_server.workflows.requests import InviteIn, LinkIn, WorkflowIn, WorkflowPatch

router = Router(tags=["workflows"])

SORTABLE = {"created": "created_at", "updated": "updated_at", "name": "name"}


# ---------------------------------------------------------------- workflows


@router.post("/users/{user_id}/workflows", summary="Create a workflow", response=schemas.Workflow)
def create(request: HttpRequest, user_id: str, payload: WorkflowIn) -> schemas.Workflow:
    """A draft: add documents to it, then start it."""
    user, by, at = caller(request), acting(request), timezone.now()
    owner = accounts.sender(user, user_id)
    if maker := origins.maker(payload):
        made = maker(payload, owner=owner, by=by, at=at)
    else:
        made = actions.create(payload.wanted(), owner=owner, by=by, at=at)
    return shapes.workflow(made)


@router.get("/workflows", summary="List workflows", response=Page[schemas.Workflow])
def workflows(request: HttpRequest, listing: Query[WorkflowListing]) -> Page[schemas.Workflow]:
    """Yours, and those you were let into, newest first. Several filters narrow the list down together."""
    user = caller(request)
    found = listing.narrowed(queries.listed(user), user.tenant_id)
    ids = listing.sorted(found, SORTABLE).values_list("pk", flat=True)
    return listing.page_of(ids, lambda those: shapes.workflows(queries.these(those)))


@router.get("/workflows/{workflow_id}", summary="A workflow", response=schemas.Workflow)
def workflow(request: HttpRequest, workflow_id: str) -> schemas.Workflow:
    return shapes.workflow(queries.shown(caller(request), workflow_id))


@router.patch(
    "/workflows/{workflow_id}", summary="Start, pause, stop, archive or change a workflow", response=schemas.Workflow
)
@transaction.atomic
def change(request: HttpRequest, workflow_id: str, payload: WorkflowPatch) -> schemas.Workflow:
    """All of it, or nothing when a part is refused."""
    user, by, at = caller(request), acting(request), timezone.now()
    found = queries.managed(user, workflow_id)
    steps = None if payload.steps is None else [each.wanted() for each in payload.steps]
    if steps is not None and found.status != Status.DRAFT:
        actions.replace(found, steps, by=by, at=at)
        steps = None
    changes: dict[str, Any] = {
        "name": payload.name,
        "description": payload.description,
        "steps": steps,
        "declared": payload.declared,
    }
    if any(each is not None for each in changes.values()):
        actions.change(found, **changes, by=by, at=at)
    if payload.speaks:
        actions.share(found, payload.circle(), by=by, at=at)
    if payload.filingClass is not None:
        actions.file_under(found, payload.filingClass, by=by, at=at)
    answer = shapes.workflow(_moved(found, payload, user, by, at) or queries.shown(user, workflow_id))
    if owner := payload.owner:
        actions.give_away(found, to=owner, by=by, at=at)
        answer = {**answer, **shapes.owner(owner)}
    return answer


def _moved(found: Workflow, payload: WorkflowPatch, user: User, by: Actor, at: datetime) -> Workflow | None:
    """Have a workflow do what is asked; one that starts is complete as it comes back and need not be read again."""
    match payload.workflowStatus:
        case "started" if found.paused_at:
            actions.resume(found, by=by, at=at)
        case "started":
            return actions.start(found, override=payload.override(user), by=by, at=at)
        case "paused":
            actions.pause(found, by=by, at=at)
        case "stopped":
            actions.stop(found, by=by, at=at)
        case "archived":
            actions.archive(found, by=by, at=at)
    return None


@router.patch("/workflows/{workflow_id}/archive", summary="Archive a workflow", response=schemas.Workflow)
def archive(request: HttpRequest, workflow_id: str) -> schemas.Workflow:
    user = caller(request)
    actions.archive(queries.managed(user, workflow_id), by=acting(request), at=timezone.now())
    return shapes.workflow(queries.shown(user, workflow_id))


@router.get(
    "/workflows/{workflow_id}/signaturePolicy",
    summary="What the signature policy asks of a workflow",
    response=schemas.Conformity,
)
def signature_policy(request: HttpRequest, workflow_id: str) -> schemas.Conformity:
    """Of a draft: the policy in force. Of a workflow on its way: the version that it was started under."""
    found = queries.workflow(caller(request), workflow_id)
    verdict = conformity.judge(found, at=timezone.now())
    if verdict is None:
        raise NoSuchPolicy(_("No signature policy judges this workflow."))
    return shapes.conformity(found, verdict)


@router.post(
    "/workflows/{workflow_id}/invite", summary="A recipient's link, without sending it", response=schemas.Invite
)
def invite(request: HttpRequest, workflow_id: str, payload: LinkIn) -> schemas.Invite:
    """`embedOrigin` lets that site show the signing page in a frame, `redirectUrl` has the signer sent back there."""
    recipient = payload.recipient(queries.complete(queries.managed(caller(request), workflow_id).pk))
    tenant_id = recipient.tenant_id
    embed_origin = sites.check_origin(tenant_id, payload.embedOrigin) if payload.embedOrigin else ""
    return_to = sites.check_return(tenant_id, payload.redirectUrl) if payload.redirectUrl else ""
    return {"inviteUrl": invites.link(recipient, embed_origin=embed_origin, return_to=return_to, at=timezone.now())}


@router.post(
    "/workflows/{workflow_id}/sendInvite", summary="Send a recipient their link again", response=schemas.Workflow
)
def send_invite(request: HttpRequest, workflow_id: str, payload: InviteIn) -> schemas.Workflow:
    user = caller(request)
    recipient = payload.recipient(queries.complete(queries.managed(user, workflow_id).pk))
    actions.resend_invitation(recipient, by=acting(request), at=timezone.now())
    return shapes.workflow(queries.shown(user, workflow_id))


@router.post(
    "/workflows/{workflow_id}/retry", summary="Try again at once what could not be done", response=schemas.Workflow
)
def retry(request: HttpRequest, workflow_id: str) -> schemas.Workflow:
    """For workflows that need repair; the platform tries by itself, too."""
    user = caller(request)
    actions.retry(queries.managed(user, workflow_id), by=acting(request), at=timezone.now())
    return shapes.workflow(queries.shown(user, workflow_id))


@router.get(
    "/requestedDocuments/{requested_id}",
    summary="A document that a recipient handed over",
    openapi_extra=files("application/pdf", "*/*"),
)
def requested_document(request: HttpRequest, requested_id: str) -> HttpResponseBase:
    found = queries.requested_document(caller(request), requested_id)
    if found.part is None:
        raise NotFinished(_("This document has not been handed over yet."))
    return file(found.part)


@router.get("/workflows/{workflow_id}/journal", summary="What happened to a workflow", response=Page[JournalEntry])
def journal(request: HttpRequest, workflow_id: str, listing: Query[Paging]) -> Page[JournalEntry]:
    """Its own entries, and those of its recipients and files, the latest first."""
    found = queries.workflow(caller(request), workflow_id)
    entries = happened.about(found.tenant_id, queries.subjects(found))
    return listing.page(listing.sorted(entries, {"sequence": "sequence"}), entry)


@router.get("/turns", summary="What waits for the caller", response=schemas.Turns)
def list_turns(request: HttpRequest) -> schemas.Turns:
    """In their own name, and (`actsForUserId`) for those who delegated it; the oldest first, 200 at most."""
    return {"items": [shapes.turn(each) for each in turns.of(caller(request), at=timezone.now())]}


# ---------------------------------------------------------------- what senders choose from


@router.get("/seals", summary="The seals that the organisation may use", response=Page[schemas.Seal])
def seals(request: HttpRequest, listing: Query[Listing]) -> Page[schemas.Seal]:
    """Named as `sealId` in seal steps. Who operates the platform gives them."""
    caller(request)
    return listing.page(queries.seals().filter(name__icontains=listing.text), shapes.seal)


@router.get("/signatureProfiles", summary="The kinds of signature", response=Page[schemas.SignatureProfile])
def signature_profiles(request: HttpRequest, listing: Query[Listing]) -> Page[schemas.SignatureProfile]:
    caller(request)
    return listing.page(queries.signature_profiles().filter(name__icontains=listing.text), shapes.signature_profile)
