"""The return by redirect, and what the site may believe of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import Tenant
from paraph_server.embedding import actions
from paraph_server.journal.actions import Actor
from paraph_server.signing import returns
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import invites
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import BOB, CAROL, Person

Find = Callable[[Workflow, Person], Recipient]


def browser(recipient: Recipient, return_to: str) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.get(f"/invite?token={invites.token(recipient, return_to=return_to, at=timezone.now())}")
    return client


def come_back(client: Client, recipient: Recipient) -> tuple[str, dict[str, str]]:
    """Where the signer is sent, and what the address says."""
    answer = client.get(f"/signing/{recipient.pk}/return")
    assert answer.status_code == 302
    where, _, query = answer.headers["Location"].partition("?")
    return where, {name: value for name, [value] in parse_qs(query).items()}


def redeem(api: Any, workflow: Workflow, code: str) -> Any:
    return api("POST", f"workflows/{workflow.pk}/return", {"code": code})


def test_who_has_signed_is_sent_back_with_a_code_that_says_so(
    api: Any, workflow: Workflow, bob: Recipient, shop: str, sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    client = browser(bob, f"{shop}/orders/7?x=1")
    sign(bob)
    run_jobs()
    assert "shop.example.org" in client.get(f"/signing/{bob.pk}/").content.decode()
    where, said = come_back(client, bob)
    assert (where, said["x"], said["workflowId"], said["outcome"]) == (f"{shop}/orders/7", "1", workflow.pk, "signed")
    statement = redeem(api, workflow, said["code"]).json()
    assert (
        statement.items()
        >= {
            "workflowId": workflow.pk,
            "recipientId": bob.pk,
            "outcome": "signed",
        }.items()
    )
    assert redeem(api, workflow, said["code"]).json() == statement, "an answer may get lost"


def test_who_refuses_is_sent_back_and_so_is_who_leaves(api: Any, workflow: Workflow, bob: Recipient, shop: str) -> None:
    client = browser(bob, f"{shop}/orders/7")
    _, left = come_back(client, bob)
    assert redeem(api, workflow, left["code"]).json()["outcome"] == "pending"
    page = client.post(f"/signing/{bob.pk}/refuse", {"reason": "Too dear"}, follow=True)
    assert f"/signing/{bob.pk}/return" in page.content.decode()
    _, refused = come_back(client, bob)
    statement = redeem(api, workflow, refused["code"]).json()
    assert (statement["outcome"], statement["workflowStatus"]) == ("refused", "stopped")


def test_a_forged_or_old_code_proves_nothing(api: Any, workflow: Workflow, bob: Recipient) -> None:
    at = timezone.now()
    old = returns.code(bob, at=at - returns.LASTS)
    header, _, signature = returns.code(bob, at=at).split(".")
    forged = f"{header}.eyJvdXQiOiJzaWduZWQifQ.{signature}"
    for code in (old, forged, invites.token(bob, at=at), "", "signed", "x" * 2001):
        assert redeem(api, workflow, code).status_code == 400
    assert redeem(api, workflow, returns.code(bob, at=at - returns.LASTS + timedelta(minutes=1))).status_code == 200


def test_the_code_of_one_order_pays_no_other(
    api: Any, workflow: Workflow, send: Callable[..., Workflow], recipient: Find
) -> None:
    other = send(BOB)
    code = returns.code(recipient(other, BOB), at=timezone.now())
    assert redeem(api, workflow, code).json()["code"] == "BadReturn"


def test_a_code_is_no_invitation(bob: Recipient, client: Client) -> None:
    assert client.get(f"/invite?token={returns.code(bob, at=timezone.now())}").status_code == 404


def test_mallory_cannot_redeem(mallorys_api: Any, workflow: Workflow, bob: Recipient) -> None:
    assert redeem(mallorys_api, workflow, returns.code(bob, at=timezone.now())).status_code == 404


def test_nobody_is_sent_to_a_site_that_is_no_longer_allowed(
    bob: Recipient, shop: str, tenant: Tenant, by_alice: Actor
) -> None:
    client = browser(bob, f"{shop}/orders/7")
    actions.allow_origins(tenant.pk, [], by=by_alice, at=timezone.now())
    assert client.get(f"/signing/{bob.pk}/return").status_code == 400


@pytest.mark.parametrize(
    "query", ["?next=https://evil.example", "?return=//evil.example", "?redirectUrl=//evil.example"]
)
def test_the_address_bar_decides_nothing(bob: Recipient, shop: str, query: str) -> None:
    answer = browser(bob, f"{shop}/orders/7").get(f"/signing/{bob.pk}/return{query}")
    assert answer.headers["Location"].startswith(f"{shop}/orders/7?")


def test_without_a_site_there_is_nowhere_to_go_back_to(bob: Recipient) -> None:
    client = browser(bob, "")
    assert client.get(f"/signing/{bob.pk}/return").status_code == 400
    assert "/return" not in client.get(f"/signing/{bob.pk}/").content.decode()


def test_an_ordinary_link_opened_afterwards_leads_nowhere_back(bob: Recipient, shop: str) -> None:
    client = browser(bob, f"{shop}/orders/7")
    client.get(f"/invite?token={invites.token(bob, at=timezone.now())}")
    assert client.get(f"/signing/{bob.pk}/return").status_code == 400


def test_the_return_is_the_recipients_own(
    send: Callable[..., Workflow], recipient: Find, shop: str, workflow: Workflow, bob: Recipient
) -> None:
    carol = recipient(send(CAROL), CAROL)
    assert browser(carol, f"{shop}/x").get(f"/signing/{bob.pk}/return").status_code == 404


def test_a_fragment_stays_behind_what_is_added(bob: Recipient, shop: str) -> None:
    location = returns.address(bob, f"{shop}/#/orders/7", at=timezone.now())
    parts = urlsplit(location)
    assert (parts.path, parts.fragment) == ("/", "/orders/7")
    assert "code=" in parts.query


def test_a_workflow_that_was_stopped_says_so(api: Any, workflow: Workflow, bob: Recipient, by_alice: Actor) -> None:
    code = returns.code(bob, at=timezone.now())
    workflows.stop(workflow, by=by_alice, at=timezone.now())
    assert redeem(api, workflow, code).json()["workflowStatus"] == "stopped"
