"""What the reference page of the API tells and neither client calls: pieces, joint acts, refusals, people."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.demo import Platform

from conformance.clients.walk import Walk, api, choices, recipient


def walk(platform: Platform, walked: Walk) -> None:
    """With plain requests, of our own."""
    with api(platform) as http:
        _pieces(http, _draft(http, platform), choices(platform)[0], walked)
        _invited(http, platform, walked)
        _people(http, platform, walked)


def _pieces(http: httpx2.Client, workflow: str, profile: str, walked: Walk) -> None:
    """A file in two blobs, and a document of a part that was uploaded before."""
    pdf = pdfs.contract()
    digest = base64.b64encode(hashlib.sha256(pdf).digest()).decode()
    binary = {"Content-Type": "application/octet-stream"}
    half = len(pdf) // 2
    blobs = [
        walked.call(
            "POST workflows/{}/blobs",
            _json(http, "POST", f"workflows/{workflow}/blobs", content=piece, headers=binary),
            expect=lambda said: said["id"].startswith("blb_") and said["size"] and said["hash"],
        )
        for piece in (pdf[:half], pdf[half:])
    ]
    part = {"blobs": [each["id"] for each in blobs], "contentType": "application/pdf", "filename": "Contrat été.pdf"}
    wish = {"createDocuments": "true", "signatureProfileId": profile}
    walked.call(
        "POST workflows/{}/blobs/parts",
        _json(http, "POST", f"workflows/{workflow}/blobs/parts", params=wish, json={"parts": [part]}),
        expect=lambda said: (
            (said["parts"][0]["hash"], said["documents"][0]["parts"][0]["filename"]) == (digest, part["filename"])
        ),
    )
    disposition = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="later.pdf"'}
    later = walked.call(
        "POST workflows/{}/parts, no documents",
        _json(
            http,
            "POST",
            f"workflows/{workflow}/parts",
            params={"createDocuments": "false"},
            content=pdfs.invoice(),
            headers=disposition,
        ),
        expect=lambda said: not said["documents"] and said["parts"][0]["filename"] == "later.pdf",
    )
    field = {"imagePage": -1, "imageX": 60, "imageY": 640, "imageWidth": 200, "imageHeight": 80}
    body = {"parts": later["parts"], "signatureProfileId": profile, "pdfSignatureFields": [field]}
    made = walked.call(
        "POST workflows/{}/documents",
        _json(http, "POST", f"workflows/{workflow}/documents", json=body),
        expect=lambda said: said["id"].startswith("doc_") and said["parts"] == later["parts"],
    )
    walked.call(
        "GET documents/{}/parts/{}",
        lambda: http.get(f"documents/{made['id']}/parts/{later['parts'][0]['hash']}").raise_for_status().content,
        expect=lambda said: said == pdfs.invoice(),
    )


def _invited(http: httpx2.Client, platform: Platform, walked: Walk) -> None:
    """A recipient's token signs several workflows at once, and refuses one."""
    workflows = [_draft(http, platform) for _ in range(2)]
    for each in workflows:
        document = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="a.pdf"'}
        wish = {"createDocuments": "true", "signatureProfileId": choices(platform)[0]}
        http.post(f"workflows/{each}/parts", params=wish, content=pdfs.invoice(), headers=document).raise_for_status()
        http.patch(f"workflows/{each}", json={"workflowStatus": "started"}).raise_for_status()
    invited = http.post(f"workflows/{workflows[0]}/invite", json={"recipientEmail": BOB.email}).json()["inviteUrl"]
    [token] = parse_qs(urlsplit(invited).query)["token"]
    as_bob = {"Authorization": f"Bearer {token}"}
    walked.call(
        "POST requests/",
        _json(http, "POST", "requests/", json={"workflows": workflows}, headers=as_bob),
        expect=lambda said: (
            said["id"].startswith("req_")
            and said["consentPageUrl"].endswith(f"#requestId={said['id']}")
            and [each["workflowId"] for each in said["steps"]] == workflows
            and httpx2.get(said["consentPageUrl"], follow_redirects=True).is_success
        ),
    )
    walked.call(
        "POST workflows/{}/refuse",
        _json(http, "POST", f"workflows/{workflows[0]}/refuse", headers=as_bob),
        expect=lambda said: said["workflowStatus"] == "stopped",
    )
    walked.call(
        "GET workflows/{}, refused",
        _json(http, "GET", f"workflows/{workflows[0]}"),
        expect=lambda said: "refuse" in [each["operation"] for each in said["steps"][0]["logs"]],
    )


def _people(http: httpx2.Client, platform: Platform, walked: Walk) -> None:
    me = http.get("users/me").json()
    person = {"groupId": me["groupId"], "email": "dan@example.org", "firstName": "Dan", "lastName": "Roux"}
    made = walked.call(
        "POST tenants/{}/users",
        _json(http, "POST", f"tenants/{me['tenantId']}/users", json=person | {"phoneNumber": "+33639980105"}),
        expect=lambda said: said["id"].startswith("usr_") and said["email"] == person["email"],
    )
    walked.call(
        "PATCH workflows/{}, userId",
        _json(http, "PATCH", f"workflows/{_draft(http, platform)}", json={"userId": made["id"]}),
        expect=lambda said: said["userId"] == made["id"],
    )
    walked.call(
        "GET users",
        _json(http, "GET", "users", params={"text": "dan", "items.isDisabled": "false", "sortBy": "items.lastName"}),
        expect=lambda said: [each["id"] for each in said["items"]] == [made["id"]],
    )
    walked.call(
        "GET contacts", _json(http, "GET", "contacts", params={"text": ""}), expect=lambda said: "items" in said
    )
    walked.call(
        "POST users/{}/accessTokens",
        _json(
            http, "POST", f"users/{me['id']}/accessTokens", json={"name": "x", "authorizedIpRanges": ["127.0.0.0/8"]}
        ),
        expect=lambda said: any(str(each).startswith("act_") and "." in str(each) for each in said.values()),
    )


def _draft(http: httpx2.Client, platform: Platform) -> str:
    step = {
        "stepType": "signature",
        "recipients": [recipient(BOB, consentPageId=choices(platform)[1])],
        "maxInvites": 0,
    }
    made = http.post(f"users/{platform.account.user_id}/workflows", json={"name": "Contrat", "steps": [step]})
    return str(made.raise_for_status().json()["id"])


def _json(http: httpx2.Client, method: str, path: str, **what: Any) -> Any:
    """A call to be made, whose answer is JSON and whose status is 200, also for what was created."""

    def call() -> Any:
        answer = http.request(method, path, **what)
        if answer.status_code != httpx2.codes.OK:
            raise ValueError(f"{answer.status_code} {answer.text}")
        return answer.json()

    return call
