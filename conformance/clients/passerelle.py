"""The connector for Publik's Passerelle: every method of its `GoodflagClient`."""

import importlib
import io
import json
import logging
import sys
import zipfile
from pathlib import Path
from typing import Any

import httpx2
from paraph import evidence, pades
from paraph_testing import pdfs, visitor
from paraph_testing.cast import BOB, CAROL
from paraph_testing.demo import Platform
from paraph_testing.listener import Listener

from conformance.clients.walk import Walk, api, await_that, choices, newest, recipient


def walk(path: Path, platform: Platform, walked: Walk) -> None:
    """One workflow that is signed, told of and archived; one that is stopped; and what is refused."""
    logging.getLogger("passerelle_goodflag").setLevel(logging.CRITICAL)  # refusals are looked at below
    sys.path.insert(0, str(path.parents[1]))
    client = importlib.import_module("passerelle_goodflag.client").GoodflagClient
    goodflag = client(f"{platform.url}/api", platform.account.token)
    walked.call("test_connection", goodflag.test_connection, expect=lambda said: said["version"].startswith("paraph:"))
    with Listener() as listener:
        _register(platform, listener)
        workflow = _draft(goodflag, platform, walked)
        _upload(goodflag, platform, workflow, walked)
        _sign(goodflag, platform, workflow, walked)
        _fetch(goodflag, workflow, walked)
        await_that(lambda: any(b"workflowFinished" in body for _, body in listener.heard))
        for event in {event["eventType"]: event for event in (json.loads(body) for _, body in listener.heard)}.values():
            _read_again(goodflag, event, walked)
    _stop(goodflag, platform, walked)
    stranger = client(f"{platform.url}/api", "act_unknown.secret")
    _refuse(walked, "GoodflagNotFoundError", goodflag.get_workflow, "wfl_unknown")
    _refuse(walked, "GoodflagAuthError", stranger.get_workflow, "wfl_unknown")
    _refuse(walked, "GoodflagValidationError", goodflag.create_workflow, platform.account.user_id, "", [])


def _draft(goodflag: Any, platform: Platform, walked: Walk) -> str:
    """With everything that the connector knows to send."""
    step = {
        "stepType": "signature",
        "recipients": [recipient(BOB, consentPageId=choices(platform)[1])],
        "requiredRecipients": 1,
        "validityPeriod": 8_553_600_000,
        "invitePeriod": 86_400_000,
        "maxInvites": 5,
        "sendDownloadLink": True,
        "allowComments": True,
        "hideAttachments": False,
        "hideWorkflowRecipients": False,
    }
    made = walked.call(
        "create_workflow",
        goodflag.create_workflow,
        platform.account.user_id,
        "Demande n° 42",
        [step],
        description="Une demande",
        notified_events=["workflowFinished", "recipientRefused"],
        watchers=[{"email": CAROL.email, "notifiedEvents": ["workflowFinished"]}],
        allow_consolidation=True,
        metadata={"data1": "42", "data16": "été"},
        comanager_notified_events=["workflowStopped"],
        expect=lambda said: said["workflow_id"].startswith("wfl_") and said["status"] == "draft",
    )
    return str(made["workflow_id"])


def _upload(goodflag: Any, platform: Platform, workflow: str, walked: Walk) -> None:
    profile, _ = choices(platform)
    walked.call(
        "upload_document",
        goodflag.upload_document,
        workflow,
        pdfs.contract(),
        "contrat.pdf",
        signature_profile_id=profile,
        expect=lambda said: said["document_id"].startswith("doc_") and _names(said) == ["contrat.pdf"],
    )
    several = [
        {"content": pdfs.invoice(number), "filename": f"Facture n° {number}.pdf", "signature_profile_id": profile}
        for number in (1, 2)
    ]
    walked.call(
        "upload_documents",
        goodflag.upload_documents,
        workflow,
        several,
        expect=lambda said: _names(said) == [each["filename"] for each in several] and len(said["documents"]) == 2,
    )
    attached = walked.call(
        "upload_document, attached",
        goodflag.upload_document,
        workflow,
        pdfs.invoice(),
        "été.pdf",  # HTTP leaves open what a raw é in a header is (RFC 9110 §5.5): any name will do
        expect=lambda said: said["documents"][0]["signatureProfileId"] is None,
    )
    walked.call(
        "get_document_viewer_url",
        goodflag.get_document_viewer_url,
        attached["document_id"],
        redirect_url=platform.url,
        expect=lambda said: httpx2.get(said["viewer_url"], follow_redirects=True).is_success,
    )


def _sign(goodflag: Any, platform: Platform, workflow: str, walked: Walk) -> None:
    before = newest(platform, BOB)
    walked.call("start_workflow", goodflag.start_workflow, workflow, expect=lambda said: said["status"] == "started")
    walked.call(
        "get_workflow",
        goodflag.get_workflow,
        workflow,
        expect=lambda said: (
            said["normalized_status"] == "started"
            and said["current_recipient_emails"] == [BOB.email]
            and (said["data1"], said["data16"]) == ("42", "été")
            and said["started"] >= said["created"]
            and said["steps"][0]["isStarted"]
        ),
    )
    walked.call(
        "create_invite",
        goodflag.create_invite,
        workflow,
        BOB.email,
        BOB.phone_number,
        expect=lambda said: "/invite?token=" in said["invite_url"] and _opens(said["invite_url"]),
    )
    walked.call(
        "send_invite", goodflag.send_invite, workflow, BOB.email, expect=lambda said: said["workflow_id"] == workflow
    )
    await_that(lambda: newest(platform, BOB) >= before + 2)  # both invitations are there
    visitor.sign(platform, BOB, after=before)
    await_that(lambda: goodflag.get_workflow(workflow)["status"] == "finished")


def _fetch(goodflag: Any, workflow: str, walked: Walk) -> None:
    """What the signed workflow is, and gives."""
    walked.call(
        "get_workflow, finished",
        goodflag.get_workflow,
        workflow,
        expect=lambda said: (said["normalized_status"], said["progress"]) == ("finished", 100) and said["finished"],
    )
    for way, streaming in (("", False), (", streamed", True)):
        walked.call(
            f"download_documents{way}",
            goodflag.download_documents,
            workflow,
            streaming=streaming,
            expect=lambda said: said["content_type"] == "application/zip" and _signatures(said) == [1, 1, 1],
        )
        walked.call(
            f"download_evidence_certificate{way}",
            goodflag.download_evidence_certificate,
            workflow,
            streaming=streaming,
            expect=lambda said: evidence.read(_content(said)).reference == workflow,
        )
    walked.call(
        "search_workflows",
        goodflag.search_workflows,
        "Demande",
        filters={"items.workflowStatus": "finished"},
        expect=lambda said: [each["id"] for each in said["items"]] == [workflow] and said["totalItems"] == 1,
    )
    walked.call(
        "archive_workflow", goodflag.archive_workflow, workflow, expect=lambda said: said["status"] == "archived"
    )


def _read_again(goodflag: Any, event: dict[str, Any], walked: Walk) -> None:
    """The connector believes what it was told once it has read it through the API."""
    walked.call(
        f"get_webhook_event, {event['eventType']}",
        goodflag.get_webhook_event,
        event["id"],
        expect=lambda said: {name: said[name] for name in event} == event,
    )


def _stop(goodflag: Any, platform: Platform, walked: Walk) -> None:
    profile, consent = choices(platform)
    step = {"stepType": "approval", "recipients": [recipient(BOB, consentPageId=consent)], "maxInvites": 0}
    made = goodflag.create_workflow(platform.account.user_id, "À annuler", [step])["workflow_id"]
    goodflag.upload_document(made, pdfs.invoice(), "facture.pdf", signature_profile_id=profile)
    goodflag.start_workflow(made)
    walked.call("stop_workflow", goodflag.stop_workflow, made, expect=lambda said: said["status"] == "stopped")
    walked.call(
        "get_workflow, stopped",
        goodflag.get_workflow,
        made,
        expect=lambda said: said["normalized_status"] == "refused" and said["stopped"],
    )


def _refuse(walked: Walk, kind: str, act: Any, *given: Any) -> None:
    """A refusal is the exception that the connector tells its caller of."""

    def refused() -> Any:
        try:
            return act(*given)
        except Exception as fault:  # noqa: BLE001  it is what is looked at
            return type(fault).__name__, fault.response_data  # type: ignore[attr-defined]

    walked.call(
        f"refused with {kind}",
        refused,
        expect=lambda said: said[0] == kind and said[1]["message"] and said[1]["code"],
    )


def _names(said: dict[str, Any]) -> list[str]:
    return [part["filename"] for part in said["parts"]]


def _opens(address: str) -> bool:
    with visitor.Visitor() as browser:
        return "<form" in browser.open(address)


def _content(said: dict[str, Any]) -> bytes:
    return bytes(said["response"].content if "response" in said else said["content"])


def _signatures(said: dict[str, Any]) -> list[int]:
    """How many each signed document of a ZIP carries; whether attachments come along, the reference leaves open."""
    with zipfile.ZipFile(io.BytesIO(_content(said))) as container:
        found = [len(pades.read(container.read(name))) for name in container.namelist()]
    return [each for each in found if each]


def _register(platform: Platform, listener: Listener) -> None:
    """As administrators do once, for the connector."""
    with api(platform) as http:
        tenant = http.get("users/me").json()["tenantId"]
        body = {"isGlobal": True, "endpointUrl": listener.url, "notifiedEvents": []}
        http.post(f"tenants/{tenant}/webhooks", json=body).raise_for_status()
