"""Workflows as the REST API writes them: the reference product's names, times in milliseconds."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from paraph.evidence import SignatureLevel

from paraph_server.accounts.models import User
from paraph_server.documents.models import Blob, Part
from paraph_server.policies import shapes as written
from paraph_server.policies import stored
from paraph_server.policies.schemas import RecordedJudgement
from paraph_server.web.moments import MILLISECOND, milliseconds
from paraph_server.workflows import logs, queries, schemas
from paraph_server.workflows.conformity import Verdict, facts
from paraph_server.workflows.models import (
    ConsentPage,
    ConsentText,
    Document,
    KeyHolder,
    Recipient,
    RequestedDocument,
    Seal,
    SignatureProfile,
    Step,
    Workflow,
)
from paraph_server.workflows.reading import its, unread, with_circle, with_people
from paraph_server.workflows.turns import Turn


def period(length: timedelta) -> int:
    return length // MILLISECOND


def workflow(found: Workflow) -> schemas.Workflow:
    """A workflow in full. What has not happened is absent."""
    return workflows([found])[0]


def workflows(found: Sequence[Workflow]) -> list[schemas.Workflow]:
    """Workflows of one tenant in full, their histories fetched together."""
    with_people(unread(found, "steps"))
    with_circle(unread(found, "watchers"))
    histories = queries.histories(found)
    return [_workflow(each, logs.of(each, histories[each.pk])) for each in found]


def _workflow(found: Workflow, happened: list[schemas.Log]) -> schemas.Workflow:
    state = queries.state(found)
    waiting = [each for each in queries.recipients(found) if each.pk in state.turn]
    times = {
        name: milliseconds(getattr(found, f"{name}_at"))
        for name in ("started", "paused", "stopped", "finished", "archived")
    }
    always: dict[str, Any] = {
        "id": found.pk,
        "tenantId": found.tenant_id,
        **owner(found.owner),
        "name": found.name,
        "description": found.description,
        "workflowMode": "FULL",
        "amount": None if found.amount is None else float(found.amount),
        "currency": found.currency or None,
        "policyFacts": written.facts(stored.facts(found.declared)),
        "signaturePolicy": _judged(found),
        "workflowStatus": found.status,
        "progress": queries.progress(found, state),
        "steps": [
            step(each, [log for log in happened if log.get("stepId") == each.pk]) for each in its(found, "steps")
        ],
        "currentRecipientEmails": [each.email for each in waiting if each.email],
        "currentRecipientUsers": [each.user_id for each in waiting if each.user_id],
        "filingClass": found.filing_class or None,
        "notifiedEvents": found.notified_events,
        "coManagerNotifiedEvents": found.co_manager_events,
        "watchers": [{"email": each.email, "notifiedEvents": each.notified_events} for each in its(found, "watchers")],
        **queries.let_in(found),
        "needsRepair": bool(found.repair_reason),
        "repairReason": found.repair_reason or None,
        "stopReason": found.stop_reason or None,
        "logs": happened,
        "created": milliseconds(found.created_at),
        "updated": milliseconds(found.updated_at),
    }
    then = {name: at for name, at in times.items() if at is not None}
    return cast("schemas.Workflow", {**always, **found.data, **then})


def _judged(found: Workflow) -> RecordedJudgement | None:
    """By which policy it was started, and what that asked for."""
    if found.policy_id is None:
        return None
    judgement = written.judgement(stored.judgement(found.judgement))
    return {"id": found.policy_id, **judgement, "overrideReason": found.override_reason or None}


def conformity(found: Workflow, verdict: Verdict) -> schemas.Conformity:
    """What the policy says of a workflow, and who would sign below it."""
    table = verdict.version.table
    return {
        "id": verdict.version.pk,
        **written.judgement(verdict.judgement),
        "overrideReason": found.override_reason or None,
        "facts": written.facts(facts(found, table.country)),
        "recipientIds": [each.pk for each in verdict.below],
        "consentPageIds": [each.pk for each in verdict.pages],
    }


def owner(user: User) -> schemas.Owner:
    """Whose a workflow is."""
    return {
        "userId": user.pk,
        "groupId": user.group_id,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
    }


def step(found: Step, happened: list[schemas.Log]) -> schemas.Step:
    return {
        "id": found.pk,
        "stepType": Step.Kind(found.kind),
        "recipients": [recipient(each) for each in its(found, "recipients") if found.kind != Step.Kind.SEAL],
        "requiredRecipients": found.required_recipients,
        "validityPeriod": period(found.validity_period),
        "invitePeriod": period(found.invite_period) if found.invite_period else None,
        "maxInvites": found.max_invites,
        "sendDownloadLink": found.send_download_link,
        "allowComments": found.allow_comments,
        "allowRefusal": found.allow_refusal,
        "allowDelegation": found.allow_delegation,
        "hideWorkflowRecipients": found.hide_recipients,
        "hideAttachments": found.hide_attachments,
        "sealId": found.seal_id,
        "isStarted": found.started_at is not None,
        "isFinished": found.finished_at is not None,
        "expires": milliseconds(found.expires_at),
        "logs": happened,
    }


def recipient(found: Recipient) -> schemas.Recipient:
    return {
        "id": found.pk,
        "userId": found.user_id,
        "email": found.email,
        "firstName": found.first_name,
        "lastName": found.last_name,
        "phoneNumber": found.phone_number or None,
        "country": found.country,
        "preferredLocale": found.locale,
        "consentPageId": found.consent_page_id,
        "signatureLevel": SignatureLevel(found.level) if found.level else None,
        "comment": found.comment or None,
        "requestedDocuments": [requested_document(each) for each in its(found, "requested_documents")],
    }


def requested_document(found: RequestedDocument) -> schemas.RequestedDocument:
    return {
        "id": found.pk,
        "name": found.name,
        "required": found.required,
        "acceptedTypes": found.content_types,
        "part": part(found.part) if found.part else None,
        "received": milliseconds(found.received_at),
    }


def seen_by(found: Workflow, person: Recipient) -> schemas.Workflow:
    """A workflow as one of its recipients may know it: names, no numbers, no histories."""
    shape = workflow(found)
    mine = [each for each in shape["steps"] if each["id"] == person.step_id]
    steps = mine if person.step.hide_recipients else shape["steps"]
    others = [{**each, "recipients": [_name(one) for one in each["recipients"]], "logs": []} for each in steps]
    own: dict[str, Any] = {
        "watchers": [],
        "logs": [],
        "policyFacts": {},
        "signaturePolicy": None,
        **{name: [] for name in queries.let_in(found)},
    }
    kept = {name: value for name, value in shape.items() if name not in found.data}
    return cast("schemas.Workflow", kept | own | {"steps": others})


def _name(recipient: schemas.RecipientName) -> schemas.RecipientName:
    id_, email = recipient["id"], recipient["email"]
    return {"id": id_, "email": email, "firstName": recipient["firstName"], "lastName": recipient["lastName"]}


def turn(found: Turn) -> schemas.Turn:
    """Something that waits for somebody."""
    step = found.recipient.step
    return {
        "workflowId": step.workflow_id,
        "workflowName": step.workflow.name,
        "stepId": step.pk,
        "stepType": step.kind,
        "recipientId": found.recipient.pk,
        "actsForUserId": found.recipient.user_id if found.delegation else None,
        "delegationId": found.delegation.pk if found.delegation else None,
        "started": milliseconds(step.started_at),
    }


def document(found: Document) -> schemas.Document:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.workflow.owner_id,
        "workflowId": found.workflow_id,
        "workflowName": found.workflow.name,
        "signatureProfileId": found.signature_profile_id,
        "parts": [part(found.current)],
        "source": part(found.original.source) if found.original.source else None,
        "pdfSignatureFields": found.signature_fields,
        "created": milliseconds(found.created_at),
        "updated": milliseconds(found.updated_at),
    }


def blob(found: Blob) -> schemas.Blob:
    return {"id": found.pk, "size": found.size, "hash": b64encode(bytes.fromhex(found.hash)).decode()}


def part(found: Part) -> schemas.Part:
    """A file; its hash is the SHA-256 in Base64."""
    return {
        "filename": found.filename,
        "contentType": found.content_type,
        "size": found.size,
        "hash": b64encode(bytes.fromhex(found.hash)).decode(),
    }


def consent_page(found: ConsentPage) -> schemas.ConsentPage:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "name": found.name,
        "authenticationMode": "sms" if found.by_phone else "email" if found.by_email else found.means[0],
        "identificationMeans": list(found.asked),
        "keyHolder": KeyHolder(found.key_holder),
        "signatureLevel": SignatureLevel(found.level),
        "version": found.version,
        "textEn": found.text_en,
        "textFr": found.text_fr,
        "withdrawn": milliseconds(found.withdrawn_at),
        "created": milliseconds(found.created_at),
    }


def consent_text(found: ConsentText) -> schemas.ConsentText:
    return {
        "version": found.version,
        "textEn": found.text_en,
        "textFr": found.text_fr,
        "created": milliseconds(found.created_at),
    }


def seal(found: Seal) -> schemas.Seal:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "name": found.name,
        "created": milliseconds(found.created_at),
    }


def signature_profile(found: SignatureProfile) -> schemas.SignatureProfile:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "name": found.name,
        "signatureType": "PAdES",
        "created": milliseconds(found.created_at),
    }
