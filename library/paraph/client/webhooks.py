"""Whether what arrives at an endpoint was sent by the server that holds its secret (Standard Webhooks 1.0)."""

import base64
import hashlib
import hmac
import json
import re
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import datetime, timedelta

from paraph.client import wire
from paraph.client.shapes import Event
from paraph.errors import BrokenDocument, InputError, SignatureMismatch

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
_MOMENT = re.compile(r"[0-9]{1,20}")


def verify(body: bytes, headers: Mapping[str, str], secret: str, *, at: datetime) -> Event:
    """The event that was posted to an endpoint, once it is sure who sent it.

    An event may arrive twice: remember the ids of those that were dealt with.

    Args:
        body: as it came, byte by byte.
        headers: as they came; how their names are written does not matter.
        secret: what the server answered when the webhook was registered, `whsec_…`.
        at: now; what was sent more than five minutes before or after may be somebody's repetition.

    Raises:
        SignatureMismatch: it was not signed with this secret, or not now.
        BrokenDocument: it was, and is no event.
        InputError: this is no secret.
    """
    given = {name.lower(): value for name, value in headers.items()}
    identifier, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    expected = _signature(secret, f"{identifier}.{moment}.".encode() + body)
    presented = given.get("webhook-signature", "").encode().split()
    if not any([hmac.compare_digest(expected, each) for each in presented]):  # noqa: C419  each is looked at
        raise SignatureMismatch("This was not signed with the webhook's secret.")
    if not _MOMENT.fullmatch(moment) or abs(at.timestamp() - int(moment)) > TOLERANCE.total_seconds():
        raise SignatureMismatch("This was signed at another time.")
    try:
        return wire.read(Event, json.loads(body))
    except ValueError as error:
        raise BrokenDocument("This is no event.") from error


def _signature(secret: str, content: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except NotBase64:
        key = b""
    if not key:
        raise InputError(f"A webhook's secret looks like {PREFIX}….")
    return b"v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256))
