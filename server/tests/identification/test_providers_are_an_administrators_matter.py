"""Identity providers over REST and on their page: for administrators, of their own organisation."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from paraph.evidence import Means
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.identification import providers
from paraph_server.identification.models import Provider
from paraph_server.identification.offers import offered
from paraph_server.journal.queries import about
from paraph_server.workflows.models import ConsentPage
from paraph_testing.program import Program

KEYCLOAK = {
    "kind": "openid-connect",
    "clientId": "paraph",
    "clientSecret": "a secret of theirs",
    "issuer": "https://login.example.org/realms/people/",
    "name": "Our people",
    "assurance": 1,
}


@pytest.fixture
def provider(api: Program, run_jobs: Callable[[], int]) -> Provider:
    made = api("POST", "identityProviders", KEYCLOAK).json()
    run_jobs()
    return providers.find(made["id"])


def test_a_provider_says_what_is_to_be_registered_there_and_not_its_secret(api: Program, provider: Provider) -> None:
    answer = api("GET", f"identityProviders/{provider.pk}")
    shown = answer.json()
    assert shown["issuer"] == "https://login.example.org/realms/people"
    assert shown["redirectUri"] == "http://testserver/openid/callback"
    assert shown["postLogoutRedirectUri"] == "http://testserver/openid/signed-out"
    assert shown["jwksUri"] == f"http://testserver/openid/{provider.pk}/keys"
    assert KEYCLOAK["clientSecret"] not in answer.content.decode()
    assert str(KEYCLOAK["clientSecret"]).encode() not in bytes(provider.secret)
    assert api("GET", "identityProviders").json()["items"] == [shown]


def test_senders_can_choose_it_at_the_level_that_its_word_gives(provider: Provider) -> None:
    page = ConsentPage.objects.get(name="Our people")
    assert page.asked == (Means.OIDC, Means.EMAIL_CODE)
    assert page.level == "advanced"
    assert page.texts.count() == 1
    assert "Our people, code by e-mail" in page.text_en
    assert offered()[:3] == (Means.OIDC, Means.EMAIL_CODE, Means.SMS_CODE)


def test_a_provider_whose_word_is_worth_nothing_gives_a_simple_signature(
    api: Program, run_jobs: Callable[[], int]
) -> None:
    api("POST", "identityProviders", KEYCLOAK | {"assurance": 0})
    run_jobs()
    assert ConsentPage.objects.get(name="Our people").level == "simple"


def test_what_was_removed_is_offered_to_nobody(api: Program, tenant: Tenant, provider: Provider) -> None:
    assert api("DELETE", f"identityProviders/{provider.pk}").status_code == 200
    assert api("GET", f"identityProviders/{provider.pk}").status_code == 404
    assert Means.OIDC not in offered()
    assert [entry.event for entry in about(tenant, [provider.pk])] == ["provider:registered", "provider:removed"]


def test_another_organisation_knows_nothing_of_it(
    mallorys_api: Program, other_tenant: Tenant, provider: Provider
) -> None:
    assert mallorys_api("GET", "identityProviders").json()["items"] == []
    assert mallorys_api("GET", f"identityProviders/{provider.pk}").status_code == 404
    assert mallorys_api("DELETE", f"identityProviders/{provider.pk}").status_code == 404
    with tenant_context(other_tenant):
        assert Means.OIDC not in offered()


def test_only_administrators_add_providers(bob: User, program: Callable[..., Program]) -> None:
    assert program(bob)("POST", "identityProviders", KEYCLOAK).status_code == 403
    browser = Client()
    browser.force_login(bob)
    assert browser.get("/identity-providers/").status_code == 403


def test_what_cannot_be_is_said_on_the_page(alice: User, noon: datetime) -> None:
    browser = Client()
    browser.cookies["language"] = "en"
    browser.force_login(alice)
    wrong = {"kind": "openid-connect", "client_id": "paraph", "secret": "s", "issuer": "ftp://x", "assurance": "1"}
    page = browser.post("/identity-providers/", wrong)
    assert page.status_code == 422
    assert "Write the provider’s address as" in page.content.decode()
    assert browser.post("/identity-providers/", wrong | {"issuer": "https://x.example"}).status_code == 302
    assert Provider.objects.get().issuer == "https://x.example"
