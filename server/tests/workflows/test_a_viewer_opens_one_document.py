"""A viewer's link: one document, for a while, for whoever has it; blocks are placed while it is a draft."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.config.options import options
from paraph_server.web import tokens
from paraph_server.workflows import viewers
from paraph_server.workflows.models import Document
from paraph_testing import pdfs
from paraph_testing.cast import BOB

GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}
PLACE = {"signer-1-page": 2, "signer-1-x": 20, "signer-1-y": "30.5", "signer-1-width": 60, "signer-1-height": 25}


@pytest.fixture
def document(api: Any, draft: Callable[..., dict[str, Any]]) -> str:
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    query = urlencode({"signatureProfileId": profile})
    answer = api.upload(draft(GUEST)["id"], pdfs.contract(2), QUERY_STRING=query)
    return str(answer.json()["documents"][0]["id"])


@pytest.fixture
def link(api: Any, document: str) -> Callable[..., Any]:
    def link(**body: Any) -> Any:
        return api("POST", f"documents/{document}/viewer", body)

    return link


def opened(answer: Any) -> Client:
    client = Client(headers={"accept": "text/html"})
    there = client.get(answer.json()["viewerUrl"].removeprefix(options().public_url))
    assert there.status_code == 302
    assert "token" not in there.headers["Location"]
    return client


def test_whoever_has_the_link_reads_the_document(link: Any, document: str) -> None:
    browser = opened(link())
    assert "Bob Durand" in browser.get(f"/viewer/{document}/").content.decode()
    assert browser.get(f"/viewer/{document}/pages/2").headers["Content-Type"] == "image/webp"
    assert b"".join(browser.get(f"/viewer/{document}/file").streaming_content) == pdfs.contract(2)  # type: ignore[attr-defined]


def test_nobody_else_does(link: Any, document: str, api: Any, draft: Any, mallorys_api: Any) -> None:
    other = api.upload(draft(GUEST)["id"], pdfs.invoice()).json()["documents"][0]["id"]
    browser = opened(link())
    assert browser.get(f"/viewer/{other}/").status_code == 404
    assert Client().get(f"/viewer/{document}/").status_code == 404
    assert Client().get("/viewer?token=e30.e30.e30").status_code == 404
    assert mallorys_api("POST", f"documents/{document}/viewer", {}).status_code == 404


def test_the_link_of_an_invitation_is_no_viewer(document: str) -> None:
    claims = {"sub": document, "ten": "ten_1", "usr": "usr_1", "back": ""}
    token = tokens.sign("invite", claims, at=timezone.now(), lasting=timedelta(hours=1))
    assert Client().get(f"/viewer?token={token}").status_code == 404


def test_blocks_are_placed_in_millimetres_and_kept_in_points(link: Any, document: str) -> None:
    answer = opened(link()).post(f"/viewer/{document}/", PLACE)
    assert answer.status_code == 200
    [field] = Document.objects.get(pk=document).signature_fields
    assert field == {
        "signer": 1,
        "imagePage": 2,
        "imageX": pytest.approx(56.69),
        "imageY": pytest.approx(86.46),
        "imageWidth": pytest.approx(170.08),
        "imageHeight": pytest.approx(70.87),
    }


def test_no_page_is_no_place(link: Any, document: str) -> None:
    browser = opened(link())
    browser.post(f"/viewer/{document}/", PLACE)
    browser.post(f"/viewer/{document}/", PLACE | {"signer-1-page": ""})
    assert Document.objects.get(pk=document).signature_fields == []


@pytest.mark.parametrize(
    "wrong",
    [{"signer-1-page": 3}, {"signer-1-x": 190}, {"signer-1-y": ""}, {"signer-1-width": 1}, {"signer-1-x": "nan"}],
)
def test_a_place_on_no_page_is_shown_again(link: Any, document: str, wrong: dict[str, Any]) -> None:
    answer = opened(link()).post(f"/viewer/{document}/", PLACE | wrong)
    assert answer.status_code == 422
    assert Document.objects.get(pk=document).signature_fields == []


def test_once_it_is_sent_it_is_only_read(link: Any, document: str, api: Any) -> None:
    browser = opened(link())
    workflow = Document.objects.get(pk=document).workflow_id
    assert api("PATCH", f"workflows/{workflow}", {"workflowStatus": "started"}).status_code == 200
    assert '<form method="post" id="places"' not in browser.get(f"/viewer/{document}/").content.decode()
    assert browser.post(f"/viewer/{document}/", PLACE).status_code == 409


# ---------------------------------------------------------------- until when, and back to where


def test_it_opens_for_an_hour_unless_said_otherwise(link: Any) -> None:
    now = timezone.now().timestamp() * 1000
    hour, day = 3_600_000, 24 * 3_600_000
    assert link().json()["expired"] == pytest.approx(now + hour, abs=20_000)
    assert link(expired=day).json()["expired"] == pytest.approx(now + day, abs=20_000)
    assert link(expired=int(now + day)).json()["expired"] == pytest.approx(now + day, abs=20_000)
    assert link(expired=10**18).json()["expired"] == pytest.approx(now + 90 * day, abs=20_000)


def test_afterwards_it_is_closed_to_whoever_opened_it(
    link: Any, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, later = opened(link()), timezone.now() + viewers.LASTS
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert browser.get(f"/viewer/{document}/").status_code == 404


@pytest.fixture
def crm(api: Any) -> None:
    tenant = api("GET", "users/me").json()["tenantId"]
    assert api("PATCH", f"tenants/{tenant}", {"allowedOrigins": ["https://crm.example.org"]}).status_code == 200


def test_it_leads_back_to_where_the_organisation_allows(link: Any, document: str, crm: None) -> None:
    browser = opened(link(redirectUrl="https://crm.example.org/deal/7?a=b"))
    page = browser.post(f"/viewer/{document}/", PLACE).content.decode()
    assert 'content="0;url=https://crm.example.org/deal/7?a=b"' in page


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://crm.example.org/",
        "https://crm.example.org:8443/",
        "https://crm.example.org@evil.example/",
        "https://crm.example.org\\@evil.example/",
        "javascript:alert(1)",
        "//evil.example",
        "https://[::1",
    ],
)
def test_it_leads_nowhere_else(link: Any, crm: None, url: str) -> None:
    answer = link(redirectUrl=url)
    assert answer.status_code == 400
    assert answer.json()["code"] in {"BadOrigin", "OriginNotAllowed"}


def test_it_leads_back_to_us(link: Any) -> None:
    for ours in (options().public_url, f"{options().public_url}/workflows/"):
        assert link(redirectUrl=ours).status_code == 200
    assert link(redirectUrl=f"{options().public_url}.example.org").status_code == 400
