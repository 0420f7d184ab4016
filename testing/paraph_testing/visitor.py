"""Somebody with a browser that has no scripts: opens pages, fills in forms, reads the inbox.

sign(platform, BOB)        # Bob finds his newest invitation and signs
"""

import re
import time
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urljoin

import httpx2

from paraph_testing.cast import Person
from paraph_testing.demo import Platform
from paraph_testing.inbox import LINK

PATIENCE = 60.0  # seconds until a message or a signature is there
CODE = re.compile(r"\b\d{6}\b")
ANY = re.compile("")
ELSEWHERE = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')


@dataclass
class Form:
    """A form as it stands on a page, with the values it came with."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag == "input" and self.forms and given.get("name") and given.get("type") not in {"checkbox", "radio"}:
            self.forms[-1].fields[given["name"]] = given.get("value", "")


class Visitor:
    """One browser session."""

    def __init__(self) -> None:
        self._http = httpx2.Client(follow_redirects=True, timeout=30)
        self.address = ""
        self.page = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.close()

    def open(self, address: str) -> str:
        """Go to a page and return its HTML."""
        return self._arrive(self._http.get(urljoin(self.address, address)))

    def submit(self, ending: str, **values: str) -> str:
        """Send the form of this page whose action ends like this, filled in, and return the page that follows."""
        forms = _Forms()
        forms.feed(self.page)
        [form] = [each for each in forms.forms if each.action.split("?")[0].endswith(ending)]
        target = urljoin(self.address, form.action)
        return self._arrive(self._http.request(form.method.upper(), target, data=form.fields | values))

    def leave(self, ending: str, **values: str) -> str:
        """The same with a form that leads to somebody else's page, over one of ours."""
        self.submit(ending, **values)
        [address] = ELSEWHERE.findall(self.page)
        return self.open(unescape(address))

    def wait(self, address: str, word: str) -> str:
        """Look at a page until this word is gone from it."""
        patience = time.monotonic() + PATIENCE
        while word in self.open(address):
            if time.monotonic() > patience:
                raise TimeoutError(f"{word} does not go from {address}.")
            time.sleep(0.2)
        return self.page

    def _arrive(self, answer: httpx2.Response) -> str:
        answer.raise_for_status()
        self.address, self.page = str(answer.url), answer.text
        return self.page


def messages(platform: Platform, to: str) -> list[dict[str, Any]]:
    """What the inbox holds for somebody, newest first."""
    answer = httpx2.get(f"{platform.inbox_url}/messages.json", params={"to": to})
    found: list[dict[str, Any]] = answer.raise_for_status().json()
    return found


def newest(platform: Platform, person: Person) -> int:
    """The number of the last message that somebody got."""
    return max((int(each["id"]) for each in messages(platform, person.email)), default=0)


def await_message(platform: Platform, to: str, *, after: int = 0, with_: re.Pattern[str] = ANY) -> dict[str, Any]:
    """The newest message to somebody with this in its text, once there is one whose number is above `after`."""
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        for found in messages(platform, to):
            if found["id"] > after and with_.search(found["text"]):
                return found
        time.sleep(0.1)
    raise TimeoutError(f"No message came to {to}.")


def sign(platform: Platform, person: Person, *, after: int = 0) -> None:
    """Do what a signer does: open the invitation, accept, fetch the code, enter it, sign, and wait until it is done.

    `after` is the number of the last message that is not the invitation.
    """
    invitation = await_message(platform, person.email, after=after)
    link = next(link for link in LINK.findall(invitation["text"]) if "/invite" in link)
    sign_at(platform, person, link, after=invitation["id"])


def sign_at(platform: Platform, person: Person, link: str, *, after: int = 0) -> None:
    """The same for somebody who has the link already."""
    with Visitor() as visitor:
        visitor.open(link)
        session = visitor.address
        visitor.submit("/accept", agreed="on")
        code = await_message(platform, person.email, after=after, with_=CODE)
        visitor.submit("/verify", code=CODE.findall(code["text"])[0])
        visitor.submit("/sign")
        visitor.wait(f"{session}state", "applying")
