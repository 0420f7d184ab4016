"""Lists and OCSP over HTTP (RFC 5280 §4.2.1.13, RFC 6960 appendix A)."""

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from paraph_trust import web
from paraph_trust.errors import TrustError
from paraph_trust.status import actions, queries


@require_GET
def revocation_list(request: HttpRequest, issuer: str) -> HttpResponse:
    """The list in force of an issuer."""
    keeper = queries.keeper(issuer)
    if keeper is None:
        return web.not_found(request)
    try:
        return HttpResponse(actions.current(keeper, at=datetime.now(UTC)), content_type="application/pkix-crl")
    except TrustError as error:
        return web.refusal(error)


@require_POST
def ocsp(request: HttpRequest) -> HttpResponse:
    """Answer a request in the body (RFC 6960 §A.1)."""
    try:
        return _answered(web.body(request, content_type="application/ocsp-request"))
    except TrustError as error:
        return web.refusal(error)


@require_GET
def ocsp_by_get(request: HttpRequest, encoded: str) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer a request in the address, in base64 (RFC 6960 §A.1)."""
    try:
        asked = b64decode(encoded)
    except NotBase64:
        asked = b""
    try:
        return _answered(asked)
    except TrustError as error:
        return web.refusal(error)


def _answered(asked: bytes) -> HttpResponse:
    return HttpResponse(actions.answer(asked, at=datetime.now(UTC)), content_type="application/ocsp-response")
