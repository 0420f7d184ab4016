"""Links that say what they are good for, signed so that nobody can make another or stretch one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.utils.crypto import salted_hmac
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from paraph_server.config.options import options

ALGORITHMS = ["HS256"]


def token(audience: str, claims: Mapping[str, str], *, at: datetime, until: datetime) -> str:
    """A token with these claims, good for one kind of door."""
    stated = {"aud": audience, "iat": int(at.timestamp()), "exp": int(until.timestamp()), **claims}
    return jwt.encode({"alg": ALGORITHMS[0]}, stated, _key(audience), ALGORITHMS)


def read(audience: str, presented: str, *, at: datetime) -> dict[str, Any] | None:
    """What a token says, unless we did not make it for this door, or its time is over."""
    try:
        claims = jwt.decode(presented, _key(audience), ALGORITHMS).claims
        ours = claims["aud"] == audience and claims["exp"] > at.astimezone(UTC).timestamp()
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return claims if ours else None


@cache
def _key(audience: str) -> OctKey:
    secret = options().secret_key.get_secret_value()
    return OctKey.import_key(salted_hmac(f"paraph.workflows.{audience}", "key", secret, algorithm="sha256").digest())
