"""Enrolment over Secure Transport (RFC 7030, RFC 8951), behind whatever ends the TLS connection.

A label in the path names a profile (§3.2.2). Who enrols has a name and a secret from an officer (§3.2.3). Client
certificates are not looked at: this service does not see the TLS connection, and what a proxy says of it in a header,
anybody says who gets past that proxy. So there is no renewal by the former certificate alone, either.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

from cryptography import x509
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from paraph_trust import web
from paraph_trust.enrolment import actions, messages, queries
from paraph_trust.enrolment.order import LABELS
from paraph_trust.errors import TrustError

CERTIFICATES = "application/pkcs7-mime; smime-type=certs-only"


@require_GET
def authorities(request: HttpRequest, label: str | None = None) -> HttpResponse:
    """The certificates that lead to the root (§4.1); open to everyone."""
    if label not in {None, *LABELS}:
        return web.not_found(request)
    try:
        return _answer(messages.certificates(queries.authorities(at=datetime.now(UTC))), CERTIFICATES)
    except TrustError as error:
        return _refusal(error)


@require_GET
def attributes(request: HttpRequest, label: str | None = None) -> HttpResponse:
    """What a request had best contain (§4.5); open to everyone."""
    if label not in {None, *LABELS}:
        return web.not_found(request)
    return _answer(messages.wishes(), "application/csrattrs")


@require_POST
def enrol(request: HttpRequest, label: str | None = None) -> HttpResponse:
    """Issue what an officer granted (§4.2.1)."""
    return _enrolled(request, label, actions.enrol)


@require_POST
def reenrol(request: HttpRequest, label: str | None = None) -> HttpResponse:
    """Renew what was enrolled here (§4.2.2)."""
    return _enrolled(request, label, actions.reenrol)


def _enrolled(request: HttpRequest, label: str | None, act: Callable[..., x509.Certificate]) -> HttpResponse:
    if label not in {None, *LABELS}:
        return web.not_found(request)
    try:
        asked = messages.decoded(web.body(request, content_type="application/pkcs10"))
        issued = act(request.headers.get("Authorization", ""), asked, label=label, at=datetime.now(UTC))
    except TrustError as error:
        return _refusal(error)
    return _answer(messages.certificates([issued]), CERTIFICATES)


def _answer(content: bytes, content_type: str) -> HttpResponse:
    # RFC 8951 §3 has every client ignore the encoding's header; clients from before it need it.
    return HttpResponse(content, content_type=content_type, headers={"Content-Transfer-Encoding": "base64"})


def _refusal(error: TrustError) -> HttpResponse:
    """A refusal in plain words (§4.2.3)."""
    answer = HttpResponse(f"{error}\n", status=error.status, content_type="text/plain; charset=utf-8")
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Basic realm="enrolment", charset="UTF-8"'
    return answer
