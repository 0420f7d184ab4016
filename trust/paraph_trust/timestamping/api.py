"""Time-stamps over HTTP (RFC 3161 §3.4) and through the CSC API (v2 §11.12)."""

from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from paraph import timestamps
from paraph.errors import Refused

from paraph_trust import web
from paraph_trust.clients.api import Answer, endpoint
from paraph_trust.clients.models import Client
from paraph_trust.clients.requests import digests
from paraph_trust.errors import NotReady, TrustError
from paraph_trust.timestamping import actions
from paraph_trust.timestamping.requests import TimestampRequest


@require_POST
def tsa(request: HttpRequest, unit: str | None = None) -> HttpResponse:
    """Answer a time-stamp request by the unit that signs now, or by another one; open to everyone."""
    try:
        response = actions.respond(web.body(request, content_type="application/timestamp-query"), unit=unit)
    except TrustError as error:
        return web.refusal(error)
    return HttpResponse(response, content_type="application/timestamp-reply")


@endpoint(TimestampRequest)
def csc_timestamp(client: Client, request: TimestampRequest) -> Answer:  # noqa: ARG001  every client may
    """Time-stamp a digest."""
    (digest,) = digests([request.hash], request.hashAlgorithmOID)
    asked = timestamps.request(digest, nonce=int(request.nonce, 16) if request.nonce else None)
    try:
        token = timestamps.token_of(actions.respond(asked), asked)
    except Refused as error:
        raise NotReady(str(error)) from None
    return {"timestamp": b64encode(token).decode()}
