"""A draft becomes a version that judges workflows; what was in force is kept as it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.models import Entry
from paraph_server.policies import actions, queries
from paraph_server.policies.errors import BadPolicy, DraftChanged
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Rule, Table
from paraph_testing.program import Program

Make = Callable[..., Rule]

ORDERS = {"name": "Orders", "when": {"amountFrom": 25000}, "requires": {"signatureLevel": "advanced"}}
SMALL = {"facts": {"amount": 100}, "signatureLevel": "simple"}


def test_a_draft_is_replaced_until_it_is_in_force(carols_api: Program, administrator: User) -> None:
    first = carols_api("PUT", "signaturePolicies/draft", {"rules": [ORDERS], "examples": [SMALL]})
    assert first.status_code == 200, first.content
    assert first.json()["examples"] == [
        {"facts": {"amount": 100.0, "currency": "EUR"}, "signatureLevel": "simple", "holds": True}
    ]
    assert first.json()["rules"][0]["when"] == {"amountFrom": 25000.0, "currency": "EUR"}
    assert carols_api("GET", "signaturePolicies/current").status_code == 404
    second = carols_api("PUT", "signaturePolicies/draft", {"rules": [ORDERS, {**ORDERS, "name": "All", "when": {}}]})
    assert (second.json()["id"], second.json()["number"]) == (first.json()["id"], 1)
    enforced = carols_api("POST", "signaturePolicies/draft/enforce", {})
    assert enforced.status_code == 200, enforced.content
    assert carols_api("GET", "signaturePolicies/current").json()["id"] == first.json()["id"]
    assert carols_api("GET", "signaturePolicies/draft").status_code == 404
    third = carols_api("PUT", "signaturePolicies/draft", {"rules": []})
    assert third.json()["number"] == 2
    assert [each["number"] for each in carols_api("GET", "signaturePolicies").json()["items"]] == [2, 1]
    events = Entry.objects.filter(event__startswith="policy:").order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["policy:written", "policy:written", "policy:enforced", "policy:written"]


def test_what_its_examples_contradict_does_not_come_into_force(carols_api: Program) -> None:
    wrong = {**SMALL, "signatureLevel": "qualified"}
    written = carols_api("PUT", "signaturePolicies/draft", {"rules": [ORDERS], "examples": [SMALL, wrong]}).json()
    assert [each["holds"] for each in written["examples"]] == [True, False]
    refused = carols_api("POST", "signaturePolicies/draft/enforce", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "PolicyExamplesFail")
    assert refused.json()["examples"] == "2"


def test_it_judges_from_the_moment_that_was_chosen(rule: Make, in_force: Any, by_carol: dict[str, Any]) -> None:
    now = by_carol["at"]
    old = in_force(rule("Old"))
    actions.write(Table((rule("New"),)), (), **by_carol)
    new = actions.enforce(since=now + timedelta(days=30), **by_carol)
    at = {day: queries.in_force(old.tenant_id, now + timedelta(days=day)) for day in (-1, 0, 29, 30)}
    assert at == {-1: None, 0: old, 29: old, 30: new}
    actions.write(Table(), (), **by_carol)
    with pytest.raises(BadPolicy):
        actions.enforce(since=now - timedelta(seconds=1), **by_carol)


def test_two_people_do_not_overwrite_each_other(rule: Make, by_carol: dict[str, Any]) -> None:
    seen = actions.write(Table(), (), revision=0, **by_carol).revision
    actions.write(Table((rule("Mine"),)), (), revision=seen, **by_carol)
    with pytest.raises(DraftChanged):
        actions.write(Table((rule("Yours"),)), (), revision=seen, **by_carol)
    with pytest.raises(DraftChanged):
        actions.enforce(revision=seen, **by_carol)


def test_there_is_one_draft_whatever_happens_at_the_same_time(by_carol: dict[str, Any]) -> None:
    draft = actions.write(Table(), (), **by_carol)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(
            tenant_id=draft.tenant_id,
            number=9,
            content={},
            expected=[],
            created_at=timezone.now(),
            updated_at=timezone.now(),
        )


@pytest.mark.parametrize(
    "rules",
    [
        [ORDERS, ORDERS],
        [{**ORDERS, "name": "line\nbreak"}],
        [{**ORDERS, "name": "   "}],
        [{**ORDERS, "name": f"rule {number}"} for number in range(101)],
        [{**ORDERS, "requires": {"signatureLevel": "strong"}}],
        [{**ORDERS, "when": {"amountFrom": -1}}],
        [{**ORDERS, "when": {"crossBorder": False}}],
    ],
)
def test_what_cannot_be_judged_by_is_refused(carols_api: Program, rules: list[dict[str, Any]]) -> None:
    assert carols_api("PUT", "signaturePolicies/draft", {"rules": rules}).status_code in {400, 422}


def test_only_administrators_write(bob: User, program: Callable[..., Program], carols_api: Program) -> None:
    bobs_api = program(bob)
    assert bobs_api("PUT", "signaturePolicies/draft", {"rules": []}).status_code == 403
    carols_api("PUT", "signaturePolicies/draft", {"rules": [ORDERS]})
    assert bobs_api("POST", "signaturePolicies/draft/enforce", {}).status_code == 403
    assert bobs_api("DELETE", "signaturePolicies/draft").status_code == 403
    carols_api("POST", "signaturePolicies/draft/enforce", {})
    assert bobs_api("GET", "signaturePolicies/current").status_code == 200


def test_a_draft_is_thrown_away(carols_api: Program) -> None:
    assert carols_api("DELETE", "signaturePolicies/draft").status_code == 404
    carols_api("PUT", "signaturePolicies/draft", {"rules": []})
    assert carols_api("DELETE", "signaturePolicies/draft").status_code == 204
    assert carols_api("GET", "signaturePolicies").json()["items"] == []


def test_programs_ask_what_it_says(rule: Make, in_force: Callable[..., PolicyVersion], api: Program) -> None:
    version = in_force(rule("Abroad", "qualified", cross_border=True), rule("All"))
    asked = f"signaturePolicies/{version.pk}/judgement"
    answer = api("GET", f"{asked}?crossBorder=false").json()
    assert answer["requires"]["signatureLevels"] == ["advanced"]
    assert answer["decidedBy"] == [{"rule": "All", "requirements": ["signatureLevels"]}]
    assert api("GET", asked).json()["requires"]["signatureLevels"] == ["qualified"]
    assert api("GET", f"{asked}?amount=lots").status_code == 400


def test_the_adviser_knows_the_organisations_policy(
    rule: Make, in_force: Callable[..., PolicyVersion], api: Program
) -> None:
    harmless = "documentKind=contract&amount=0&counterparty=known&person=legal&crossBorder=false&regulatedAct=false"
    before = api("GET", f"adviser?{harmless}").json()
    assert (before["signatureLevel"], before["policyRequires"]) == ("simple", None)
    in_force(rule("All", "qualified"))
    after = api("GET", f"adviser?{harmless}").json()
    assert after["policyRequires"]["requires"]["signatureLevels"] == ["qualified"]


def test_ready_made_policies_can_be_taken_over(carols_api: Program) -> None:
    ready = carols_api("GET", "signaturePolicies/ready").json()["items"]
    assert [each["id"] for each in ready] == ["staff", "purchasing", "commerce", "public", "insurance"]
    for each in ready:
        examples = [{"facts": one["facts"], "signatureLevel": one["signatureLevel"]} for one in each["examples"]]
        body = {"rules": each["rules"], "examples": examples}
        written = carols_api("PUT", "signaturePolicies/draft", body)
        assert written.status_code == 200, written.content
        assert all(one["holds"] for one in written.json()["examples"])
        assert written.json()["rules"] == each["rules"]


def test_mallory_sees_nothing_of_it(
    rule: Make, in_force: Callable[..., PolicyVersion], mallory: User, mallorys_api: Program
) -> None:
    version = in_force(rule("All"))
    assert mallorys_api("GET", f"signaturePolicies/{version.pk}").status_code == 404
    assert mallorys_api("GET", "signaturePolicies").json()["items"] == []
    with tenant_context(mallory.tenant):
        assert not PolicyVersion.objects.exists()
