from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from paraph.evidence import Means, SignatureLevel
from paraph_server.accounts.models import User
from paraph_server.identification.offers import offered
from paraph_server.journal.actions import Actor
from paraph_server.journal.models import Entry
from paraph_server.providers import actions, queries
from paraph_server.providers.actions import NewProvider
from paraph_server.providers.errors import BadProvider, NoSuchProvider
from paraph_server.providers.models import Provider
from paraph_server.web.sealed import unseal
from paraph_server.workflows.models import ConsentPage, KeyHolder
from paraph_testing.program import Program

SAID = {"name": "Atelier Trust", "address": "https://sign.example.org/", "clientId": "paraph", "clientSecret": "s3cret"}


def test_over_rest(api: Program, mallorys_api: Program) -> None:
    made = api("POST", "signingProviders", SAID).json()
    assert (made["address"], made["version"]) == ("https://sign.example.org", "v2")
    assert made["redirectUri"] == "http://testserver/providers/callback"
    assert "s3cret" not in str(made)
    assert [each["id"] for each in api("GET", "signingProviders").json()["items"]] == [made["id"]]
    assert mallorys_api("GET", "signingProviders").json()["items"] == []
    assert mallorys_api("DELETE", f"signingProviders/{made['id']}").status_code == 404
    api("DELETE", f"signingProviders/{made['id']}")
    assert api("GET", "signingProviders").json()["items"] == []


def test_it_is_changed_over_rest(api: Program, mallorys_api: Program) -> None:
    """What is not said stays, the secret too."""
    made = api("POST", "signingProviders", SAID).json()
    path = f"signingProviders/{made['id']}"
    changed = api("PATCH", path, {"clientId": "another", "isDisabled": True}).json()
    assert (changed["clientId"], changed["name"], changed["isDisabled"]) == ("another", made["name"], True)
    assert api("GET", path).json() == changed
    assert unseal(Provider.objects.get().secret) == "s3cret"
    api("PATCH", path, {"clientSecret": "theirs"})
    assert unseal(Provider.objects.get().secret) == "theirs"
    assert api("PATCH", path, {"address": "http://new.example.org"}).status_code == 400
    assert api("PATCH", path, {"name": " "}).status_code == 400
    assert mallorys_api("PATCH", path, {"name": "Mine"}).status_code == 404
    assert mallorys_api("POST", f"{path}/try").status_code == 404
    told = Entry.objects.filter(event__startswith="signingProvider:").order_by("sequence")
    assert [each.event.partition(":")[2] for each in told] == ["registered", "changed", "disabled", "changed"]
    assert "theirs" not in str([each.payload.details for each in told])


def test_the_known_secret_goes_to_no_other_address(api: Program) -> None:
    """Else whoever may change an address has it sent to themselves."""
    path = f"signingProviders/{api('POST', 'signingProviders', SAID).json()['id']}"
    refused = api("PATCH", path, {"address": "https://mallory.example"})
    assert (refused.status_code, "Enter the secret as well" in refused.json()["detail"]) == (400, True)
    assert Provider.objects.get().address == "https://sign.example.org"
    api("PATCH", path, {"address": "https://new.example.org", "clientSecret": "theirs"})
    assert unseal(Provider.objects.get().secret) == "theirs"


def test_nobody_begins_where_it_is_stopped(api: Program, alice: User) -> None:
    made = api("POST", "signingProviders", SAID).json()
    path = f"signingProviders/{made['id']}"
    for stopped in (True, True, False):
        api("PATCH", path, {"isDisabled": stopped})
        assert queries.offered().exists() is not stopped
        assert (Means.PROVIDER in offered()) is not stopped
    assert Entry.objects.filter(event="signingProvider:disabled").count() == 1


def test_on_a_page(alice: User, by_alice: Actor, noon: datetime) -> None:
    browser = Client()
    browser.force_login(alice)
    said = {
        "name": "Atelier Trust",
        "address": "ftp://sign.example.org",
        "client_id": "p",
        "secret": "s",
        "version": "v1",
    }
    answer = browser.post("/signing-providers/", said)
    assert (answer.status_code, "https://sign.example.org" in answer.content.decode()) == (422, True)
    browser.post("/signing-providers/", said | {"address": "https://sign.example.org"})
    found = Provider.objects.get()
    assert found.version == "v1"
    place = f"/signing-providers/{found.pk}/"
    browser.post(place, said | {"address": "https://sign.example.org", "client_id": "q", "secret": ""})
    found.refresh_from_db()
    assert (found.client_id, unseal(found.secret)) == ("q", "s")
    assert browser.post(place, said | {"address": "https://new.example.org", "secret": ""}).status_code == 422
    assert browser.post(place, said | {"name": ""}).status_code == 422
    browser.post(f"{place}allow")
    assert "Nobody begins to sign here" in browser.get(place).content.decode()
    browser.post(f"{place}allow", {"allowed": "1"})
    assert queries.offered().get() == found
    browser.post(f"/signing-providers/{found.pk}/remove")
    with pytest.raises(NoSuchProvider):
        queries.find(found.pk)


@pytest.mark.parametrize(
    "address", ["http://sign.example.org", "https://", "https://a:b@sign.example.org", "https://sign.example.org?x", ""]
)
def test_what_cannot_be_an_address(alice: User, by_alice: Actor, noon: datetime, address: str) -> None:
    with pytest.raises(BadProvider):
        actions.register(alice.tenant, NewProvider("Atelier", address, "p", "s"), by=by_alice, at=noon)


def test_senders_can_choose_it_from_the_first_one_on(
    alice: User, by_alice: Actor, noon: datetime, run_jobs: Any, api: Program
) -> None:
    assert Means.PROVIDER not in offered()
    wanted = {
        "name": "Q",
        "identificationMeans": ["email-code"],
        "keyHolder": "provider",
        "textEn": "I",
        "textFr": "Je",
    }
    assert api("POST", "consentPages", wanted).status_code == 400
    for name in ("One", "Two"):
        actions.register(alice.tenant, NewProvider(name, "https://a.example", "p", "s"), by=by_alice, at=noon)
    run_jobs()
    page = ConsentPage.objects.get(key_holder=KeyHolder.PROVIDER)
    assert (page.asked, page.level) == ((Means.PROVIDER,), SignatureLevel.ADVANCED)
    made = api("POST", "consentPages", wanted | {"signatureLevel": "qualified"}).json()
    assert made["keyHolder"] == "provider"
    assert made["identificationMeans"] == ["email-code", "trust-service-provider"]
    assert api("POST", "consentPages", wanted | {"identificationMeans": ["card"]}).status_code == 400
