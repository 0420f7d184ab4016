"""The FranceConnect and the provider of the demonstration: who they send where, and what outlives them."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jws
from joserfc.jwk import KeySet
from paraph.trustlists import TrustedLists
from paraph_testing.citizens import CLIENT_ID, CLIENT_SECRET, FranceConnect
from paraph_testing.partners import KEPT, keep, publish
from paraph_testing.pki import Pki

HOME = "http://127.0.0.1:8000/"
BACK = f"{HOME}openid/callback"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.fixture
def france() -> Iterator[FranceConnect]:
    with FranceConnect(0, back_to=HOME) as running:
        yield running


def sent(france: FranceConnect, person: str, **asked: str) -> tuple[int, str]:
    """Somebody answers who they are: the status, and where they are sent."""
    query = {"client_id": CLIENT_ID, "redirect_uri": BACK, "nonce": "n" * 43, "state": "s", "acr_values": "eidas1"}
    address = f"{france.issuer}/authorize?{urlencode(query | asked)}"
    try:
        with urllib.request.build_opener(Stay).open(address, urlencode({"person": person}).encode()) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers["Location"]


def redeemed(france: FranceConnect, code: str, secret: str = CLIENT_SECRET) -> dict[str, Any]:
    form = {"client_id": CLIENT_ID, "client_secret": secret, "code": code, "redirect_uri": BACK}
    try:
        with urllib.request.urlopen(f"{france.issuer}/token", urlencode(form).encode()) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as refused:
        return dict(json.load(refused))


def claims(france: FranceConnect, token: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{france.issuer}/jwks") as answer:
        keys = KeySet.import_key_set(json.load(answer))
    found: dict[str, Any] = json.loads(jws.deserialize_compact(token, keys, algorithms=["ES256"]).payload)
    return found


def test_somebody_signs_in_once_and_their_names_are_told_signed(france: FranceConnect) -> None:
    status, address = sent(france, "bob")
    assert (status, address.startswith(BACK)) == (302, True)
    [code] = parse_qs(urlsplit(address).query)["code"]
    answer = redeemed(france, code)
    token = claims(france, answer["id_token"])
    assert (token["nonce"], token["acr"], token["aud"]) == ("n" * 43, "eidas1", CLIENT_ID)
    request = urllib.request.Request(
        f"{france.issuer}/userinfo", headers={"Authorization": f"Bearer {answer['access_token']}"}
    )
    with urllib.request.urlopen(request) as told:
        person = claims(france, told.read().decode())
    assert (person["sub"], person["family_name"]) == (token["sub"], "DURAND")
    assert redeemed(france, code) == {"error": "invalid_grant"}


def test_who_goes_back_has_not_signed_in(france: FranceConnect) -> None:
    assert "error=access_denied" in sent(france, "")[1]


@pytest.mark.parametrize("asked", [{"redirect_uri": "https://mallory.example/"}, {"client_id": "mallory"}])
def test_nobody_is_sent_elsewhere(france: FranceConnect, asked: dict[str, str]) -> None:
    assert sent(france, "bob", **asked) == (200, "")


def test_a_code_is_for_who_has_the_secret(france: FranceConnect) -> None:
    [code] = parse_qs(urlsplit(sent(france, "bob")[1]).query)["code"]
    assert redeemed(france, code, secret="guessed") == {"error": "invalid_client"}


def test_the_providers_keys_outlive_it(tmp_path: Path) -> None:
    before, after = Pki(), Pki()
    keep(before, tmp_path / "keys")
    keep(after, tmp_path / "keys")
    assert [getattr(after, each).certificate for each in KEPT] == [getattr(before, each).certificate for each in KEPT]
    assert after.qualified.chain == before.qualified.chain
    assert all(each.stat().st_mode & 0o077 == 0 for each in (tmp_path / "keys").iterdir())


@pytest.mark.parametrize("days", [0, 60])
def test_its_certificates_are_qualified_by_the_lists_that_it_brings(tmp_path: Path, days: int) -> None:
    """Also those of a demonstration that began long ago."""
    keep(Pki(datetime.now(UTC) - timedelta(days=days)), tmp_path / "keys")
    pki = Pki()
    keep(pki, tmp_path / "keys")
    publish(pki, tmp_path)
    lists, carol = TrustedLists(tmp_path / "lists"), pki.qualified
    found = lists.qualification(carol.certificate, carol.chain, at=datetime.now(UTC))
    assert found is not None
    assert (found.qualified, found.purpose, found.on_device) == (True, "esign", True)
