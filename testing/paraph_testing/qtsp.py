"""A qualified trust service provider of our own making: the CSC API, versions 1 and 2, over HTTP, with its own pages.

    with Qtsp(at=noon) as provider:
        provider.open("carol", provider.pki.qualified)
        CscService(provider.url, token, provider.version).credential("carol-1")

People sign in and type their PIN on its pages and nowhere else. A token of the scope `credential` is leave to sign the
digests that the page was opened with, once. Certificates are those of `provider.pki`, whose status it tells as well.
"""

import json
import secrets
import threading
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from html import escape
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from paraph.algorithms import Digest, Hash
from paraph.keys.csc import Version
from paraph.keys.file import FileSigner

from paraph_testing.pki import Pki
from paraph_testing.played import page
from paraph_testing.status import StatusService

CLIENT, SECRET = "paraph", "the provider's word for Paraph"
PASSWORD, PIN = "correct horse", "271828"
_DISCOVERED, _USUAL = "authorization", "oauth2"
_ENDPOINTS = {"authorization": "authorize", "token": "token"}
NAME = "Atelier Trust"
_PAGE = """{fault}<form method="post">{content}<button name="answer" value="yes">{yes}</button>
<button class="quiet" name="answer" value="no" formnovalidate>Cancel</button></form>"""
_LOGIN = f"""<p>Sign in to let Paraph see your certificates.</p>
<p><label>Account <input name="account" required autocapitalize="none"></label></p>
<p><label>Password <input name="password" type="password" required></label></p>
<p class="hint">Here for trying: account <code>carol</code>, password <code>{PASSWORD}</code></p>"""
_LEAVE = """<p>{account}, you are asked for {number} signature(s) with {credential}, of:</p><ul>{hashes}</ul>
<p><label>PIN <input name="pin" type="password" inputmode="numeric" required></label></p>
<p class="hint">Here for trying: PIN <code>271828</code></p>"""


@dataclass
class Grant:
    """What a code or a token is worth."""

    account: str
    scope: str
    asked: dict[str, str]
    challenge: str = ""
    used: bool = False


@dataclass
class Qtsp:
    """The provider; `url` is what a client writes down.

    `discovered`: it names the issuer of its authorization server, which tells the rest (RFC 8414); `metadata` is what
    that says otherwise than it should. `away`: it answers nothing but 503. `other_key`: what it signs with instead,
    without saying so. `fewer`: it leaves out the last signature. `lax`: it believes whatever leave it is shown, however
    often.
    """

    at: datetime | None = None
    version: Version = Version.V2
    discovered: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    away: bool = False
    lax: bool = False
    fewer: bool = False
    other_key: FileSigner | None = None
    asked: list[str] = field(default_factory=list)
    signed: int = 0
    callback: str = ""
    """Where people may be sent back to; the first address that is asked for, where a test has not said."""
    port: int = 0
    status_port: int = 0

    def __post_init__(self) -> None:
        self.status = StatusService(self.at, port=self.status_port)
        self.keys: dict[str, dict[str, FileSigner]] = {}
        self.codes: dict[str, Grant] = {}
        self.tokens: dict[str, Grant] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), type("Handler", (_Handler,), {"provider": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self.status.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.status.__exit__(*exception)

    @property
    def pki(self) -> Pki:
        return self.status.pki

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/{_DISCOVERED}"

    def described(self) -> dict[str, str]:
        """What its authorization server says of itself (RFC 8414 §2)."""
        places = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in _ENDPOINTS.items()}
        return {"issuer": self.issuer, **places, **self.metadata}

    def open(self, account: str, *keys: FileSigner) -> None:
        """An account, with its credentials: `carol-1`, `carol-2`, and so on."""
        self.keys[account] = {f"{account}-{number}": key for number, key in enumerate(keys, start=1)}

    # ------------------------------------------------------------ its pages

    def page(self, query: dict[str, str], said: dict[str, str], cookie: str) -> tuple[str, str, str]:
        """What a person gets to see: a page, or the address they are sent to, and who they are from now on."""
        if fault := self._unknown(query):
            return _page(content="", yes="Continue", fault=fault), "", cookie
        if said.get("answer") == "no":
            return "", self._back(query, error="access_denied"), cookie
        if query["scope"] == "service":
            return self._log_in(query, said)
        return self._give_leave(query, said, cookie)

    def _unknown(self, query: dict[str, str]) -> str:
        self.callback = self.callback or query.get("redirect_uri", "")
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        if any(query.get(name) != value for name, value in wanted.items()) or not query.get("code_challenge"):
            return "This client is not known, or brings no challenge."
        if query.get("redirect_uri") != self.callback:
            return "This client is not known under this address."
        return "" if query.get("scope") in {"service", "credential"} else "There is no such scope."

    def _log_in(self, query: dict[str, str], said: dict[str, str]) -> tuple[str, str, str]:
        account = said.get("account", "")
        if account in self.keys and said.get("password") == PASSWORD:
            return "", self._back(query, code=self._code(account, query)), account
        return _page(_LOGIN, "Sign in", "Wrong account or password." if said else ""), "", ""

    def _give_leave(self, query: dict[str, str], said: dict[str, str], account: str) -> tuple[str, str, str]:
        credential = query.get("credentialID", "")
        if credential not in self.keys.get(account, {}) or len(_hashes(query)) != int(query["numSignatures"]):
            return "", self._back(query, error="invalid_request"), account
        if said.get("pin") == PIN:
            return "", self._back(query, code=self._code(account, query)), account
        shown = "".join(f"<li><code>{escape(each.hex()[:16])}…</code></li>" for each in _hashes(query))
        content = _LEAVE.format(
            account=escape(account), number=len(_hashes(query)), credential=escape(credential), hashes=shown
        )
        return _page(content, "Sign", "Wrong PIN." if said else ""), "", account

    def _code(self, account: str, query: dict[str, str]) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = Grant(account, query["scope"], query, query["code_challenge"])
        return code

    def _back(self, query: dict[str, str], **answer: str) -> str:
        return f"{query['redirect_uri']}?{urlencode(answer | {'state': query.get('state', '')})}"

    # ------------------------------------------------------------ its API

    def token(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A code becomes a token, once, for whoever asked for it (RFC 6749 §4.1.3, RFC 7636 §4.6)."""
        grant = self.codes.get(said.get("code", ""))
        challenge = urlsafe_b64encode(sha256(said.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if said.get("client_id") != CLIENT or said.get("client_secret") != SECRET:
            return 401, {"error": "invalid_client"}
        if not grant or grant.used or grant.challenge != challenge or said.get("redirect_uri") != self.callback:
            return 400, {"error": "invalid_grant"}
        grant.used = True
        token = secrets.token_urlsafe(24)
        self.tokens[token] = Grant(grant.account, grant.scope, grant.asked)
        return 200, {"access_token": token, "token_type": "Bearer" if grant.scope == "service" else "SAD"}

    def call(self, name: str, bearer: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A call of the API."""
        self.asked.append(name)
        if name == "info":
            where = {"oauth2Issuer": self.issuer} if self.discovered else {"oauth2": self.url}
            specs = {Version.V1: "1.0.4.0", Version.V2: "2.0.0.0"}[self.version]
            return 200, {"specs": specs, "name": NAME, "authType": ["oauth2code"], **where}
        grant = self.tokens.get(bearer)
        if name == "signatures/signHash":
            return self._sign(said, grant)
        if grant is None or grant.scope != "service":
            return 401, {"error": "invalid_token"}
        if name == "credentials/list":
            return 200, {"credentialIDs": list(self.keys[grant.account])}
        key = self.keys[grant.account].get(said.get("credentialID", ""))
        if name != "credentials/info" or key is None:
            return 400, {"error": "invalid_request"}
        chain = [b64encode(each.public_bytes(Encoding.DER)).decode() for each in (key.certificate, *key.chain)]
        mode = {"auth": {"mode": "oauth2code"}} if self.version is Version.V2 else {"authMode": "oauth2code"}
        return 200, {
            "key": {"status": "enabled", "algo": [key.algorithm.oid]},
            "cert": {"status": "valid", "certificates": chain},
            "SCAL": "2",
            "multisign": 10,
            **mode,
        }

    def _sign(self, said: dict[str, Any], bearer: Grant | None) -> tuple[int, dict[str, Any]]:
        """Exactly what leave was given for, once: that is what SCAL 2 promises."""
        v2 = self.version is Version.V2
        leave = bearer if v2 else self.tokens.get(said.get("SAD", ""))
        if leave is None or bearer is None or leave.scope != "credential" or leave.account != bearer.account:
            return 400, {"error": "invalid_request", "error_description": "Invalid parameter SAD"}
        values = [b64decode(each) for each in said.get("hashes" if v2 else "hash", [])]
        same = values == _hashes(leave.asked) and said.get("credentialID") == leave.asked["credentialID"]
        if not self.lax and (leave.used or not same):
            return 400, {"error": "invalid_request", "error_description": "Leave was given for something else"}
        leave.used = True
        algorithm = Hash.from_oid(said["hashAlgorithmOID" if v2 else "hashAlgo"])
        key = self.other_key or self.keys[leave.account][said["credentialID"]]
        made = [key.sign(Digest(algorithm, each)) for each in values][: len(values) - self.fewer]
        self.signed += len(made)
        return 200, {"signatures": [b64encode(each).decode() for each in made]}


def _page(content: str, yes: str, fault: str) -> str:
    told = f"<p role='alert'>{fault}</p>" if fault else ""
    return page(NAME, _PAGE.format(fault=told, content=content, yes=yes), colour="#1f6f4a", language="en")


def _hashes(query: dict[str, str]) -> list[bytes]:
    """What a page was asked to have signed."""
    written = query.get("hashes") or query.get("hash") or ""
    return [urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in written.split(",") if each]


class _Handler(BaseHTTPRequestHandler):
    provider: Qtsp
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if urlsplit(self.path).path == f"/.well-known/oauth-authorization-server/{_DISCOVERED}":
            self._json(200, self.provider.described())
        else:
            self._page({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path = urlsplit(self.path).path
        server = _DISCOVERED if self.provider.discovered else _USUAL
        if self.provider.away:
            self._answer(503, b"{}", "application/json")
        elif path == f"/{server}/authorize":
            self._page(dict(parse_qsl(body)))
        elif path == f"/{server}/token":
            self._json(*self.provider.token(dict(parse_qsl(body))))
        elif path.startswith(f"/csc/{self.provider.version}/"):
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._json(
                *self.provider.call(path.removeprefix(f"/csc/{self.provider.version}/"), bearer, json.loads(body))
            )
        else:
            self._answer(404, b"", "text/plain")

    def log_message(self, *arguments: object) -> None:
        """Tests read `asked` instead."""

    def _page(self, said: dict[str, str]) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("account")
        content, address, account = self.provider.page(query, said, cookie.value if cookie else "")
        headers = {"Set-Cookie": f"account={account}; HttpOnly; Path=/"} | ({"Location": address} if address else {})
        self._answer(302 if address else 200, content.encode(), "text/html; charset=utf-8", **headers)

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self._answer(status, json.dumps(answer).encode(), "application/json")

    def _answer(self, status: int, content: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Type": kind, "Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
