"""What a provider says of somebody, believed only after its signature, its reader and its time were checked.

OpenID Connect Core 1.0 §3.1.3.7 (ID token) and §5.3 (userinfo); RFC 7515 and 7516 by joserfc. Algorithms are those of
the table of kinds, never those that a token names for itself.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from joserfc import jwe, jws
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet

from paraph_server.identification.errors import StaleAnswer, UntrustedAnswer

SKEW = timedelta(seconds=30)
"""Between the provider's clock and ours."""
WRAPPING = ("ECDH-ES", "ECDH-ES+A256KW", "A256GCM")
"""How tokens may be encrypted for our key, which is on a curve."""
LONGEST = 64 * 1024
"""Characters of a token."""

_ENCRYPTED = jwe.JWERegistry(algorithms=WRAPPING, strict_check_header=False)
"""Headers that we do not know are passed over (RFC 7515 §4): FranceConnect repeats `iss` and `aud` there."""

Keys = Callable[[bool], KeySet]
"""The provider's keys; asked with True, as they are at this moment and not as they were remembered."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a token must be, and who must have made it."""

    issuer: str
    client_id: str
    algorithms: tuple[str, ...]
    keys: Keys
    private_key: ECKey | None = None
    """Of ours; where there is one, what is not encrypted for it is not believed."""
    signed_only: bool = True
    """Whether what is told of somebody must be signed, not only sent over a safe connection."""


@dataclass(frozen=True, slots=True)
class IdToken:
    """Who signed in, how surely and when."""

    sub: str
    acr: str
    auth_time: datetime | None
    amr: tuple[str, ...]
    signed: str
    """As the provider signed it, which wants it back when somebody signs out."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else it says."""


def id_token(raw: str, reader: Reader, *, nonce: str, at: datetime) -> IdToken:
    """Read an ID token.

    Raises:
        UntrustedAnswer: it is not the provider's, not for us, or not for this very request.
        StaleAnswer: its time is over.
    """
    signed = _opened(raw, reader)
    claims = _claims(signed, reader)
    _check_addressed(claims, reader)
    if claims.get("nonce") != nonce:
        raise untrusted()
    _check_time(claims, at)
    sub, auth_time, amr = claims.get("sub"), claims.get("auth_time"), claims.get("amr")
    if not isinstance(sub, str) or not 0 < len(sub) <= 255:  # noqa: PLR2004  OpenID Connect Core §2
        raise untrusted()
    return IdToken(
        sub,
        str(claims.get("acr", "")),
        _moment(auth_time, at) if auth_time is not None else None,
        tuple(str(each)[:40] for each in amr[:10]) if isinstance(amr, list) else (),
        signed.decode(),
        claims,
    )


def userinfo(raw: str, reader: Reader, *, sub: str) -> dict[str, Any]:
    """Read what a provider tells of whoever signed in, as a signed token.

    Raises:
        UntrustedAnswer: it is not the provider's, not for us, or about somebody else.
    """
    claims = _claims(_opened(raw, reader), reader)
    _check_addressed(claims, reader)
    return about(claims, sub)


def about(claims: Mapping[str, Any], sub: str) -> dict[str, Any]:
    """Claims, if they are about this person (OpenID Connect Core §5.3.2)."""
    if claims.get("sub") != sub:
        raise untrusted()
    return dict(claims)


def verified_email(claims: Mapping[str, Any]) -> str:
    """An address that was verified, as OpenID Connect Core §5.1 says it, or Entra ID (`xms_edov`); else ""."""
    email, said = claims.get("email"), (claims.get("email_verified"), claims.get("xms_edov"))
    verified = said[0] is True or (said[0] is None and said[1] in (True, 1, "1", "true"))
    return email if isinstance(email, str) and verified and len(email) <= 254 else ""  # noqa: PLR2004  RFC 5321


def _opened(raw: str, reader: Reader) -> bytes:
    """What was signed, if it was encrypted for us as it must be."""
    if len(raw) > LONGEST or not raw.isascii():
        raise untrusted()
    if reader.private_key is None:
        return raw.encode()
    try:
        return jwe.decrypt_compact(raw, reader.private_key, registry=_ENCRYPTED).plaintext or b""
    except (JoseError, ValueError) as error:
        raise untrusted() from error


def _claims(signed: bytes, reader: Reader) -> dict[str, Any]:
    try:
        claims = json.loads(_payload(signed, reader))
    except (JoseError, ValueError, RecursionError) as error:
        raise untrusted() from error
    if not isinstance(claims, dict):
        raise untrusted()
    return claims


def _payload(signed: bytes, reader: Reader) -> bytes:
    """What is signed; a provider that has changed its keys is asked for them once."""
    try:
        return _verified(signed, reader.keys(False), reader)
    except InvalidKeyIdError:
        return _verified(signed, reader.keys(True), reader)


def _verified(signed: bytes, keys: KeySet, reader: Reader) -> bytes:
    registry = jws.JWSRegistry(algorithms=reader.algorithms, strict_check_header=False)
    return jws.deserialize_compact(signed, keys, registry=registry).payload


def _check_addressed(claims: Mapping[str, Any], reader: Reader) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    ours = reader.client_id in audiences and claims.get("azp", reader.client_id) == reader.client_id
    if not ours or claims.get("iss") != reader.issuer:
        raise untrusted()


def _check_time(claims: Mapping[str, Any], at: datetime) -> None:
    made, ends = _moment(claims.get("iat"), at), _moment(claims.get("exp"), at)
    if made - SKEW > at:
        raise untrusted()
    if ends + SKEW <= at:
        raise StaleAnswer(_("Your sign-in took too long to reach us, and is not good any more. Please start again."))


def _moment(seconds: Any, at: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), tz=at.tzinfo)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise untrusted() from error


def untrusted() -> UntrustedAnswer:
    return UntrustedAnswer(_("What the provider told us cannot be trusted, so we did not use it. Please start again."))
