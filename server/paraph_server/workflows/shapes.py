"""Workflows as the REST API writes them: the reference product's names, times in milliseconds."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

from paraph_server.documents.models import Blob, Part
from paraph_server.workflows import queries
from paraph_server.workflows.models import ConsentPage, Document, Recipient, SignatureProfile, Step, Workflow


def milliseconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)


def period(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)


def workflow(found: Workflow) -> dict[str, Any]:
    """A workflow in full. What has not happened is absent."""
    turn = queries.state(found).turn
    waiting = [each for each in queries.recipients(found) if each.pk in turn]
    times = {
        name: milliseconds(getattr(found, f"{name}_at"))
        for name in ("created", "updated", "started", "stopped", "finished", "archived")
    }
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.owner_id,
        "groupId": found.owner.group_id,
        "email": found.owner.email,
        "firstName": found.owner.first_name,
        "lastName": found.owner.last_name,
        "name": found.name,
        "description": found.description,
        "workflowMode": "FULL",
        "workflowStatus": found.status.value,
        "progress": queries.progress(found),
        "steps": [step(each) for each in found.steps.all()],
        "currentRecipientEmails": [each.email for each in waiting if each.email],
        "currentRecipientUsers": [each.user_id for each in waiting if each.user_id],
        "repairReason": found.repair_reason or None,
        "stopReason": found.stop_reason or None,
        **found.data,
        **{name: value for name, value in times.items() if value is not None},
    }


def step(found: Step) -> dict[str, Any]:
    return {
        "id": found.pk,
        "stepType": found.kind,
        "recipients": [recipient(each) for each in found.recipients.all()],
        "requiredRecipients": found.required_recipients,
        "validityPeriod": period(found.validity_period),
        "maxInvites": found.max_invites,
        "sendDownloadLink": found.send_download_link,
        "isStarted": found.started_at is not None,
        "isFinished": found.finished_at is not None,
        "logs": [entry for each in found.recipients.all() for entry in _log(each)],
    }


def _log(found: Recipient) -> list[dict[str, Any]]:
    who = {"recipientEmail": found.email, "recipientUserId": found.user_id}
    done = "sign" if found.step.kind == Step.Kind.SIGNATURE else "approve"
    happened = (("invite", found.invited_at), (done, found.done_at), ("refuse", found.refused_at))
    entries = [{"operation": name, "created": milliseconds(at), **who} for name, at in happened if at]
    if found.refused_at:
        entries[-1]["reason"] = found.refusal_reason
    return entries


def recipient(found: Recipient) -> dict[str, Any]:
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
    }


def document(found: Document) -> dict[str, Any]:
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


def blob(found: Blob) -> dict[str, Any]:
    return {"id": found.pk, "size": found.size, "hash": b64encode(bytes.fromhex(found.hash)).decode()}


def part(found: Part) -> dict[str, Any]:
    """A file; its hash is the SHA-256 in Base64."""
    return {
        "filename": found.filename,
        "contentType": found.content_type,
        "size": found.size,
        "hash": b64encode(bytes.fromhex(found.hash)).decode(),
    }


def consent_page(found: ConsentPage) -> dict[str, Any]:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "name": found.name,
        "authenticationMode": found.authentication,
        "created": milliseconds(found.created_at),
    }


def signature_profile(found: SignatureProfile) -> dict[str, Any]:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "name": found.name,
        "signatureType": "PAdES",
        "created": milliseconds(found.created_at),
    }
