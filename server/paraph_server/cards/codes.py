"""Codes that people type: short, without letters that are taken for others, and tried seldom.

Eight of 32 characters are 2⁴⁰ codes. Whoever guesses has 60 tries in ten minutes from one address: with a thousand
pages waiting, 60 of them find one in 18 million times. And a card in the right name is still needed.
"""

import secrets
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from paraph_server.cards.errors import TooManyClaims

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
TRIES, WINDOW = 60, timedelta(minutes=10)
_COUNT = """
INSERT INTO cards_attempts AS had (address, since, count) VALUES (%(address)s, %(at)s, 1)
ON CONFLICT (address) DO UPDATE SET
    since = CASE WHEN had.since < %(begin)s THEN excluded.since ELSE had.since END,
    count = CASE WHEN had.since < %(begin)s THEN 1 ELSE had.count + 1 END
RETURNING count
"""


def new() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def readable(code: str) -> str:
    """In two halves, as it is shown."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def digest(purpose: str, secret: str) -> str:
    return salted_hmac(f"paraph.cards.{purpose}", secret, algorithm="sha256").hexdigest()


@transaction.atomic(durable=True)
def count(address: str, *, at: datetime) -> None:
    """Count one try of an address, whatever comes of it.

    Raises:
        TooManyClaims: it has tried too many.
    """
    facts: dict[str, str | datetime] = {"address": _network(address), "at": at, "begin": at - WINDOW}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, facts)
        tried = cursor.fetchone()[0]
    if tried > TRIES:
        raise TooManyClaims(_("Too many codes were tried from here."), retry_after=int(WINDOW.total_seconds()))


def _network(address: str) -> str:
    """Who has one IPv6 address has 2⁶⁴ of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
