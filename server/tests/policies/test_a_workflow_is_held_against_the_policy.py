"""What is below the organisation's signature policy does not start, unless somebody entitled says why it may."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.evidence.records import record
from paraph_server.journal.actions import PLATFORM
from paraph_server.journal.models import Entry
from paraph_server.policies import actions as policy
from paraph_server.policies.facts import DocumentKind
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Condition, Requirements, Rule, Table
from paraph_server.workflows.actions import give_seal
from paraph_server.workflows.models import ConsentPage, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.program import Program

Make = Callable[..., Rule]
Enforce = Callable[..., PolicyVersion]
GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name, "phoneNumber": BOB.phone_number}


@pytest.fixture
def draft(api: Program) -> Callable[..., str]:
    """A draft of Alice's for Bob, with a document; its id."""

    def draft(person: dict[str, Any] = GUEST, **more: Any) -> str:
        steps = [{"stepType": "signature", "recipients": [person]}]
        made = api("POST", f"users/{api.user_id}/workflows", {"name": "Contract 42", "steps": steps, **more})
        assert made.status_code == 200, made.content
        profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
        path = f"workflows/{made.json()['id']}/parts?createDocuments=true&signatureProfileId={profile}"
        assert api.send("POST", path, pdfs.invoice(), content_type="application/pdf").status_code == 200
        return str(made.json()["id"])

    return draft


@pytest.fixture
def start(api: Program) -> Callable[..., Any]:
    def start(workflow: str, **more: Any) -> Any:
        return api("PATCH", f"workflows/{workflow}", {"workflowStatus": "started", **more})

    return start


def entitle(user: User) -> None:
    user.group.rights = [*user.group.rights, "overridePolicy"]
    user.group.save()


def test_a_workflow_below_the_policy_is_refused(
    rule: Make, in_force: Enforce, strong: ConsentPage, draft: Callable[..., str], start: Callable[..., Any]
) -> None:
    version = in_force(rule("All contracts"), rule("Abroad", "qualified", cross_border=True))
    workflow = draft()
    refused = start(workflow)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "BelowSignaturePolicy")
    assert problem["rules"] == ["All contracts"]
    assert problem["signatureLevels"] == ["advanced"]
    assert strong.pk in problem["consentPageIds"]
    assert ConsentPage.objects.get(means=["email-code"]).pk not in problem["consentPageIds"]
    assert problem["signaturePolicyId"] == version.pk
    for word in ("All contracts", "advanced", BOB.last_name, strong.name):
        assert word in problem["detail"]
    found = Workflow.objects.get(pk=workflow)
    assert (found.started_at, found.policy_id) == (None, None)
    assert not Entry.objects.filter(event="recipient:invited").exists()


def test_what_does_what_it_asks_starts_and_remembers_the_version(
    rule: Make,
    in_force: Enforce,
    strong: ConsentPage,
    draft: Callable[..., str],
    start: Callable[..., Any],
    api: Program,
) -> None:
    old = in_force(rule("All contracts"))
    workflow = draft({**GUEST, "consentPageId": strong.pk})
    asked = api("GET", f"workflows/{workflow}/signaturePolicy").json()
    assert (asked["id"], asked["recipientIds"]) == (old.pk, [])
    assert strong.pk in asked["consentPageIds"]
    started = start(workflow)
    assert started.status_code == 200, started.content
    in_force(rule("Everything", "qualified"))
    judged = api("GET", f"workflows/{workflow}").json()["signaturePolicy"]
    assert (judged["id"], judged["requires"]["signatureLevels"]) == (old.pk, ["advanced"])
    assert judged["decidedBy"] == [{"rule": "All contracts", "requirements": ["signatureLevels"]}]
    assert api("GET", f"workflows/{workflow}/signaturePolicy").json()["id"] == old.pk
    entry = Entry.objects.get(subject=workflow, event="workflow:policy-met")
    assert entry.payload.details["policy"] == old.pk


def test_facts_come_from_the_workflow_and_its_sender(
    rule: Make, in_force: Enforce, draft: Callable[..., str], start: Callable[..., Any], api: Program
) -> None:
    in_force(
        rule("Contracts of staff", filing_class="RH/Contrats"),
        rule("Much money", amount_from=Decimal(1000), currency="EUR"),
        rule("Tenders", document_kind=DocumentKind.TENDER),
        rule("Strangers", unknown_counterparty=True),
        rule("Abroad", cross_border=True),
        rule("Several", signers_from=2),
    )
    harmless = {
        "filingClass": "Divers",
        "amount": 10,
        "policyFacts": {"documentKind": "order", "counterparty": "known"},
    }
    assert start(draft(**harmless)).status_code == 200
    for change, why in (
        ({"filingClass": "rh/contrats/2026"}, "Contracts of staff"),
        ({"amount": 1000}, "Much money"),
        ({"policyFacts": {"documentKind": "tender", "counterparty": "known"}}, "Tenders"),
        ({"policyFacts": {"documentKind": "order"}}, "Strangers"),
        ({"policyFacts": {**harmless["policyFacts"], "crossBorder": True}}, "Abroad"),  # type: ignore[dict-item]
    ):
        assert start(draft(**{**harmless, **change})).json()["rules"] == [why]
    abroad = draft({**GUEST, "country": "BE"}, **harmless)
    assert start(abroad).json()["rules"] == ["Abroad"]
    declared = api("PATCH", f"workflows/{abroad}", {"policyFacts": {"documentKind": "order"}}).json()["policyFacts"]
    assert declared == {"documentKind": "order"}
    assert start(abroad).json()["rules"] == ["Strangers", "Abroad"]


def test_colleagues_are_known(
    rule: Make, in_force: Enforce, draft: Callable[..., str], start: Callable[..., Any], bob: User
) -> None:
    in_force(rule("Strangers", unknown_counterparty=True))
    assert start(draft()).status_code == 422
    assert start(draft({"userId": bob.pk})).status_code == 200


def test_somebody_entitled_overrides_it_and_says_why(
    rule: Make,
    in_force: Enforce,
    draft: Callable[..., str],
    start: Callable[..., Any],
    alice: User,
    api: Program,
) -> None:
    in_force(rule("All contracts", "qualified"))
    workflow = draft()
    refused = start(workflow, policyOverrideReason="The customer signs at our counter.")
    assert (refused.status_code, refused.json()["code"]) == (403, "NotPermitted")
    entitle(alice)
    assert start(workflow, policyOverrideReason="  ").json()["code"] == "ReasonMissing"
    started = start(workflow, policyOverrideReason="The customer signs at our counter.")
    assert started.status_code == 200, started.content
    shown = started.json()
    assert shown["signaturePolicy"]["overrideReason"] == "The customer signs at our counter."
    assert "overridePolicy" in [each["operation"] for each in shown["logs"]]
    told = Entry.objects.get(subject=workflow, event="workflow:policy-overridden")
    assert told.actor_id == alice.pk
    assert told.payload.details["reason"] == "The customer signs at our counter."
    assert told.payload.details["rules"] == ["All contracts"]


def test_a_signer_learns_nothing_of_the_override(
    rule: Make, in_force: Enforce, draft: Callable[..., str], start: Callable[..., Any], alice: User, recipient: Any
) -> None:
    from paraph_server.workflows import shapes  # noqa: PLC0415  models need Django set up

    in_force(rule("All contracts", "qualified"))
    entitle(alice)
    workflow = draft()
    start(workflow, policyOverrideReason="A secret reason")
    found = Workflow.objects.get(pk=workflow)
    assert "A secret reason" not in str(shapes.seen_by(found, recipient(found, BOB)))


def test_nobody_slips_in_after_the_start(
    rule: Make,
    in_force: Enforce,
    strong: ConsentPage,
    draft: Callable[..., str],
    start: Callable[..., Any],
    api: Program,
) -> None:
    in_force(rule("All contracts"))
    workflow = draft({**GUEST, "consentPageId": strong.pk})
    assert start(workflow).status_code == 200
    dan = {"email": "dan@example.org", "firstName": "Dan", "lastName": "Roux", "phoneNumber": BOB.phone_number}
    weaker = api("PATCH", f"workflows/{workflow}", {"steps": [{"recipients": [dan]}]})
    assert weaker.json()["code"] == "BelowSignaturePolicy"
    assert api("GET", f"workflows/{workflow}").json()["steps"][0]["recipients"][0]["email"] == BOB.email
    as_good = api("PATCH", f"workflows/{workflow}", {"steps": [{"recipients": [{**dan, "consentPageId": strong.pk}]}]})
    assert as_good.status_code == 200, as_good.content


def test_approvals_are_no_signatures(
    rule: Make, in_force: Enforce, api: Program, start: Callable[..., Any], draft: Callable[..., str]
) -> None:
    in_force(rule("Everything", "qualified"))
    workflow = draft()
    steps = [{"stepType": "approval", "recipients": [GUEST]}, {"stepType": "view", "recipients": [GUEST]}]
    assert api("PATCH", f"workflows/{workflow}", {"steps": steps}).status_code == 200
    assert start(workflow).status_code == 200


def test_where_the_organisation_seals_nobody_is_identified(
    rule: Make,
    in_force: Enforce,
    api: Program,
    alice: User,
    draft: Callable[..., str],
    start: Callable[..., Any],
    strong: ConsentPage,
) -> None:
    in_force(rule("Everything"), rule("Two signers", level="qualified", signers_from=2))
    give_seal(alice.tenant_id, "seal-1", name="Seal", by=PLATFORM, at=timezone.now())
    workflow = draft()
    steps = [{"recipients": [{**GUEST, "consentPageId": strong.pk}]}, {"stepType": "seal"}]
    assert api("PATCH", f"workflows/{workflow}", {"steps": steps}).status_code == 200
    assert start(workflow).status_code == 200, start(workflow).json()


def test_how_long_it_is_to_be_kept_stands_in_the_evidence(
    by_carol: dict[str, Any], alice: User, draft: Callable[..., str], start: Callable[..., Any]
) -> None:
    policy.write(Table((Rule("Contracts", Condition(), Requirements(archive_years=10)),)), (), **by_carol)
    policy.enforce(**by_carol)
    workflow = draft()
    assert start(workflow).status_code == 200
    assert record(Workflow.objects.get(pk=workflow)).keep_years == 10
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(alice, backend=BACKEND)
    assert "be kept for 10 years" in browser.get(f"/workflows/{workflow}/").content.decode()


def test_without_a_policy_everything_is_as_before(
    draft: Callable[..., str], start: Callable[..., Any], api: Program
) -> None:
    workflow = draft()
    assert api("GET", f"workflows/{workflow}/signaturePolicy").json()["code"] == "SignaturePolicyNotFound"
    assert start(workflow).json()["signaturePolicy"] is None
