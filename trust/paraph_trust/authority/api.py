"""The issuers' certificates, where the certificates say they are (RFC 5280 §4.2.2.1)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from paraph_trust import web
from paraph_trust.authority.queries import standing
from paraph_trust.errors import TrustError


@require_GET
def certificate(request: HttpRequest, name: str) -> HttpResponse:
    """A standing certificate, DER."""
    try:
        return HttpResponse(bytes(standing(name).der), content_type="application/pkix-cert")
    except TrustError:
        return web.not_found(request)
