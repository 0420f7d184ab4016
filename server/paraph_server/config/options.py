"""What an operator can set: environment variables `PARAPH_…`, secrets also by `PARAPH_…_FILE`."""

import base64
import binascii
import functools
import os
import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from paraph.trustlists import OFFICIAL
from pydantic import Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

Network = IPv4Network | IPv6Network
PREFIX = "PARAPH_"
OTHER_PROGRAMS = (
    "PARAPH_TRUST_",
    "PARAPH_GATEWAY_",
    "PARAPH_AGENT_",
    "PARAPH_HOME",
    "PARAPH_PORT",
    "PARAPH_API",
    "PARAPH_TOKEN",
)


TELEPHONES = {"http": True, "https": True, "ovh": False, "brevo": False, "twilio": True, "smpp": False, "smpps": False}
"""The kinds of providers of text messages, and whether they telephone as well."""


class BadOptions(Exception):
    """The installation is not configured; the message names each variable and says what is wrong with it."""


class SecretFiles(PydanticBaseSettingsSource):
    """Reads `PARAPH_NAME_FILE` where `PARAPH_NAME` would show the secret to whoever lists processes."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - pydantic's
        """The content of the named file; a file that is not there yet is an option not set yet (see `complete`)."""
        path = Path(os.environ.get(f"{PREFIX}{field_name.upper()}_FILE", ""))
        return (path.read_text(encoding="utf-8").strip() if path.is_file() else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Options(BaseSettings):
    """The settings of one installation. What has no safe default stays empty, and the server refuses to start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    database_url: SecretStr = SecretStr("postgresql:///paraph")
    secret_key: SecretStr = SecretStr("")
    public_url: str = "http://127.0.0.1:8000"
    storage_dir: Path = Path("/var/lib/paraph/storage")
    storage_key: SecretStr = SecretStr("")  # 32 bytes in Base64: encrypts the stored documents
    field_key: SecretStr = SecretStr("")  # 32 bytes in Base64: encrypts messages in the database
    trust_url: str = ""
    trust_token: SecretStr = SecretStr("")
    trust_roots: Path | None = None
    trusted_lists_dir: Path | None = None
    lotl_url: str = OFFICIAL
    lotl_signers: Path | None = None  # PEM; without, those that the Official Journal names
    card_roots: Path | None = None  # PEM: the authorities whose smart cards signers may use
    tsa_url: str = ""
    seal_credential: str = ""
    smtp_url: SecretStr = SecretStr("smtp://127.0.0.1:25")
    mail_from: str = "Paraph <paraph@localhost>"
    sms_url: SecretStr = SecretStr("")  # several, with spaces between: each is asked when those before fail
    endpoint_networks: str = ""  # where webhooks may lead and documents come from, besides the internet: 10.1.0.0/16
    trusted_proxies: str = ""  # whose X-Forwarded-For is believed: 10.1.0.5, 10.2.0.0/24
    client_certificate_proxies: str = ""  # whose Client-Cert is believed: they ask browsers for certificates
    client_certificate_roots: Path | None = None  # PEM: the authorities whose certificates browsers may show
    client_certificate_url: str = ""  # where the proxies ask for one, on the same host; otherwise everywhere
    calls_per_minute: int = Field(default=6000, ge=0)  # of each access token; 0: as many as it likes
    rgs_policies: str = ""  # certificate policies with their stars in the RGS: 1.2.250.1.999.1.1=2, …
    demo: bool = False

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must look like https://sign.example.org")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("client_certificate_url")
    @classmethod
    def _is_an_origin_or_nothing(cls, url: str) -> str:
        return cls._is_an_origin(url) if url else ""

    @field_validator("endpoint_networks", "trusted_proxies", "client_certificate_proxies")
    @classmethod
    def _are_networks(cls, written: str) -> str:
        networks(written)
        return written

    @field_validator("sms_url")
    @classmethod
    def _are_providers(cls, written: SecretStr) -> SecretStr:
        for each in written.get_secret_value().split():
            scheme, _plus, plain = urlsplit(each).scheme.partition("+")
            if scheme not in TELEPHONES or plain not in ({""} if scheme in {"smpp", "smpps"} else {"", "http"}):
                raise ValueError(
                    "must be addresses of the kinds https://, ovh://, brevo://, twilio://, smpp:// and smpps://"
                )
        return written

    @field_validator("rgs_policies")
    @classmethod
    def _have_stars(cls, written: str) -> str:
        stars(written)
        return written

    @field_validator("storage_key", "field_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr) -> SecretStr:
        if key.get_secret_value():
            key_bytes(key)
        return key

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, SecretFiles(settings_cls)

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @functools.cached_property
    def telephones(self) -> bool:
        """Whether somebody telephones for this installation."""
        written = self.sms_url.get_secret_value().split()
        return any(TELEPHONES[urlsplit(each).scheme.partition("+")[0]] for each in written)

    @functools.cached_property
    def networks(self) -> tuple[Network, ...]:
        return networks(self.endpoint_networks)

    @functools.cached_property
    def proxies(self) -> tuple[Network, ...]:
        return networks(self.trusted_proxies)

    @functools.cached_property
    def certificate_proxies(self) -> tuple[Network, ...]:
        return networks(self.client_certificate_proxies)

    @property
    def client_certificates(self) -> bool:
        """Whether browsers can show certificates here."""
        return bool(self.certificate_proxies and self.client_certificate_roots)

    @property
    def certificate_url(self) -> str:
        return self.client_certificate_url or self.public_url

    @functools.cached_property
    def rgs(self) -> dict[str, int]:
        """How many stars of the RGS certificates under a policy have."""
        return stars(self.rgs_policies)

    def stars_of(self, policies: Iterable[str]) -> int:
        """The most that one of a certificate's policies gives it."""
        return max((self.rgs.get(each, 0) for each in policies), default=0)

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    def complete(self) -> Self:
        """These options, if a server can run with them.

        Raises:
            BadOptions: something required is missing.
        """
        required = ("secret_key", "storage_key", "field_key", "trust_url", "trust_token", "trust_roots", "tsa_url")
        missing = [f"{PREFIX}{name.upper()}" for name in required if not _given(getattr(self, name))]
        if missing:
            raise BadOptions(f"Not set, nor its _FILE readable: {', '.join(missing)}.")
        if urlsplit(self.certificate_url).hostname != self.host:  # a session is one host's, whatever the port
            raise BadOptions(f"{PREFIX}CLIENT_CERTIFICATE_URL must be on the host of {PREFIX}PUBLIC_URL.")
        return self


def _given(value: object) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def key_bytes(key: SecretStr) -> bytes:
    """The 32 bytes behind a key option, in either alphabet of Base64."""
    try:
        value = base64.b64decode(key.get_secret_value().replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        value = b""
    if len(value) != 32:  # noqa: PLR2004 - AES-256 and Fernet both take 32 bytes
        raise ValueError("must be 32 random bytes in Base64, as `openssl rand -base64 32` prints")
    return value


def networks(written: str) -> tuple[Network, ...]:
    """The networks in a list such as `10.1.0.0/16, 192.0.2.7`."""
    return tuple(ip_network(each.strip()) for each in written.split(",") if each.strip())


def stars(written: str) -> dict[str, int]:
    """The policies in a list such as `1.2.250.1.999.1.1=2`, with their stars."""
    pairs = [each.strip().partition("=") for each in written.split(",") if each.strip()]
    found = {policy.strip(): number.strip() for policy, _equals, number in pairs}
    if not all(
        re.fullmatch(r"[0-2](\.\d+)+", policy) and number in {"1", "2", "3"} for policy, number in found.items()
    ):
        raise ValueError("must look like 1.2.250.1.999.1.1=2, the number of stars after each policy")
    return {policy: int(number) for policy, number in found.items()}


def unknown_names(environment: Mapping[str, str]) -> list[str]:
    """Names that look like ours and mean nothing: a typing mistake must not pass for a setting."""
    known = {PREFIX + name.upper() for name in Options.model_fields}
    known |= {f"{name}_FILE" for name in known}
    ours = (name for name in environment if name.startswith(PREFIX) and not name.startswith(OTHER_PROGRAMS))
    return sorted(set(ours) - known)


@functools.cache
def options() -> Options:
    """The options of this process, read once.

    Raises:
        BadOptions: a name is unknown.
        pydantic.ValidationError: a value is wrong.
    """
    if unknown := unknown_names(os.environ):
        raise BadOptions(f"Unknown: {', '.join(unknown)}.")
    return Options()
