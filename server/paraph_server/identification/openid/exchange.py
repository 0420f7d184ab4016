"""The three questions that a provider is asked: its settings, what a code stands for, and who that is."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.core.cache import cache
from django.utils.translation import gettext as _
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from paraph import fetch
from paraph.errors import Refused, Unavailable
from paraph.evidence import Means

from paraph_server.identification.errors import (
    BadProvider,
    ProviderUnavailable,
    StaleAnswer,
    TooWeak,
    UntrustedAnswer,
)
from paraph_server.identification.names import Proven
from paraph_server.identification.openid import tokens
from paraph_server.identification.openid.kinds import RULES, Rules, strong_enough
from paraph_server.identification.openid.tokens import IdToken, Reader
from paraph_server.web.reach import reachable

REMEMBERED = 600
"""Seconds for which settings and keys of a provider are good."""
LARGEST = 256 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Party:
    """We, as one provider knows us."""

    kind: Means
    issuer: str
    client_id: str
    secret: str
    acr: str
    callback: str
    private_key: ECKey | None = None
    of_users: bool = False
    """Whether our own users sign in there, whose e-mail addresses are asked for, and who may be signed in already."""

    @property
    def rules(self) -> Rules:
        return RULES[self.kind]

    @property
    def scopes(self) -> tuple[str, ...]:
        return (*self.rules.scopes, "email") if self.of_users else self.rules.scopes


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as a provider says."""

    token: IdToken
    names: Proven
    birthdate: str
    email: str = ""
    """An address that the provider says to have verified; none otherwise."""


def check_address(url: str) -> str:
    """An address that providers may have.

    Raises:
        BadProvider: it is none, or what is said there could be read and changed on the way.
    """
    try:
        parts = urlsplit(url.strip())
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        good = safe and parts.hostname and not (parts.username or parts.query or parts.fragment) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadProvider(_("Write the provider’s address as https://login.example.org, without a user name."))
    return url.strip().rstrip("/")


def settings(issuer: str) -> dict[str, Any]:
    """What a provider publishes of itself (OpenID Connect Discovery 1.0 §4).

    Raises:
        ProviderUnavailable: it does not answer, or not with its settings.
    """
    found = _remembered(f"openid {issuer}", f"{issuer}/.well-known/openid-configuration", again=False)
    if found.get("issuer") != issuer:
        raise _unavailable()
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        _endpoint(found, name)
    return found


def address(
    party: Party, *, state: str, nonce: str, verifier: str, language: str, fresh: bool = True, hint: str = ""
) -> str:
    """Where somebody goes to sign in, anew if it is to be `fresh`; raises `ProviderUnavailable`."""
    found = settings(party.issuer)
    asked = {
        "response_type": "code",
        "client_id": party.client_id,
        "redirect_uri": party.callback,
        "scope": " ".join(party.scopes),
        "state": state,
        "nonce": nonce,
        "ui_locales": language,
    }
    # A signature is not made with a sign-in that lasts since the morning.
    further = {"prompt": "login" if fresh else "", "acr_values": party.acr, "login_hint": hint}
    asked |= {name: value for name, value in further.items() if value}
    if _takes_pkce(party, found):
        digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked |= {"code_challenge": digest, "code_challenge_method": "S256"}
    return f"{_endpoint(found, 'authorization_endpoint')}?{urlencode(asked, quote_via=quote)}"


def identify(party: Party, code: str, *, nonce: str, verifier: str, at: datetime) -> Identity:
    """Who stands behind a code that a browser brought back.

    Raises:
        ProviderUnavailable: the provider does not answer.
        StaleAnswer: the code or what it gave is not good any more.
        UntrustedAnswer: an answer is not the provider's, or not for us.
        TooWeak: less was proven than asked.
    """
    found = settings(party.issuer)
    answer = _redeemed(party, found, code, verifier)
    reader = _reader(party, found)
    token = tokens.id_token(str(answer.get("id_token", "")), reader, nonce=nonce, at=at)
    if not strong_enough(party.kind, party.acr, token.acr):
        raise TooWeak(
            _("You signed in with less certainty than this signature needs. Please choose another means there.")
        )
    claims = _userinfo(str(answer.get("access_token", "")), found, reader, token.sub)
    names = Proven(*(_text(claims, name) for name in ("given_name", party.rules.family_name, "preferred_username")))
    if party.kind is Means.OIDC:  # its preferred_username is a login (OpenID Connect Core §5.1)
        names = Proven(names.given_names, names.family_name)
    email = tokens.verified_email(claims) or tokens.verified_email(token.claims)
    return Identity(token, names, _text(claims, "birthdate"), email)


def farewell(party: Party, id_token: str, *, state: str, back: str) -> str:
    """Where somebody goes to sign out at the provider; "" if it has no such place, or does not answer."""
    try:
        found = settings(party.issuer)
    except ProviderUnavailable:
        return ""
    if "end_session_endpoint" not in found:
        return ""
    asked = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": back}
    return f"{_endpoint(found, 'end_session_endpoint')}?{urlencode(asked, quote_via=quote)}"


def _redeemed(party: Party, found: dict[str, Any], code: str, verifier: str) -> dict[str, Any]:
    """What the code gives (OpenID Connect Core §3.1.3)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": party.callback,
        "client_id": party.client_id,
        "client_secret": party.secret,
    }
    if _takes_pkce(party, found):
        form["code_verifier"] = verifier
    try:
        answer = fetch.post(
            _endpoint(found, "token_endpoint"),
            urlencode(form).encode(),
            content_type="application/x-www-form-urlencoded",
            headers={"Accept": "application/json"},
            reachable=reachable,
        )
    except (Unavailable, Refused) as error:
        raise _unavailable() from error
    given = _object(answer.body)
    if answer.status == HTTPStatus.BAD_REQUEST and given.get("error") == "invalid_grant":
        raise StaleAnswer(_("This sign-in was used already, or took too long. Please start again."))
    if answer.status != HTTPStatus.OK:
        raise _unavailable()
    return given


def _userinfo(access_token: str, found: dict[str, Any], reader: Reader, sub: str) -> dict[str, Any]:
    """What is told of them, which must be signed where the provider's kind says so, and may be plain JSON elsewhere."""
    try:
        answer = fetch.get(
            _endpoint(found, "userinfo_endpoint"),
            headers={"Authorization": f"Bearer {access_token}"},
            reachable=reachable,
        )
    except (Unavailable, Refused) as error:
        raise _unavailable() from error
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise StaleAnswer(_("Your sign-in took too long to reach us, and is not good any more. Please start again."))
    if answer.status != HTTPStatus.OK:
        raise _unavailable()
    if answer.content_type == "application/jwt":
        return tokens.userinfo(answer.body.decode("ascii", "replace"), reader, sub=sub)
    if reader.signed_only:
        raise UntrustedAnswer(_("What the provider told us is not signed, so we did not use it."))
    return tokens.about(_object(answer.body), sub)


def _reader(party: Party, found: dict[str, Any]) -> Reader:
    def keys(again: bool) -> KeySet:  # noqa: FBT001  tokens.Keys
        published = _remembered(f"openid keys {party.issuer}", _endpoint(found, "jwks_uri"), again=again)
        try:
            return KeySet.import_key_set({"keys": [each for each in published["keys"] if each.get("use") != "enc"]})
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unavailable() from error

    rules = party.rules
    return Reader(party.issuer, party.client_id, rules.algorithms, keys, party.private_key, signed_only=rules.strict)


def _takes_pkce(party: Party, found: dict[str, Any]) -> bool:
    """Of users' providers all but the strict ones are sent it, also those that know it and do not say so (Entra ID)."""
    return not party.rules.strict and (party.of_users or "S256" in found.get("code_challenge_methods_supported", ()))


def _endpoint(found: dict[str, Any], name: str) -> str:
    try:
        return check_address(str(found.get(name, "")))
    except BadProvider as error:
        raise _unavailable() from error


def _remembered(key: str, url: str, *, again: bool) -> dict[str, Any]:
    """A JSON object that lies at an address, and seldom changes."""
    key = sha256(key.encode()).hexdigest()
    known: dict[str, Any] | None = None if again else cache.get(key)
    if known is None:
        try:
            answer = fetch.get(url, headers={"Accept": "application/json"}, reachable=reachable)
        except (Unavailable, Refused) as error:
            raise _unavailable() from error
        known = _object(answer.body)
        if answer.status != HTTPStatus.OK or not known:
            raise _unavailable()
        cache.set(key, known, REMEMBERED)
    return known


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value[:200] if isinstance(value, str) else ""


def _unavailable() -> ProviderUnavailable:
    return ProviderUnavailable(_("The identity provider does not answer as it should. Please try again in a moment."))
