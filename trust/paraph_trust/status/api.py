"""Lists and OCSP over HTTP (RFC 5280 §4.2.1.13, RFC 6960 appendix A)."""

import logging
from base64 import b64decode
from datetime import UTC, datetime
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from paraph_trust import web
from paraph_trust.errors import TrustError
from paraph_trust.status import actions

logger = logging.getLogger(__name__)

LARGEST_OCSP_REQUEST = 4096


@require_GET
def revocation_list(request: HttpRequest, issuer: str) -> HttpResponse:  # noqa: ARG001  Django's signature
    """The list in force of an issuer."""
    try:
        return HttpResponse(actions.current(issuer, at=datetime.now(UTC)), content_type="application/pkix-crl")
    except TrustError as error:
        return web.refusal(error)
