"""The names of keys at a service: `csc:` URIs, which are the service's address and what follows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from paraph.errors import InputError
from paraph.keys.csc.version import Version

_KNOWN = {"credential", "version", "user", "token-source", "password-source", "pin-source"}
_SECRETS = {"token", "password", "pin", "otp"}


@dataclass(frozen=True, slots=True)
class CscUri:
    """Which service and key, and which files hold what opens it; None where the URI does not say."""

    address: str
    version: Version
    credential: str | None = None
    user: str | None = None
    """Who signs in with a password (`auth/login`), where no access token is given."""
    token_source: Path | None = None
    password_source: Path | None = None
    pin_source: Path | None = None

    @classmethod
    def of(cls, uri: str) -> Self:
        """Read a URI such as `csc:https://sign.example.org?credential=seal-2026&version=v2&token-source=token.txt`.

        Raises:
            InputError: it cannot be read, or carries a secret itself.
        """
        scheme, _, rest = uri.partition(":")
        try:
            address, options = (
                urlsplit(rest),
                parse_qsl(urlsplit(rest).query, strict_parsing=bool(urlsplit(rest).query)),
            )
        except ValueError:
            raise InputError("The csc: URI cannot be read.") from None
        if scheme != "csc" or address.scheme not in ("https", "http") or not address.hostname:
            raise InputError("Write the key as csc:https://…, the address of the signing service.")
        named = dict(options)
        if address.password or address.username or named.keys() & _SECRETS:
            raise InputError(
                "A secret does not belong into a URI, which others can see: use token-source=, or type it."
            )
        if len(named) < len(options) or not named.keys() <= _KNOWN:
            raise InputError(f"The csc: URI may say, each once: {', '.join(sorted(_KNOWN))}.")
        version = named.get("version", Version.V2.value)
        if version not in {each.value for each in Version}:
            raise InputError("version= is v1 or v2.")
        return cls(
            address._replace(query="", fragment="").geturl().rstrip("/"),
            Version(version),
            named.get("credential"),
            named.get("user"),
            *(
                Path(named[name]) if name in named else None
                for name in ("token-source", "password-source", "pin-source")
            ),
        )
