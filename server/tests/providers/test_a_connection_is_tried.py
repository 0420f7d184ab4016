"""What is good about a connection and what is not is said in words, before a signer goes there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from paraph_server.accounts.models import User
from paraph_server.providers.models import Provider
from paraph_testing.program import Program
from paraph_testing.qtsp import CLIENT, SECRET, Qtsp

Try = Callable[..., dict[str, Any]]


@pytest.fixture
def qtsp() -> Iterator[Qtsp]:
    with Qtsp() as provider:
        yield provider


@pytest.fixture
def tried(api: Program, qtsp: Qtsp) -> Try:
    def tried(**different: str) -> dict[str, Any]:
        said = {"name": "Atelier", "address": qtsp.url, "clientId": CLIENT, "clientSecret": SECRET} | different
        made = api("POST", "signingProviders", said).json()["id"]
        return dict(api("POST", f"signingProviders/{made}/try").json())

    return tried


def faults(answer: dict[str, Any]) -> list[str]:
    assert answer["isGood"] is all(each["isGood"] for each in answer["findings"])
    return [each["text"] for each in answer["findings"] if not each["isGood"]]


def test_all_is_well(tried: Try, qtsp: Qtsp) -> None:
    answer = tried()
    assert faults(answer) == []
    assert [each["text"] for each in answer["findings"]] == [
        "Atelier Trust answers, by version 2.0.0.0 of the interface.",
        f"Signers sign in at {qtsp.url.removeprefix('http://')}.",
        "It knows us by the client identifier and the secret.",
    ]
    assert (qtsp.tokens, qtsp.signed) == ({}, 0)


def test_by_discovery(tried: Try, qtsp: Qtsp) -> None:
    qtsp.discovered = True
    assert faults(tried()) == []
    qtsp.metadata = {"issuer": "https://mallory.example"}
    assert faults(tried()) == ["It does not say where signers sign in."]


def test_a_wrong_secret(tried: Try) -> None:
    answer = tried(clientSecret="another")
    assert faults(answer) == ["It does not know us by this client identifier and this secret."]
    assert "another" not in str(answer)


def test_the_other_version(tried: Try) -> None:
    """Whoever speaks version 2 answers nothing where version 1 would be."""
    assert "nothing answers as the interface says" in faults(tried(version="v1"))[0]


def test_nobody_there(tried: Try, qtsp: Qtsp) -> None:
    qtsp.away = True
    assert f"At {qtsp.url} nothing answers" in faults(tried())[0]


def test_a_network_that_is_not_to_be_reached(tried: Try) -> None:
    assert "nothing answers" in faults(tried(address="https://10.1.2.3"))[0]


def test_on_the_page(tried: Try, alice: User) -> None:
    tried()
    browser = Client()
    browser.force_login(alice)
    page = browser.post(f"/signing-providers/{Provider.objects.get().pk}/try").content.decode()
    assert "It knows us by the client identifier" in page
