"""An organisation's own OpenID Connect provider, which says whatever a test wants, also what no honest one says.

with Directory() as directory:
    code = directory.signs_in({"sub": "bob", "email": "bob@example.org"}, asked)
"""

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

from joserfc import jws
from joserfc.jwk import ECKey

CLIENT_ID, CLIENT_SECRET = "paraph", "a secret that the directory and this platform share"
Claims = dict[str, Any]


@dataclass
class Directory:
    """Answers on a port of this machine while it is used as a context."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True))
    sign: Callable[[Claims], str] | None = None
    """How ID tokens are signed, instead of honestly."""
    amiss: Claims = field(default_factory=dict)
    """What ID tokens say instead of the truth."""

    def __post_init__(self) -> None:
        self._codes: dict[str, tuple[Claims, Mapping[str, str]]] = {}
        self._tokens: dict[str, Claims] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def signs_in(self, person: Mapping[str, Any], asked: Mapping[str, str]) -> str:
        """Somebody has signed in, as a browser's query `asked`; the code that it brings back."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(person), dict(asked)
        return code

    def honestly(self, claims: Claims) -> str:
        return self.compact({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    @staticmethod
    def compact(header: dict[str, Any], claims: Claims, key: Any) -> str:
        return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[header["alg"]])

    def _published(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/out",
        }

    def _redeemed(self, form: Mapping[str, str]) -> Claims | None:
        """A code is good once, for who has the secret, and for who knows what its digest was shown of (RFC 7636)."""
        nothing: tuple[Claims, Mapping[str, str]] = {}, {}
        person, asked = self._codes.pop(form.get("code", ""), nothing)
        digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = form.get("client_secret") == CLIENT_SECRET and form.get("redirect_uri") == asked.get("redirect_uri")
        if not known or digest != asked.get("code_challenge"):
            return None
        at, token = int(time.time()), secrets.token_urlsafe(16)
        self._tokens[token] = person
        claims: Claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "nonce": asked.get("nonce"),
            "iat": at,
            "exp": at + 60,
            "auth_time": at,
            **{name: person[name] for name in ("sub", "amr", "acr") if name in person},
            **self.amiss,
        }
        return {"access_token": token, "token_type": "Bearer", "id_token": (self.sign or self.honestly)(claims)}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                answers: dict[str, Claims | None] = {
                    "/.well-known/openid-configuration": directory._published(),
                    "/jwks": {"keys": [directory.key.as_dict(private=False)]},
                    "/userinfo": directory._tokens.get(token),
                }
                self._answer(answers.get(self.path), otherwise=404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(directory._redeemed(form), otherwise=400)

            def _answer(self, found: Claims | None, *, otherwise: int) -> None:
                body = json.dumps(found or {"error": "invalid_grant"}).encode()
                self.send_response(200 if found else otherwise)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                """Nobody reads it."""

        return Handler
