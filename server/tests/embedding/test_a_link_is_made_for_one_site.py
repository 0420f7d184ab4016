"""`POST /api/workflows/{id}/invite` with `embedOrigin` and `redirectUrl`."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from paraph_server.workflows import invites
from paraph_server.workflows.errors import BadInvitation
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import BOB


def ask(api: Any, workflow: Workflow, **more: str) -> Any:
    return api("POST", f"workflows/{workflow.pk}/invite", {"recipientEmail": BOB.email, **more})


def test_it_names_the_site_and_lasts_a_day(api: Any, workflow: Workflow, bob: Recipient, shop: str) -> None:
    answer = ask(api, workflow, embedOrigin=f"{shop}/", redirectUrl=f"{shop}/orders/7?x=1")
    [token] = parse_qs(urlsplit(answer.json()["inviteUrl"]).query)["token"]
    expected = invites.Invite(bob.tenant_id, bob.pk, shop, f"{shop}/orders/7?x=1")
    assert invites.read(token, at=timezone.now()) == expected
    with pytest.raises(BadInvitation):
        invites.read(token, at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize(
    "more",
    [
        {"embedOrigin": "https://evil.example"},
        {"embedOrigin": "https://shop.example.org:444"},
        {"embedOrigin": "*"},
        {"redirectUrl": "https://evil.example/orders/7"},
        {"redirectUrl": "https://shop.example.org.evil.example/"},
        {"redirectUrl": "https://shop.example.org@evil.example/"},
        {"redirectUrl": "https://evil.example\\@shop.example.org/"},
        {"redirectUrl": "//shop.example.org/"},
        {"redirectUrl": "/orders/7"},
        {"redirectUrl": "http://shop.example.org/"},
        {"redirectUrl": "javascript:alert(1)"},
    ],
)
def test_no_other_site_gets_one(api: Any, workflow: Workflow, shop: str, more: dict[str, str]) -> None:
    answer = ask(api, workflow, **more)
    assert (answer.status_code, answer.json()["code"]) in {(400, "OriginNotAllowed"), (400, "BadOrigin")}


def test_another_organisations_site_is_not_ours(api: Any, workflow: Workflow, mallorys_api: Any) -> None:
    tenant = mallorys_api("GET", "users/me").json()["tenantId"]
    mallorys_api("PATCH", f"tenants/{tenant}", {"allowedOrigins": ["https://evil.example"]})
    assert ask(api, workflow, embedOrigin="https://evil.example").status_code == 400
