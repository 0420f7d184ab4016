"""Said twice, done once: `Idempotency-Key`, as the IETF's httpapi working group drafts it.

The answer is stored in the transaction of what it tells, so that no crash leaves one without the other. Whoever was
refused may try again under the same key: nothing has happened.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from paraph_server.accounts.middleware import bearer
from paraph_server.accounts.models import User
from paraph_server.calls.errors import BadKey, KeyTaken, UnderWay
from paraph_server.calls.fingerprints import Fingerprint
from paraph_server.calls.models import KEPT, Call
from paraph_server.web.sealed import fernet

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
REFUSED = 400
REPEATED_HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Location")


def once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a call, or, if it was made before, as it was answered then.

    Raises:
        BadKey: the key cannot be kept.
        UnderWay: the same call is being carried out right now.
        KeyTaken: the key was used for another call.
    """
    written = request.headers.get(HEADER)
    if written is None or not isinstance(request.user, User):
        return answer()
    caller = bearer(request).partition(".")[0] or request.user.pk
    return _once(request, request.user.tenant_id, caller, _key(written), answer)


@transaction.atomic
def _once(
    request: HttpRequest, tenant_id: str, caller: str, key: str, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    at = timezone.now()
    _alone(tenant_id, caller, key)
    fingerprint = Fingerprint(request)
    known = Call.objects.filter(tenant=tenant_id, caller=caller, key=key).first()
    if known and known.created_at > at - KEPT:
        if known.fingerprint != fingerprint.whole():
            raise KeyTaken(_("This idempotency key was used for another request."))
        return _again(known)
    response = answer()
    if response.status_code >= REFUSED:
        transaction.set_rollback(True)
    elif isinstance(response, HttpResponse):
        kept = _kept(response, fingerprint.whole(), at)
        Call.objects.update_or_create(tenant_id=tenant_id, caller=caller, key=key, defaults=kept)
    return response


def _key(written: str) -> str:
    """The key, with or without the quotes that a structured field has (RFC 9651)."""
    key = written.strip().removeprefix('"').removesuffix('"')
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise BadKey(_("An idempotency key has 1 to 255 printable characters."))
    return key


def _alone(tenant_id: str, caller: str, key: str) -> None:
    with connection.cursor() as cursor:
        name = f"call:{tenant_id}:{caller}:{key}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        if cursor.fetchone() != (True,):
            raise UnderWay(_("The same request is being carried out. Ask again in a moment."))


def _kept(response: HttpResponse, fingerprint: str, at: datetime) -> dict[str, object]:
    return {
        "fingerprint": fingerprint,
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in REPEATED_HEADERS if name in response.headers},
        "body": fernet().encrypt(response.content),
        "created_at": at,
    }


def _again(known: Call) -> HttpResponse:
    content = fernet().decrypt(bytes(known.body))
    return HttpResponse(content, status=known.status, headers={**known.headers, "Idempotent-Replayed": "true"})
