"""FranceConnect, played in few lines for the demonstration, which starts quickly and without npm.

    with FranceConnect(8002, back_to="http://127.0.0.1:8000/"):
        ...

It is honest: what the real one refuses, and what a provider may do wrong, another one plays for the tests
(`identity_provider`). Everybody in `PEOPLE` may be chosen, without a password.
"""

import json
import secrets
import threading
import time
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel.dates import format_date
from joserfc import jws
from joserfc.jwk import ECKey

from paraph_testing.cast import BOB, CAROL, MALLORY, Person
from paraph_testing.played import language, page

CLIENT_ID, CLIENT_SECRET = "paraph", "the secret that the played FranceConnect and Paraph share"
PATH = "/api/v2"
GOOD_FOR = 60  # seconds
_WORDS = {
    "en": (
        "Who are you?",
        "Say that you are",
        "Go back without signing in",
        "You are signed out.",
        "Go back",
        "born on",
    ),
    "fr": (
        "Qui êtes-vous ?",
        "Dire que vous êtes",
        "Revenir sans s’identifier",
        "Vous êtes déconnecté.",
        "Revenir",
        "né le",
    ),
}


def _claims(person: Person, others: str, birthdate: str) -> dict[str, str]:
    return {
        "given_name": f"{person.first_name} {others}".strip(),
        "family_name": person.last_name.upper(),
        "birthdate": birthdate,
    }


PEOPLE = {
    "bob": _claims(BOB, "Angelo Claude", "1980-02-29"),
    "carol": _claims(CAROL, "", "1975-05-01"),
    "mallory": _claims(MALLORY, "", "1990-07-14"),
}


def _date(written: str, spoken: str) -> str:
    return format_date(date.fromisoformat(written), "long", locale=spoken)


class FranceConnect:
    """Answers on a port of this machine; people are sent back to addresses that begin with `back_to` only."""

    def __init__(self, port: int, *, back_to: str) -> None:
        self._back_to = back_to
        self._key = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)
        self._codes: dict[str, tuple[str, dict[str, str], float]] = {}
        self._tokens: dict[str, tuple[str, float]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"provider": self}))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def published(self) -> dict[str, Any]:
        """What it says of itself (OpenID Connect Discovery 1.0 §3)."""
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "session/end"}
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            **{f"{name}_endpoint": f"{self.issuer}/{place}" for name, place in places.items()},
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    # ------------------------------------------------------------ its pages

    def asks(self, query: dict[str, str], said: dict[str, str], spoken: str) -> tuple[str, str]:
        """A page on which somebody says who they are, or the address that they go back to."""
        back = query.get("redirect_uri", "")
        if query.get("client_id") != CLIENT_ID or not back.startswith(self._back_to) or not query.get("nonce"):
            return self._page("<p role='alert'>Y000400</p>", spoken), ""
        state = {"state": query.get("state", "")}
        if said.get("person") in PEOPLE:
            code = secrets.token_urlsafe(24)
            self._codes[code] = (said["person"], query, time.time())
            return "", f"{back}?{urlencode({'code': code, **state})}"
        if said:
            return "", f"{back}?{urlencode({'error': 'access_denied', **state})}"
        who, claim, without, _out, _back, born = _WORDS[spoken]
        people = "".join(
            f"<button name='person' value='{login}' aria-label='{claim} {escape(each['given_name'])} "
            f"{escape(each['family_name'])}'>{escape(each['given_name'])} {escape(each['family_name'])}"
            f"<small>{born} {_date(each['birthdate'], spoken)}</small></button>"
            for login, each in PEOPLE.items()
        )
        form = f"<form method='post'>{people}<button class='quiet' name='person' value=''>{without}</button></form>"
        return self._page(f"<h2>{who}</h2>{form}", spoken), ""

    def bids_farewell(self, query: dict[str, str], spoken: str) -> str:
        """The page of who signs out; it leads back."""
        back = query.get("post_logout_redirect_uri", "")
        _who, _claim, _without, out, word, _born = _WORDS[spoken]
        address = escape(f"{back}?{urlencode({'state': query.get('state', '')})}")
        link = f"<p><a href='{address}'>{word}</a></p>" if back.startswith(self._back_to) else ""
        return self._page(f"<p>{out}</p>{link}", spoken)

    def _page(self, content: str, spoken: str) -> str:
        return page("FranceConnect", content, colour="#000091", language=spoken)

    # ------------------------------------------------------------ what a program asks

    def redeemed(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What a code stands for, once (OpenID Connect Core §3.1.3)."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        login, query, began = self._codes.pop(form.get("code", ""), ("", {}, 0.0))
        now = time.time()
        if not login or began + GOOD_FOR < now or form.get("redirect_uri") != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        token = secrets.token_urlsafe(24)
        self._tokens[token] = (login, now)
        times = {"iat": int(now), "exp": int(now) + GOOD_FOR, "auth_time": int(began)}
        acr = query.get("acr_values", "eidas1").split()[0]
        claims = times | {"nonce": query["nonce"], "acr": acr, "amr": ["pwd"]}
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": GOOD_FOR}
        return 200, answer | {"id_token": self._signed(login, claims)}

    def told(self, bearer: str) -> str:
        """Who somebody is, signed; nothing for a token that is not good."""
        login, began = self._tokens.get(bearer, ("", 0.0))
        return self._signed(login, PEOPLE[login]) if login and began + GOOD_FOR > time.time() else ""

    def _signed(self, login: str, claims: dict[str, Any]) -> str:
        content = json.dumps({"iss": self.issuer, "aud": CLIENT_ID, "sub": f"{login}v1", **claims})
        return jws.serialize_compact({"alg": "ES256", "kid": self._key.kid}, content, self._key, algorithms=["ES256"])


class _Handler(BaseHTTPRequestHandler):
    provider: FranceConnect

    def do_GET(self) -> None:
        path, query = self._asked()
        match path:
            case "/.well-known/openid-configuration":
                self._json(200, self.provider.published())
            case "/jwks":
                self._json(200, self.provider.keys())
            case "/userinfo":
                told = self.provider.told(self.headers.get("Authorization", "").removeprefix("Bearer "))
                self._answer(200 if told else 401, told, "application/jwt")
            case "/authorize":
                self._page(*self.provider.asks(query, {}, self._spoken))
            case "/session/end":
                self._page(self.provider.bids_farewell(query, self._spoken), "")
            case _:
                self._answer(404, "", "text/plain")

    def do_POST(self) -> None:
        path, query = self._asked()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        said = dict(parse_qsl(body, keep_blank_values=True))
        match path:
            case "/token":
                self._json(*self.provider.redeemed(said))
            case "/authorize":
                self._page(*self.provider.asks(query, said, self._spoken))
            case _:
                self._answer(404, "", "text/plain")

    def log_message(self, *arguments: object) -> None:
        """Nobody reads it."""

    @property
    def _spoken(self) -> str:
        return language(self.headers.get("Accept-Language", ""))

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path.removeprefix(PATH), dict(parse_qsl(parts.query))

    def _page(self, content: str, address: str) -> None:
        self._answer(302 if address else 200, content, "text/html; charset=utf-8", Location=address)

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self._answer(status, json.dumps(answer), "application/json")

    def _answer(self, status: int, content: str, kind: str, **headers: str) -> None:
        self.send_response(status)
        body = content.encode()
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
