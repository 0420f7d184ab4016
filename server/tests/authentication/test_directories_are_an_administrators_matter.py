"""Directories over REST and on their pages: for administrators, of their own organisation; and the operator's part."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from paraph_server.__main__ import BAD_INPUT, main
from paraph_server.accounts.models import Group, Tenant, User
from paraph_server.authentication import directories
from paraph_server.authentication.models import Directory, Domain
from paraph_server.journal.queries import about
from paraph_testing.program import Program

KEYCLOAK = {
    "name": "Keycloak",
    "issuer": "https://login.example.org/realms/people/",
    "clientId": "paraph",
    "clientSecret": "a secret of theirs",
    "domains": ["Example.org", "@bücher.example"],
    "strongValues": " mfa  hwk ",
}


@pytest.fixture
def directory(api: Program) -> dict[str, Any]:
    made: dict[str, Any] = api("POST", "directories", KEYCLOAK).json()
    return made


def test_a_directory_says_what_is_to_be_registered_there_and_not_its_secret(
    api: Program, tenant: Tenant, directory: dict[str, Any]
) -> None:
    answer = api("GET", f"directories/{directory['id']}")
    assert answer.json() == directory
    assert directory["issuer"] == "https://login.example.org/realms/people"
    assert directory["domains"] == ["example.org", "xn--bcher-kva.example"]
    assert directory["strongValues"] == "mfa hwk"
    assert directory["redirectUri"] == f"http://testserver/sign-in/from/{tenant.pk}"
    assert directory["postLogoutRedirectUri"] == "http://testserver/sign-in/"
    assert KEYCLOAK["clientSecret"] not in answer.content.decode()
    assert str(KEYCLOAK["clientSecret"]).encode() not in bytes(Directory.objects.get().secret)
    assert api("GET", "directories").json()["items"] == [directory]


def test_its_terms_change_and_its_secret_stays(api: Program, tenant: Tenant, directory: dict[str, Any]) -> None:
    group = Group.objects.get(tenant=tenant, rights__contains=["send"])
    terms = {"name": "Ours", "domains": ["example.org", "example.com"], "groupId": group.pk, "alone": True}
    changed = api("PUT", f"directories/{directory['id']}", terms).json()
    assert {name: changed[name] for name in terms} == terms | {"domains": ["example.com", "example.org"]}
    assert directories.party(Directory.objects.get()).secret == KEYCLOAK["clientSecret"]
    assert api("DELETE", f"directories/{directory['id']}").status_code == 200
    assert not Domain.objects.exists()
    events = [entry.event for entry in about(tenant, [directory["id"]])]
    assert events == ["directory:registered", "directory:changed", "directory:removed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.example.org"},
        {"issuer": "https://login.example.org?a=b"},
        {"domains": []},
        {"domains": ["not a domain"]},
        {"domains": ["alice@example.org"]},
        {"clientId": " "},
        {"clientSecret": " "},
        {"kind": "franceconnect"},
        {"groupId": "grp_unknown"},
        {"domains": [f"d{number}.example" for number in range(51)]},
    ],
)
def test_what_cannot_be_is_refused(api: Program, wrong: dict[str, Any]) -> None:
    assert api("POST", "directories", KEYCLOAK | wrong).status_code in {400, 422}
    assert not Directory.objects.exists()


def test_a_domain_has_one_directory(api: Program, directory: dict[str, Any]) -> None:
    assert api("POST", "directories", KEYCLOAK | {"domains": ["EXAMPLE.ORG"]}).status_code == 409


def test_newcomers_come_into_a_group_of_the_organisations_own_that_does_not_administer(
    api: Program, mallory: User
) -> None:
    administrators = Group.objects.get(rights__contains=["administer"])
    assert api("POST", "directories", KEYCLOAK | {"groupId": administrators.pk}).status_code == 400
    assert api("POST", "directories", KEYCLOAK | {"groupId": mallory.group_id}).status_code == 400


def test_another_organisation_knows_nothing_of_it(mallorys_api: Program, directory: dict[str, Any]) -> None:
    assert mallorys_api("GET", "directories").json()["items"] == []
    for method, body in (("GET", None), ("PUT", {"name": "x", "domains": ["example.org"]}), ("DELETE", None)):
        assert mallorys_api(method, f"directories/{directory['id']}", body).status_code == 404
    assert Directory.objects.exists()


def test_only_administrators_connect_directories(bob: User, program: Callable[..., Program]) -> None:
    assert program(bob)("POST", "directories", KEYCLOAK).status_code == 403
    browser = Client()
    browser.force_login(bob)
    assert browser.get("/directories/").status_code == 403


def test_the_page_connects_changes_and_removes(alice: User) -> None:
    browser = Client()
    browser.cookies["language"] = "en"
    browser.force_login(alice)
    form = {
        "kind": "openid-connect",
        "name": "Keycloak",
        "issuer": "ftp://login.example.org",
        "client_id": "paraph",
        "secret": "s",
        "domains": "example.org, example.com",
    }
    page = browser.post("/directories/", form)
    assert page.status_code == 422
    assert "Write the provider’s address as" in page.content.decode()
    assert browser.post("/directories/", form | {"issuer": "https://login.example.org"}).status_code == 302
    made = Directory.objects.get()
    assert directories.domains(made) == ["example.com", "example.org"]
    here = f"/directories/{made.pk}/"
    assert browser.post(here, {"name": "Ours", "domains": "example.net", "alone": "on"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.alone, directories.party(made).secret) == ("Ours", True, "s")
    assert browser.post(here, {"remove": ""}).status_code == 302
    assert not Directory.objects.exists()


def test_the_operator_says_whose_a_domain_is_and_lets_somebody_in(
    alice: User, directory: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grant-domains", alice.tenant_id, "example.org"]) == 0
    assert capsys.readouterr().out == "example.org\n"
    assert main(["grant-domains", alice.tenant_id, "elsewhere.example"]) == BAD_INPUT
    assert main(["grant-domains", "ten_unknown", "example.org"]) == BAD_INPUT
    Directory.objects.update(alone=True)
    assert main(["let-in", alice.email.upper()]) == 0
    link = capsys.readouterr().out.strip()
    assert link.startswith(f"http://testserver/password/{alice.pk}/")
    browser, path = Client(), link.removeprefix("http://testserver")
    words = "another correct horse battery"
    assert browser.post(path, {"password": words, "again": words}).status_code == 302
    browser.post("/sign-in/", {"email": alice.email, "password": words})
    assert browser.get("/account/").status_code == 200
