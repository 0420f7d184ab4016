"""Every option of the service: environment variables that begin with `PARAPH_TRUST_`, read once at start."""

import os
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import AnyHttpUrl, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from paraph_trust.errors import NotReady

PREFIX = "PARAPH_TRUST_"


class Options(BaseSettings):
    """Where the service keeps its state and how the world reaches it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    database_url: str
    """PostgreSQL, a database of its own."""
    keys_dir: Path
    """The folder of the encrypted private keys; readable by this service alone."""
    passphrase_file: Path
    """The file that holds the passphrase of those keys, on another medium than the keys and the database."""
    pin_file: Path | None = None
    """The file that holds the PIN of tokens whose URI names no other; without, they ask on a reader of their own."""
    public_url: AnyHttpUrl
    """The address that stands in the certificates, for CRL, OCSP and issuers. It cannot change after the ceremony."""
    threads: int = 4
    """Requests answered at the same time; each holds a database connection."""
    time_servers: str = ""
    """NTP servers that the clock must agree with, `host` or `host:port`, separated by commas; three outvote a liar."""

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        """A misspelt option must not pass for a default."""
        known = {PREFIX + name.upper() for name in type(self).model_fields}
        unknown = {name for name in os.environ if name.startswith(PREFIX)} - known
        if unknown:
            raise ValueError(f"unknown options: {', '.join(sorted(unknown))}")
        return self

    @property
    def servers(self) -> tuple[str, ...]:
        return tuple(filter(None, (each.strip() for each in self.time_servers.split(","))))

    @property
    def base_url(self) -> str:
        return str(self.public_url).rstrip("/")

    def passphrase(self) -> bytes:
        """The passphrase, without the line end that editors add.

        Raises:
            NotReady: its file is missing or closed to this process.
        """
        return _read("passphrase", self.passphrase_file)

    def pin(self, source: Path | None) -> str | None:
        """The PIN of a token.

        Args:
            source: the file that the token's URI names.

        Raises:
            NotReady: its file is missing or closed to this process.
        """
        path = source or self.pin_file
        return _read("PIN", path).decode() if path else None


def _read(secret: str, path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise NotReady(f"The {secret} cannot be read: {error.strerror}, {path}.") from None


@cache
def options() -> Options:
    """The options of this process.

    Raises:
        NotReady: names every option that is missing, wrong or unknown; values are not repeated, they may be secrets.
    """
    try:
        return Options()
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        trouble = [" ".join([PREFIX + str(part).upper() for part in each["loc"]] + [each["msg"]]) for each in found]
        raise NotReady(f"The options cannot be used: {'; '.join(trouble)}.") from None
