"""A receiver believes what was signed with its secret, just now."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from paraph.client import verify
from paraph.errors import BrokenDocument, InputError, SignatureMismatch

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
BODY = json.dumps(
    {
        "id": "wbe_1",
        "eventType": "workflowFinished",
        "workflowId": "wfl_1",
        "tenantId": "ten_1",
        "webhookId": "wbh_1",
        "created": 1_795_000_000_000,
        "somethingNew": {},
    }
).encode()


def signed(body: bytes = BODY, key: bytes = b"k" * 32, at: datetime = NOON) -> dict[str, str]:
    moment = str(int(at.timestamp()))
    value = base64.b64encode(hmac.digest(key, f"wbe_1.{moment}.".encode() + body, hashlib.sha256)).decode()
    return {"Webhook-Id": "wbe_1", "WEBHOOK-TIMESTAMP": moment, "webhook-signature": f"v1,bm8= v1,{value}"}


def test_an_event_that_was_signed_is_read() -> None:
    event = verify(BODY, signed(), SECRET, at=NOON)
    assert (event.id, event.event_type, event.workflow_id) == ("wbe_1", "workflowFinished", "wfl_1")


@pytest.mark.parametrize(
    "headers",
    [{}, signed(key=b"m" * 32), signed(body=b"{}"), signed() | {"Webhook-Id": "wbe_2"}, {"webhook-signature": "v1,é"}],
    ids=["unsigned", "by Mallory", "of something else", "under another id", "nonsense"],
)
def test_what_was_not_signed_so_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureMismatch, match="not signed"):
        verify(BODY, headers, SECRET, at=NOON)


@pytest.mark.parametrize("late", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_what_is_repeated_later_is_refused(late: timedelta) -> None:
    with pytest.raises(SignatureMismatch, match="another time"):
        verify(BODY, signed(), SECRET, at=NOON + late)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!", "act_1.secret"])
def test_what_is_no_secret(secret: str) -> None:
    with pytest.raises(InputError):
        verify(BODY, signed(), secret, at=NOON)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id": "wbe_1"}', b"\xff"])
def test_what_is_no_event(body: bytes) -> None:
    with pytest.raises(BrokenDocument):
        verify(body, signed(body), SECRET, at=NOON)


def test_a_moment_beyond_all_calendars_is_refused() -> None:
    value = base64.b64encode(hmac.digest(b"k" * 32, b"wbe_1.9" + b"9" * 20 + b"." + BODY, hashlib.sha256)).decode()
    headers = {"webhook-id": "wbe_1", "webhook-timestamp": "9" * 21, "webhook-signature": f"v1,{value}"}
    with pytest.raises(SignatureMismatch, match="another time"):
        verify(BODY, headers, SECRET, at=NOON)
