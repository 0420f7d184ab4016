"""Short texts that we sign and read again ourselves: nobody else can make one, nor use one for another purpose."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.utils.crypto import salted_hmac
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from paraph_server.config.options import options

ALGORITHMS = ["HS256"]


class BadToken(ValueError):
    """We did not make it, made it for something else, or its time is over."""


def sign(purpose: str, claims: Mapping[str, Any], *, at: datetime, lasting: timedelta) -> str:
    """A token that `read` understands for as long as it lasts."""
    times = {"iat": int(at.timestamp()), "exp": int((at + lasting).timestamp())}
    return jwt.encode({"alg": ALGORITHMS[0]}, {"aud": purpose, **claims, **times}, _key(purpose), ALGORITHMS)


def read(purpose: str, presented: str, *, at: datetime) -> dict[str, Any]:
    """What a token says; raises `BadToken`."""
    try:
        claims: dict[str, Any] = jwt.decode(presented, _key(purpose), ALGORITHMS).claims
        ours = claims["aud"] == purpose and claims["exp"] > at.astimezone(UTC).timestamp()
    except (JoseError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise BadToken
    return claims


@cache
def _key(purpose: str) -> OctKey:
    secret = salted_hmac(
        f"paraph.workflows.{purpose}", "key", options().secret_key.get_secret_value(), algorithm="sha256"
    )
    return OctKey.import_key(secret.digest())
