"""Sessions of pages that another site shows within its own.

Browsers give a page in another site's frame no cookies that can be relied on: Safari none, Chrome and Firefox none or
fresh ones, by version and settings. So the session of a framed page lies in its address, `/framed/<key>/signing/…`, and
cookies are neither read nor set there (docs/decisions/0011). A key is worth something only

- in the frame: the browser says what a request is for (`Sec-Fetch-Dest`), which no page can forge;
- of the one site that it was made for, which `frame-ancestors` names;
- for the pages of signers, for two hours.
"""

import re
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils.crypto import salted_hmac

from paraph_server.accounts import guests
from paraph_server.web.middleware import content_security_policy

LASTS = timedelta(hours=2)
ADDRESS = re.compile(r"(?P<prefix>/framed/(?P<key>[a-z0-9]{32}))(?P<page>/(signing|language)/.*)", re.DOTALL)
FRAMED_BY = "framed by"  # in the session: the origin whose frames it is good for
LANGUAGE = "language"  # the cookie, and what the session has instead


def asked_for(request: HttpRequest) -> bool:
    """Whether the browser wants this page for a frame."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"


def begin(*, recipient_id: str, tenant_id: str, origin: str, language: str, page: str) -> HttpResponseRedirect:
    """A fresh session for one recipient in the frames of one site, and the way to its first page."""
    session = SessionStore()
    session[FRAMED_BY], session[LANGUAGE] = origin, language
    session[guests.SESSION_KEY] = {recipient_id: tenant_id}
    session.set_expiry(LASTS)
    session.create()
    return HttpResponseRedirect(f"/framed/{session.session_key}{page}")


class Sessions(SessionMiddleware):
    """Django's sessions, and those of framed pages."""

    def process_request(self, request: HttpRequest) -> None:
        request.framed_by = ""  # type: ignore[attr-defined]  # Django's own way of passing facts along
        if found := ADDRESS.fullmatch(request.path_info):
            _enter(request, found)
        else:
            super().process_request(request)

    def process_response(  # type: ignore[override]  # it takes every response
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        origin = getattr(request, "framed_by", "")
        if origin and LANGUAGE in response.cookies:
            request.session[LANGUAGE] = response.cookies[LANGUAGE].value
        response = super().process_response(request, response)  # type: ignore[arg-type]
        if ADDRESS.fullmatch(request.path):
            response.cookies.clear()
            set_script_prefix("/")
        if origin:
            response.headers["Content-Security-Policy"] = content_security_policy(framed_by=origin)
        return response


def _enter(request: HttpRequest, found: re.Match[str]) -> None:
    """Read the session from the address, and have addresses of further pages carry it."""
    session = SessionStore(found["key"])
    origin = session.get(FRAMED_BY, "")
    if not origin or not _in_a_frame(request):
        session, origin = SessionStore(), ""
    request.session, request.framed_by = session, origin  # type: ignore[attr-defined]
    request.path_info = found["page"]
    secret = salted_hmac("paraph.embedding.framing", found["key"], algorithm="sha256").hexdigest()[:32]
    request.COOKIES = {"csrftoken": secret, LANGUAGE: session.get(LANGUAGE, "")}
    set_script_prefix(found["prefix"] + "/")


def _in_a_frame(request: HttpRequest) -> bool:
    """A page in a frame, or what such a page loads. A key that was carried elsewhere is worth nothing there."""
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        return asked_for(request)
    return request.headers.get("Sec-Fetch-Site") == "same-origin"
