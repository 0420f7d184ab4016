"""What a template says of its workflows counts for each, and a bulk send tells which rows are below which rule."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.journal.models import Entry
from paraph_server.policies.facts import Counterparty, DocumentKind, Person
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Rule
from paraph_server.templates import risks
from paraph_server.templates.columns import Column
from paraph_server.templates.models import Template
from paraph_server.workflows import queries
from paraph_server.workflows.models import ConsentPage, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.program import Program

Make = Callable[..., Rule]
Enforce = Callable[..., PolicyVersion]
Check = Callable[..., dict[str, Any]]
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


@pytest.fixture
def check(api: Program, run_jobs: Callable[[], int]) -> Check:
    """Rows are given and checked."""

    def check(template_id: str, *rows: dict[str, Any]) -> dict[str, Any]:
        people = [
            {"Employee.lastName": "Durand", "Employee.firstName": "Bob", "Employee.email": BOB.email} | each
            for each in rows
        ]
        given = api("POST", f"templates/{template_id}/bulkSends?again=true", {"rows": people})
        assert given.status_code == 200, given.content
        run_jobs()
        return dict(api("GET", f"bulkSends/{given.json()['id']}").json())

    return check


@pytest.fixture
def orders(in_force: Enforce, rule: Make) -> PolicyVersion:
    """Orders from 1000 euros on, and whatever is signed abroad, ask for more."""
    return in_force(
        rule("Large orders", document_kind=DocumentKind.ORDER, amount_from=Decimal(1000), currency="EUR"),
        rule("Abroad", cross_border=True),
    )


SMALL = {"policy.documentKind": "order", "policy.amount": "999,99", "policy.crossBorder": "non"}
LARGE = SMALL | {"policy.amount": "1 000"}


def test_a_bulk_send_says_which_rows_are_below_which_rule(
    orders: PolicyVersion, api: Program, template: Callable[..., str], check: Check, run_jobs: Callable[[], int]
) -> None:
    made = check(template(), SMALL, LARGE, SMALL | {"Employee.country": "BE"}, SMALL)
    assert (made["status"], made["waiting"], made["below"], made["faulty"]) == ("checked", 2, 2, 0)
    assert made["signaturePolicyId"] == orders.pk
    rows = api("GET", f"bulkSends/{made['id']}/rows?items.state=below").json()["items"]
    assert [(each["number"], each["state"]) for each in rows] == [(3, "below"), (4, "below")]
    assert "Large orders" in rows[0]["faults"][0]["message"]
    assert "Abroad" in rows[1]["faults"][0]["message"]
    refused = api("PATCH", f"bulkSends/{made['id']}", {"status": "started"})
    assert (refused.status_code, refused.json()["code"]) == (409, "FaultyRows")
    api("PATCH", f"bulkSends/{made['id']}", {"status": "started", "skipFaulty": True})
    run_jobs()
    done = api("GET", f"bulkSends/{made['id']}").json()
    assert (done["status"], done["done"], done["below"]) == ("finished", 2, 2)
    assert Workflow.objects.exclude(started_at=None).count() == 2
    sent = Workflow.objects.exclude(started_at=None)[0]
    assert (sent.amount, sent.currency, sent.declared["document_kind"]) == (Decimal("999.99"), "EUR", "order")


def test_what_is_below_does_not_start_by_itself(
    orders: PolicyVersion, api: Program, template: Callable[..., str], run_jobs: Callable[[], int]
) -> None:
    row = {"Employee.lastName": "Durand", "Employee.firstName": "Bob", "Employee.email": BOB.email}
    given = api("POST", f"templates/{template()}/bulkSends?start=true", {"rows": [row]})
    run_jobs()
    assert api("GET", f"bulkSends/{given.json()['id']}").json()["status"] == "checked"


def test_somebody_entitled_sends_the_rows_below_and_says_why(
    orders: PolicyVersion,
    alice: User,
    api: Program,
    template: Callable[..., str],
    check: Check,
    run_jobs: Callable[[], int],
) -> None:
    made = check(template(), SMALL, LARGE)
    said = {"status": "started", "policyOverrideReason": "The board has agreed."}
    assert api("PATCH", f"bulkSends/{made['id']}", said).status_code == 403
    alice.group.rights = [*alice.group.rights, "overridePolicy"]
    alice.group.save()
    assert api("PATCH", f"bulkSends/{made['id']}", said | {"policyOverrideReason": " "}).status_code == 422
    started = api("PATCH", f"bulkSends/{made['id']}", said).json()
    assert (started["status"], started["overrideReason"]) == ("started", "The board has agreed.")
    run_jobs()
    assert api("GET", f"bulkSends/{made['id']}").json()["done"] == 2
    reasons = Workflow.objects.exclude(started_at=None).values_list("amount", "override_reason")
    assert dict(reasons) == {Decimal("999.99"): "", Decimal(1000): "The board has agreed."}
    told = Entry.objects.get(event="bulk:policy-overridden").payload.details
    assert (told["rows"], told["policy"], told["reason"]) == (1, orders.pk, "The board has agreed.")
    assert Entry.objects.filter(event="workflow:policy-overridden").count() == 1


def test_an_override_does_not_hold_for_a_later_policy(
    orders: PolicyVersion,
    rule: Make,
    in_force: Enforce,
    alice: User,
    api: Program,
    template: Callable[..., str],
    check: Check,
    run_jobs: Callable[[], int],
) -> None:
    alice.group.rights = [*alice.group.rights, "overridePolicy"]
    alice.group.save()
    made = check(template(), LARGE)
    api("PATCH", f"bulkSends/{made['id']}", {"status": "started", "policyOverrideReason": "Agreed."})
    in_force(rule("Everything", level="qualified"))
    run_jobs()
    done = api("GET", f"bulkSends/{made['id']}").json()
    assert (done["done"], done["failed"]) == (0, 1)
    assert "Everything" in str(api("GET", f"bulkSends/{made['id']}/rows").json())


def test_what_a_row_does_not_say_its_template_says(
    orders: PolicyVersion, template: Callable[..., str], check: Check
) -> None:
    made = template(amount=10, policyFacts={"documentKind": "order", "crossBorder": False})
    assert check(made, {}, {"policy.documentKind": "staff"}, LARGE)["below"] == 1


@pytest.mark.parametrize(
    ("cell", "value", "wrong"),
    [
        ("policy.amount", "viel", "Write an amount"),
        ("policy.amount", "-5", "Write an amount"),
        ("policy.currency", "euro", "three letters"),
        ("policy.documentKind", "poem", "Write one of these"),
        ("policy.crossBorder", "perhaps", "yes or no"),
        ("policy.filingClass", "x" * 201, "class of the filing plan"),
    ],
)
def test_cells_that_mean_nothing_are_faults(
    api: Program, template: Callable[..., str], check: Check, cell: str, value: str, wrong: str
) -> None:
    made = check(template(), {cell: value})
    assert made["faulty"] == 1
    assert wrong in str(api("GET", f"bulkSends/{made['id']}/rows").json())


@pytest.mark.parametrize(
    ("risk", "text", "fact"),
    [
        ("amount", "25000", Decimal(25000)),
        ("amount", "25\u202f000,5", Decimal("25000.5")),
        ("amount", "1,234,567.89", Decimal("1234567.89")),
        ("amount", "1.234", Decimal(1234)),
        ("document_kind", "Contrat de travail ou avenant", DocumentKind.EMPLOYMENT),
        ("document_kind", "ORDER", DocumentKind.ORDER),
        ("counterparty", "oui", Counterparty.KNOWN),
        ("counterparty", "unknown", Counterparty.UNKNOWN),
        ("person", "legal", Person.LEGAL),
        ("cross_border", "Faux", False),
        ("currency", "chf", "CHF"),
        ("filing_class", " RH / Contrats ", "RH/Contrats"),
    ],
)
def test_cells_are_read_in_peoples_words(risk: str, text: str, fact: object) -> None:
    assert risks.cell(Column(f"policy.{risk}", risk=risk), text) == fact


# ---------------------------------------------------------------- the pages


@pytest.fixture
def browser(alice: User) -> Client:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(alice, backend=BACKEND)
    return browser


def test_the_spreadsheet_asks_what_the_policy_asks(
    browser: Client, template: Callable[..., str], request: pytest.FixtureRequest
) -> None:
    made = template()
    model = f"/templates/{made}/model.csv"
    assert "Signature policy" not in browser.get(model).content.decode()
    request.getfixturevalue("orders")
    headings = browser.get(model).content.decode()
    assert "Signature policy: amount" in headings
    assert "Signature policy: signer known" not in headings
    assert "Signature policy: amount" in browser.get(f"/templates/{made}/bulk/").content.decode()


def test_the_page_of_a_bulk_send_tells_the_rules_and_takes_a_reason(
    orders: PolicyVersion,
    alice: User,
    browser: Client,
    template: Callable[..., str],
    check: Check,
    run_jobs: Callable[[], int],
) -> None:
    made = check(template(), SMALL, LARGE, LARGE)["id"]
    page = browser.get(f"/bulk/{made}/").content.decode()
    assert "2 rows are below the signature policy" in page
    assert "Large orders" in page
    assert "Send below the policy" not in page
    alice.group.rights = [*alice.group.rights, "overridePolicy"]
    alice.group.save()
    assert "Send below the policy" in browser.get(f"/bulk/{made}/").content.decode()
    assert browser.post(f"/bulk/{made}/start", {"reason": ""}).status_code == 422
    assert browser.post(f"/bulk/{made}/start", {"reason": "Agreed."}).status_code == 302
    run_jobs()
    assert "Agreed." in browser.get(f"/bulk/{made}/").content.decode()
    assert Workflow.objects.exclude(started_at=None).count() == 3


def test_a_template_and_its_use_ask_what_the_policy_asks(
    orders: PolicyVersion, browser: Client, template: Callable[..., str], strong: ConsentPage
) -> None:
    made = template()
    page = queries.consent_pages().get(means=["email-code"])
    row = {"people-0-role": "Employee", "people-0-kind": "signature", "people-0-consent_page": page.pk}
    form = {"people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "name": "Order", "workflow_name": "Order"} | row
    facts = {"facts-document_kind": "order", "facts-amount": "5000", "facts-currency": "EUR"}
    edit = f"/templates/{made}/edit/"
    assert browser.post(edit, form | {"order": "sequence"} | facts).status_code == 302
    kept = Template.objects.get(pk=made)
    assert (kept.amount, kept.declared) == (Decimal(5000), {"document_kind": "order"})
    assert 'value="5000.00"' in browser.get(edit).content.decode()

    person = {"c0": "Durand", "c1": "Bob", "c2": BOB.email, "c4": "fr"}
    below = browser.post(f"/templates/{made}/use/", person | facts | {"facts-cross_border": "no"})
    draft = Workflow.objects.get()
    assert below.headers["Location"] == f"/workflows/{draft.pk}/"
    assert draft.started_at is None
    assert "Large orders" in browser.get(f"/workflows/{draft.pk}/").content.decode()
    browser.post(f"/templates/{made}/use/", person | facts | {"facts-cross_border": "no", "facts-amount": "12"})
    assert Workflow.objects.exclude(started_at=None).get().amount == 12

    assert browser.post(edit, form | {"order": "sequence"} | facts | {"facts-amount": ""}).status_code == 302
    assert Template.objects.get(pk=made).amount is None


def test_without_a_policy_nobody_is_asked(browser: Client, template: Callable[..., str]) -> None:
    made = template()
    for page in ("/templates/new/", f"/templates/{made}/edit/", f"/templates/{made}/use/"):
        assert "facts-" not in browser.get(page).content.decode()
