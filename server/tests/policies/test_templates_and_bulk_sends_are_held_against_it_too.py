"""What a template says of its workflows counts for each, and a bulk send is refused before anything goes out."""

from collections.abc import Callable

import pytest
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Rule
from paraph_server.workflows.models import ConsentPage, Workflow
from paraph_testing import pdfs
from paraph_testing.program import Program

Make = Callable[..., Rule]
Enforce = Callable[..., PolicyVersion]
ROW = b"Employee: last name;Employee: first name;Employee: e-mail\nDurand;Bob;bob@example.org\n"
EMPLOYEE = {"email": "bob@example.org", "firstName": "Bob", "lastName": "Durand"}


@pytest.fixture
def template(api: Program) -> Callable[..., str]:
    """An employee signs."""

    def template(**more: object) -> str:
        page = str(more.pop("page", ""))
        steps = [{"recipients": [{"role": "Employee", **({"consentPageId": page} if page else {})}]}]
        made = api("POST", "templates", {"name": "Notice", "steps": steps, **more})
        assert made.status_code == 200, made.content
        path = f"templates/{made.json()['id']}"
        profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
        disposition = {
            "HTTP_CONTENT_DISPOSITION": 'attachment; filename="notice.pdf"',
            "content_type": "application/pdf",
        }
        api.send("POST", f"{path}/parts?signatureProfileId={profile}", pdfs.invoice(), **disposition)
        return str(made.json()["id"])

    return template


def test_a_template_keeps_what_the_policy_looks_at(api: Program, template: Callable[..., str]) -> None:
    facts = {"documentKind": "staff", "counterparty": "known"}
    made = template(filingClass=" RH / Notes ", amount=10, policyFacts=facts)
    shown = api("GET", f"templates/{made}").json()
    assert (shown["filingClass"], shown["amount"], shown["currency"]) == ("RH/Notes", 10.0, "EUR")
    assert shown["policyFacts"] == facts
    body = {"templateId": made, "roles": {"Employee": EMPLOYEE}}
    workflow = api("POST", f"users/{api.user_id}/workflows", body).json()
    assert (workflow["filingClass"], workflow["amount"], workflow["policyFacts"]) == ("RH/Notes", 10.0, facts)
    other = api("POST", f"users/{api.user_id}/workflows", body | {"policyFacts": {"documentKind": "order"}}).json()
    assert other["policyFacts"] == {**facts, "documentKind": "order"}
    again = api("POST", "templates", {"name": "The same", "workflowId": workflow["id"]}).json()
    assert (again["filingClass"], again["policyFacts"]) == ("RH/Notes", facts)
    changed = api("PATCH", f"templates/{made}", {"policyFacts": {"documentKind": "order"}}).json()
    assert (changed["policyFacts"], changed["amount"]) == ({"documentKind": "order"}, 10.0)


def test_a_bulk_send_below_the_policy_is_refused_before_it_starts(
    rule: Make,
    in_force: Enforce,
    api: Program,
    template: Callable[..., str],
    strong: ConsentPage,
    run_jobs: Callable[[], int],
) -> None:
    in_force(rule("Strangers", unknown_counterparty=True))

    def checked(template_id: str) -> dict[str, str]:
        options = {"content_type": "text/csv", "HTTP_ACCEPT_LANGUAGE": "en"}
        given = api.send(
            "POST", f"templates/{template_id}/bulkSends", ROW.replace(b"e-mail", b"e-mail address"), **options
        )
        run_jobs()
        return dict(api("GET", f"bulkSends/{given.json()['id']}").json())  # type: ignore[attr-defined]

    refused = checked(template())
    assert "Strangers" in str(refused)
    assert api("PATCH", f"bulkSends/{refused['id']}", {"bulkSendStatus": "started"}).status_code >= 400
    for good in (template(page=strong.pk), template(policyFacts={"counterparty": "known"})):
        assert "Strangers" not in str(checked(good))
    assert not Workflow.objects.exclude(started_at=None).exists()
