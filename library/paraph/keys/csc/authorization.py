"""Leave that a person gives on the service's own page: OAuth 2.0 with a code and PKCE (v1 §8.3, v2 §8.4, RFC 7636).

    server = AuthorizationServer.of(service.info())
    server.page(client, Scope.SERVICE, state=state, verifier=verifier)     where the person goes
    server.token(client, code, verifier=verifier)                          what the code is worth, once

The token of the scope `service` lets us see the person's credentials. That of the scope `credential` is the signature
activation data: leave to sign these digests, and no others.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from paraph import fetch
from paraph.errors import Refused, Unavailable, UnknownClient
from paraph.keys.csc import answers


class Scope(StrEnum):
    """What a token is for."""

    SERVICE = "service"
    CREDENTIAL = "credential"


_NOT_YOU = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_NOT_KNOWN = {"invalid_client", "unauthorized_client"}


@dataclass(frozen=True, slots=True)
class Client:
    """We, as the service knows us."""

    id: str
    secret: str
    callback: str
    """Where people come back to."""


@dataclass(frozen=True, slots=True)
class AuthorizationServer:
    """Where people give leave, and where the code that they bring back is turned into a token."""

    authorize: str
    token_endpoint: str
    reachable: fetch.Reachable | None = None

    @classmethod
    def of(cls, info: Mapping[str, Any], *, reachable: fetch.Reachable | None = None) -> Self:
        """The one that `info` names: by its address, or by its issuer's, which tells the rest (RFC 8414).

        Raises:
            Unavailable: it names none, or not over HTTPS.
            Refused: it lies where `reachable` does not let us go.
        """
        if address := str(info.get("oauth2") or ""):
            base = _safe(address)
            return cls(f"{base}/oauth2/authorize", f"{base}/oauth2/token", reachable)
        issuer = str(info.get("oauth2Issuer") or "")
        parts = urlsplit(_safe(issuer))
        place = parts._replace(path=f"/.well-known/oauth-authorization-server{parts.path}")
        said = answers.granted(fetch.get(urlunsplit(place), reachable=reachable))
        if said.get("issuer") != issuer:
            raise Unavailable("The signing service's authorization server speaks for another.")
        authorize, token = (_safe(answers.text(said, f"{name}_endpoint")) for name in ("authorization", "token"))
        return cls(authorize, token, reachable)

    def page(self, client: Client, scope: Scope, *, state: str, verifier: str, **asked: str) -> str:
        """Where a person goes to give leave; `asked` for what, and in which `lang`uage."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": client.id,
            "redirect_uri": client.callback,
            "scope": str(scope),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **asked,
        }
        return f"{self.authorize}?{urlencode(query, quote_via=quote)}"

    def token(self, client: Client, code: str, *, verifier: str) -> str:
        """The access token that a code is worth; for the scope `credential` that is the SAD.

        Raises:
            Refused: the code was used, is too old, or was given to somebody else.
            Unavailable: the server did not answer, or not as OAuth says.
        """
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client.id,
            "client_secret": client.secret,
            "redirect_uri": client.callback,
            "code_verifier": verifier,
        }
        token = answers.text(answers.granted(self._asked(sent)), "access_token")
        if not token.isascii() or not token.isprintable() or " " in token:
            raise Refused("The signing service gave a token that cannot be sent back.")
        return token

    def recognise(self, client: Client) -> None:
        """Show a code that nobody was given: a server that knows us refuses the code, another one us (RFC 6749 §5.2).

        Raises:
            UnknownClient: it does not know us, or not by this secret.
            Unavailable: it did not answer, or not as OAuth says.
        """
        try:
            self.token(client, "nobody-was-given-this", verifier="nobody-left-with-this-verifier-of-43-characters")
        except UnknownClient:
            raise
        except Refused:
            return
        raise Unavailable("The signing service gives tokens for codes that it has not given.")

    def _asked(self, sent: Mapping[str, str]) -> fetch.Answer:
        """What the token endpoint answers; raises `UnknownClient` where that is its answer."""
        answer = fetch.post(
            self.token_endpoint,
            urlencode(sent).encode(),
            content_type="application/x-www-form-urlencoded",
            reachable=self.reachable,
        )
        if answer.status in _NOT_YOU or answers.error(answer) in _NOT_KNOWN:
            raise UnknownClient(f"The signing service answered {answer.status}: {answers.error(answer) or 'not you'}")
        return answer


def _safe(address: str) -> str:
    """HTTPS, or this machine: a code that others read is worth a signature."""
    try:
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        good = (parts.scheme == "https" or local) and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        good = False
    if not good:
        raise Unavailable("The signing service names no page of its own over HTTPS where leave is given.")
    return address.rstrip("/")
