"""A shop whose orders are signed on its own page: order, sign, verify, done. Nothing but Python's standard library.

    make run                 # in one terminal: the platform
    make shop                # in another: the shop, at http://localhost:8042/

Everything that a real shop does is here, but for the payment itself and a database.
"""

import html
import json
import os
import re
import secrets
import string
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import contracts

API = os.environ.get("PARAPH_API", "http://127.0.0.1:8000/api")
TOKEN = os.environ["PARAPH_TOKEN"]
PORT = int(os.environ.get("PORT", "8042"))
SHOP = f"http://localhost:{PORT}"  # another site than 127.0.0.1, for a browser: as in real life
PAGE = Path(__file__).with_name("page.html").read_text()
ORDERS: dict[str, dict] = {}  # a real shop has a database


def call(method: str, path: str, body: object = None, **headers: str) -> bytes:
    """One request to Paraph, with the shop's token, which never leaves this server."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"{API}/{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def ask(method: str, path: str, body: object = None, **headers: str) -> dict:
    return json.loads(call(method, path, body, **headers))


def allow_this_site() -> None:
    """Once per site: an administrator says that this shop may show the organisation's signing pages."""
    tenant = ask("GET", f"tenants/{ask('GET', 'users/me')['tenantId']}")
    ask("PATCH", f"tenants/{tenant['id']}", {"allowedOrigins": [*tenant["allowedOrigins"], SHOP]})


def place_order(first_name: str, last_name: str, phone: str) -> str:
    """Make the contract, and a workflow that only this customer signs: no e-mail, a code by SMS."""
    order = secrets.token_urlsafe(16)  # nobody guesses another customer's order
    pages = ask("GET", "consentPages?itemsPerPage=100")["items"]
    consent = next(each["id"] for each in pages if each["authenticationMode"] == "sms")
    who = {"firstName": first_name, "lastName": last_name, "phoneNumber": phone, "preferredLocale": "fr"}
    steps = [{"stepType": "signature", "maxInvites": 0, "recipients": [who | {"consentPageId": consent}]}]
    workflow = ask("POST", "users/me/workflows", {"name": "Commande n° 1042", "steps": steps, "data1": order})["id"]
    profile = ask("GET", "signatureProfiles")["items"][0]["id"]
    file = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="commande-1042.pdf"'}
    contract = contracts.order("1042", f"{first_name} {last_name}")
    place = f"workflows/{workflow}/parts?createDocuments=true&signatureProfileId={profile}"
    added = ask("POST", place, contract, **file)
    field = {"imagePage": -1, "imageX": 60, "imageY": 400, "imageWidth": 220, "imageHeight": 90}
    ask("PATCH", f"documents/{added['documents'][0]['id']}", {"pdfSignatureFields": [field]})
    ask("PATCH", f"workflows/{workflow}", {"workflowStatus": "started"})
    ORDERS[order] = {"workflow": workflow, "phone": phone, "state": "to-sign", "file": b""}
    return order


def invite(order: str) -> str:
    """A fresh link for each time the page is shown: good for this site, this customer, and a day."""
    back = f"{SHOP}/orders/{order}/return"
    wanted = {"recipientPhone": ORDERS[order]["phone"], "embedOrigin": SHOP, "redirectUrl": back}
    return ask("POST", f"workflows/{ORDERS[order]['workflow']}/invite", wanted)["inviteUrl"]


def settle(order: str, code: str) -> None:
    """Believe the platform, not the browser: what does the code say, and about this order's workflow?"""
    workflow = ORDERS[order]["workflow"]
    outcome = ask("POST", f"workflows/{workflow}/return", {"code": code})["outcome"]
    if outcome == "refused":
        ORDERS[order]["state"] = "refused"
    elif outcome == "signed":
        for _ in range(240):  # two minutes at most: the platform proves the signed file before it gives it out
            if ask("GET", f"workflows/{workflow}")["workflowStatus"] == "finished":
                file = call("GET", f"workflows/{workflow}/downloadDocuments")
                ORDERS[order] |= {"file": file, "state": "paid"}  # a real shop now asks its payment provider
                return
            time.sleep(0.5)


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        match parts.path.strip("/").split("/"):
            case [""]:
                self.show("order")
            case ["orders", order] if order in ORDERS:
                state = ORDERS[order]["state"]
                self.show(state, order=order, invite=invite(order) if state == "to-sign" else "")
            case ["orders", order, "return"] if order in ORDERS:  # where no frame could be shown
                self.come_back(order, parse_qs(parts.query))
            case ["orders", order, "contract.pdf"] if order in ORDERS and ORDERS[order]["file"]:
                self.answer(200, ORDERS[order]["file"], "application/pdf")
            case _:
                self.show("fault", 404, fault="Cette page n’existe pas.")

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 10_000)).decode())
        match self.path.strip("/").split("/"):
            case ["orders"]:
                try:
                    order = place_order(*(form.get(name, [""])[0] for name in ("first_name", "last_name", "phone")))
                except urllib.error.HTTPError as refusal:
                    self.show("fault", 400, fault=json.load(refusal)["message"])
                else:
                    self.answer(303, b"", "text/plain", Location=f"/orders/{order}")
            case ["orders", order, "return"] if order in ORDERS:
                self.come_back(order, form)
            case _:
                self.show("fault", 404, fault="Cette page n’existe pas.")

    def come_back(self, order: str, said: dict[str, list[str]]) -> None:
        try:
            settle(order, said.get("code", [""])[0])
        except urllib.error.HTTPError:
            self.show("fault", 403, fault="Ce retour n’a pas pu être vérifié : la commande n’est pas validée.")
        else:
            self.answer(303, b"", "text/plain", Location=f"/orders/{order}")

    def show(self, state: str, status: int = 200, **values: str) -> None:
        filled = {"paraph": API.removesuffix("/api"), **values}
        page = re.sub(f'<section data-show="(?!{state}").*?</section>', "", PAGE, flags=re.DOTALL)
        page = string.Template(page).substitute({name: html.escape(value) for name, value in filled.items()})
        self.answer(status, page.encode(), "text/html; charset=utf-8")

    def answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    allow_this_site()
    print(f"The shop is open: {SHOP}/", flush=True)
    ThreadingHTTPServer(("127.0.0.1", PORT), Shop).serve_forever()
