"""FranceConnect is played by panva's `oidc-provider`, a process of its own (`paraph_testing.identity_provider`)."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
from django.core.cache import cache
from joserfc.jwk import ECKey
from paraph.evidence import Means
from paraph_server.identification.errors import (
    BadProvider,
    PlatformError,
    ProviderUnavailable,
    StaleAnswer,
    TooWeak,
    UntrustedAnswer,
)
from paraph_server.identification.names import Proven
from paraph_server.identification.openid import exchange
from paraph_server.identification.openid.exchange import Party
from paraph_testing.foreign import free_port
from paraph_testing.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, client
from paraph_testing.listener import Listener

CALLBACK = "http://testserver/openid/callback"
NONCE, STATE, VERIFIER = "n" * 64, "s" * 43, "v" * 64


@pytest.fixture(scope="module")
def key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES"}, auto_kid=True)


@pytest.fixture(scope="module", params=[Means.FRANCECONNECT, Means.FRANCECONNECT_PLUS])
def provider(request: pytest.FixtureRequest, key: ECKey) -> Iterator[tuple[IdentityProvider, Party]]:
    plus = request.param is Means.FRANCECONNECT_PLUS
    keys = json.dumps({"keys": [key.as_dict(private=False)]}).encode()
    with Listener(body=keys) as ours:
        known_as = client(CALLBACK, after_logout="http://testserver/", keys_url=ours.url if plus else "")
        with IdentityProvider([known_as]) as running:
            acr = "eidas2" if plus else "eidas1"
            yield (
                running,
                Party(request.param, running.issuer, CLIENT_ID, CLIENT_SECRET, acr, CALLBACK, key if plus else None),
            )


@pytest.fixture(autouse=True)
def _no_faults(provider: tuple[IdentityProvider, Party]) -> Iterator[None]:
    cache.clear()
    yield
    provider[0].fault()


@pytest.fixture
def signed_in(provider: tuple[IdentityProvider, Party]) -> Callable[..., str]:
    """Somebody signs in; the code that their browser brings back."""

    def visited(login: str = "bob", party: Party = provider[1]) -> str:
        url = exchange.address(party, state=STATE, nonce=NONCE, verifier=VERIFIER, language="fr")
        with httpx2.Client() as browser:
            while not url.startswith(CALLBACK):
                answer = browser.get(url)
                assert answer.status_code in {200, 302, 303}, answer.text
                url = urljoin(url, answer.headers.get("location") or f"{urlsplit(url).path}?login={login}")
        came_back = parse_qs(urlsplit(url).query)
        assert came_back["state"] == [STATE]
        return came_back["code"][0]

    return visited


def identified(party: Party, code: str, **more: Any) -> exchange.Identity:
    facts = {"nonce": NONCE, "verifier": VERIFIER, "at": datetime.now(UTC), **more}
    return exchange.identify(party, code, **facts)


def test_whoever_signs_in_is_known_by_name(
    provider: tuple[IdentityProvider, Party], signed_in: Callable[..., str]
) -> None:
    identity = identified(provider[1], signed_in())
    assert identity.names == Proven("Bob Angelo Claude", "DURAND", "")
    assert identity.birthdate == "1980-02-29"
    assert identity.token.sub.endswith("v1")
    assert identity.token.acr == provider[1].acr
    assert identity.token.auth_time is not None


def test_what_franceconnect_does_not_know_is_not_sent(provider: tuple[IdentityProvider, Party]) -> None:
    url = exchange.address(provider[1], state=STATE, nonce=NONCE, verifier=VERIFIER, language="fr")
    asked = parse_qs(urlsplit(url).query)
    accepted = "client_id redirect_uri response_type scope acr_values nonce state claims prompt idp_hint ui_locales"
    assert set(asked) <= set(accepted.split(" "))
    assert asked["scope"] == ["openid given_name family_name preferred_username birthdate"]


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ("wrong nonce", UntrustedAnswer),
        ("tampered userinfo", UntrustedAnswer),
        ("late token", StaleAnswer),
    ],
)
def test_what_a_provider_does_wrong_is_refused(
    provider: tuple[IdentityProvider, Party],
    signed_in: Callable[..., str],
    fault: str,
    refusal: type[PlatformError],
) -> None:
    provider[0].fault(fault)
    code = signed_in()
    with pytest.raises(refusal):
        identified(provider[1], code)


def test_less_certainty_than_asked_is_refused(
    provider: tuple[IdentityProvider, Party], signed_in: Callable[..., str]
) -> None:
    provider[0].fault("wrong acr")
    code = signed_in()
    with pytest.raises(TooWeak):
        identified(replace(provider[1], kind=Means.FRANCECONNECT_PLUS, acr="eidas2"), code)


def test_a_code_is_good_for_once(provider: tuple[IdentityProvider, Party], signed_in: Callable[..., str]) -> None:
    code = signed_in()
    identified(provider[1], code)
    with pytest.raises(StaleAnswer):
        identified(provider[1], code)


def test_an_old_id_token_is_refused(provider: tuple[IdentityProvider, Party], signed_in: Callable[..., str]) -> None:
    code = signed_in()
    with pytest.raises(StaleAnswer):
        identified(provider[1], code, at=datetime.fromtimestamp(time.time() + 91, UTC))


def test_a_token_for_another_party_is_refused(
    provider: tuple[IdentityProvider, Party], signed_in: Callable[..., str], key: ECKey
) -> None:
    code = signed_in()
    with pytest.raises(UntrustedAnswer):
        identified(replace(provider[1], private_key=ECKey.generate_key("P-256")), code)


def test_a_wrong_secret_gets_nothing(provider: tuple[IdentityProvider, Party], signed_in: Callable[..., str]) -> None:
    code = signed_in()
    with pytest.raises(ProviderUnavailable):
        identified(replace(provider[1], secret="guessed"), code)


def test_a_provider_that_is_another_than_it_says_is_not_asked(provider: tuple[IdentityProvider, Party]) -> None:
    body = json.dumps({"issuer": "https://elsewhere.example"}).encode()
    with Listener(body=body) as impostor, pytest.raises(ProviderUnavailable):
        exchange.settings(impostor.url)


def test_a_provider_that_is_away_is_said_to_be(provider: tuple[IdentityProvider, Party]) -> None:
    with pytest.raises(ProviderUnavailable):
        exchange.settings(f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "login.example.org",
        "http://login.example.org",
        "https://a:b@c.example",
        "ftp://x.example",
        "https://[",
        "https://x.example?a=1",
    ],
)
def test_only_addresses_that_nobody_can_read_on_the_way_are_taken(
    provider: tuple[IdentityProvider, Party], address: str
) -> None:
    with pytest.raises(BadProvider):
        exchange.check_address(address)


def test_addresses_of_the_inner_network_are_not_asked(provider: tuple[IdentityProvider, Party]) -> None:
    with pytest.raises(ProviderUnavailable):
        exchange.settings("https://10.0.0.1/api/v2")
