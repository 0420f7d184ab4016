"""Codes made of a shared secret and the time (RFC 6238), as every authenticator app makes them."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

DIGITS = 6
STEP = 30  # seconds
SECRET_BYTES = 20  # RFC 4226 §4, R6
DRIFT = 1  # steps by which a telephone's clock may be wrong (RFC 6238 §5.2)


def new_secret() -> str:
    """In Base32, as people type it where no camera is at hand."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def code(secret: str, step: int) -> str:
    """The code of one step (RFC 4226 §5.3)."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, entered: str, *, at: datetime, after: int) -> int | None:
    """The step to which a code belongs, if it is near enough and later than the last one that was used."""
    now = step(at)
    near = [each for each in range(now - DRIFT, now + DRIFT + 1) if each > after]
    right = [each for each in near if hmac.compare_digest(code(secret, each).encode(), entered.encode())]
    return right[0] if right else None


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code says (the Key URI format of authenticator apps)."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}"
