"""The pages of the policy in a browser without scripts: written, tried, put into force, and met by who sends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.policies import queries
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Rule
from paraph_server.workflows.models import ConsentPage, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB

RULE = {
    "name": "Orders from 25 000 euros on",
    "document_kind": "order",
    "amount_from": "25000",
    "currency": "EUR",
    "level": "advanced",
    "assurance": "0",
    "archive_years": "10",
}
EXAMPLE = {"document_kind": "order", "amount": "30000", "currency": "EUR", "level": "advanced"}


def browser(user: User) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def carols(administrator: User) -> Client:
    return browser(administrator)


def revision(user: User) -> int:
    draft = queries.draft(user)
    assert draft
    return draft.revision


@pytest.mark.parametrize(
    "path", ["/policy/", "/policy/draft/", "/policy/draft/rules/new/", "/policy/draft/examples/new/"]
)
def test_only_administrators_see_the_policy(bob: User, client: Client, carols: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    assert browser(bob).get(path).status_code == 403
    assert carols.get(path).status_code == (200 if path == "/policy/" else 404)


def test_from_an_empty_table_to_a_policy_in_force(carols: Client, administrator: User, noon: Any) -> None:
    assert carols.post("/policy/", {"source": "present"}).url == "/policy/draft/"  # type: ignore[attr-defined]
    seen = {"revision": revision(administrator)}
    assert carols.post("/policy/draft/rules/new/", RULE | seen).status_code == 302
    seen = {"revision": revision(administrator)}
    tried = carols.post("/policy/draft/examples/new/", EXAMPLE | seen | {"try": "1"}).content.decode()
    assert "at least advanced" in tried
    assert RULE["name"] in tried
    assert carols.post("/policy/draft/examples/new/", EXAMPLE | {"level": "simple"} | seen).status_code == 302
    assert "1 example says something else" in carols.get("/policy/draft/").content.decode()
    seen = {"revision": revision(administrator)}
    assert carols.post("/policy/draft/enforce", seen).status_code == 422
    assert carols.post("/policy/draft/examples/0/", EXAMPLE | seen).status_code == 302
    seen = {"revision": revision(administrator)}
    assert carols.post("/policy/draft/country", seen | {"country": "be"}).status_code == 302
    seen = {"revision": revision(administrator)}
    assert carols.post("/policy/draft/enforce", seen).status_code == 302
    page = carols.get("/policy/").content.decode()
    assert "Version 1, in force" in page
    assert RULE["name"] in page
    version = PolicyVersion.objects.get()
    assert version.table.country == "BE"
    assert carols.get(f"/policy/versions/{version.pk}/").status_code == 200
    assert carols.get("/policy/draft/").status_code == 404


@pytest.mark.parametrize("source", ["staff", "purchasing", "commerce", "public", "insurance"])
def test_a_draft_begins_with_a_ready_made_policy(carols: Client, administrator: User, source: str) -> None:
    french = {"accept-language": "fr"}
    assert carols.post("/policy/", {"source": source}, headers=french).status_code == 302
    page = carols.get("/policy/draft/", headers=french).content.decode()
    assert "se vérifie" in page
    assert "autre résultat" not in page
    rules = queries.version(administrator, "draft", at=None).table.rules  # type: ignore[arg-type]
    for place in range(len(rules)):
        shown = carols.get(f"/policy/draft/rules/{place}/")
        assert shown.status_code == 200
        form = {
            name: each for name, each in shown.context["form"].initial.items() if each is not None and each is not False
        }
        saved = carols.post(f"/policy/draft/rules/{place}/", form | {"revision": revision(administrator)})
        assert saved.status_code == 302, saved.context["form"].errors
    assert queries.version(administrator, "draft", at=None).table.rules == rules  # type: ignore[arg-type]


def test_rules_are_taken_out_and_stale_pages_refused(carols: Client, administrator: User) -> None:
    carols.post("/policy/", {"source": "purchasing"})
    seen = {"revision": revision(administrator)}
    assert carols.post("/policy/draft/rules/0/remove", seen).status_code == 302
    assert carols.post("/policy/draft/rules/0/remove", seen).status_code == 409
    assert carols.post("/policy/draft/rules/0/", RULE | seen).status_code == 422
    assert carols.post("/policy/draft/examples/99/remove", seen).status_code == 404
    assert carols.post("/policy/draft/discard").status_code == 302
    assert queries.draft(administrator) is None


def test_the_adviser_answers_in_both_languages(bob: User) -> None:
    client = browser(bob)
    assert client.get("/adviser/").status_code == 200
    answers = "?document_kind=tender&amount=100&currency=EUR&counterparty=known"
    assert "Qualified signature" in client.get(f"/adviser/{answers}").content.decode()
    french = client.get(f"/adviser/{answers}", headers={"accept-language": "fr"}).content.decode()
    assert "arrêté du 22 mars 2019" in french
    assert client.get("/adviser/?amount=lots&currency=EUR").status_code == 422


def test_what_a_page_sends_below_the_policy_stays_a_draft_until_it_is_right(
    rule: Callable[..., Rule], in_force: Callable[..., PolicyVersion], strong: ConsentPage, alice: User
) -> None:
    in_force(rule("Strangers", unknown_counterparty=True))
    alices, weak = browser(alice), ConsentPage.objects.get(means=["email-code"])
    assert "facts-counterparty" in alices.get("/workflows/new/").content.decode()
    person = {"first_name": "Bob", "last_name": "Durand", "email": BOB.email, "phone_number": BOB.phone_number}
    row = {f"people-0-{name}": value for name, value in (person | {"consent_page": weak.pk, "locale": "en"}).items()}
    management = {"people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0"}

    def send(**facts: str) -> Workflow:
        document = SimpleUploadedFile("order.pdf", pdfs.invoice(), "application/pdf")
        form = {"name": "Order", "order": "sequence", "documents": document, **management, **row, **facts}
        answer = alices.post("/workflows/new/", form)
        assert answer.status_code == 302, answer.content
        return Workflow.objects.get(pk=answer.url.split("/")[2])  # type: ignore[attr-defined]

    assert send(**{"facts-counterparty": "known"}).started_at
    draft = send(**{"facts-counterparty": ""})
    assert draft.started_at is None
    page = alices.get(f"/workflows/{draft.pk}/").content.decode()
    assert "Strangers" in page
    assert strong.name in page
    assert "Send all the same" not in page
    assert alices.post(f"/workflows/{draft.pk}/start").status_code == 422
    alices.post(f"/workflows/{draft.pk}/identify", {"consent_page": strong.pk})
    assert alices.post(f"/workflows/{draft.pk}/start").status_code == 302
    assert Workflow.objects.get(pk=draft.pk).started_at


def test_somebody_entitled_sends_it_all_the_same(
    rule: Callable[..., Rule],
    in_force: Callable[..., PolicyVersion],
    api: Any,
    alice: User,
) -> None:
    in_force(rule("Everything", "qualified"))
    alice.group.rights = [*alice.group.rights, "overridePolicy"]
    alice.group.save()
    person = {"email": BOB.email, "firstName": "Bob", "lastName": "Durand"}
    made = api("POST", f"users/{alice.pk}/workflows", {"name": "Order", "steps": [{"recipients": [person]}]}).json()
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    path = f"workflows/{made['id']}/parts?createDocuments=true&signatureProfileId={profile}"
    api.send("POST", path, pdfs.invoice(), content_type="application/pdf")
    alices = browser(alice)
    assert "Send all the same" in alices.get(f"/workflows/{made['id']}/").content.decode()
    assert alices.post(f"/workflows/{made['id']}/start", {"reason": "At our counter"}).status_code == 302
    assert "At our counter" in alices.get(f"/workflows/{made['id']}/").content.decode()
