"""Write a provider down, change what is known of it, or have nobody sign there any more."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.keys.csc import Version

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.journal.actions import Actor, record
from paraph_server.providers import queries
from paraph_server.providers.errors import BadProvider
from paraph_server.providers.models import Provider
from paraph_server.web.sealed import seal

LONGEST = {"name": 60, "address": 300, "client_id": 200, "secret": 500}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What an administrator writes down of a provider."""

    name: str
    address: str
    client_id: str
    secret: str
    """Empty where it is known already."""
    version: Version = Version.V2


def known(provider: Provider) -> NewProvider:
    """What is written down of a provider, without its secret."""
    version = Version(provider.version)
    return NewProvider(provider.name, provider.address, provider.client_id, "", version)


@transaction.atomic
def register(tenant: Tenant | str, wanted: NewProvider, *, by: Actor, at: datetime) -> Provider:
    """Add a provider; whether it answers is found out by whoever goes there first.

    Raises:
        BadProvider: something is missing, or cannot be.
    """
    made = Provider(tenant_id=id_of(tenant), created_at=at)
    _write(made, wanted)
    made.secret = seal(_bounded("secret", wanted.secret))
    made.save(force_insert=True)
    _tell("signingProvider:registered", made, by, at)
    return made


@transaction.atomic
def change(provider: Provider, wanted: NewProvider, *, by: Actor, at: datetime) -> Provider:
    """Write it down anew; without a secret, the one that is known stays, and goes to no other address.

    Whoever is on their way there goes on with what was known when they left.

    Raises:
        BadProvider: something is missing, or cannot be.
        NoSuchProvider: it was removed meanwhile.
    """
    found, secret = queries.locked(provider.pk), wanted.secret.strip()
    before = found.address
    _write(found, wanted)
    if secret:
        found.secret = seal(_bounded("secret", secret))
    elif found.address != before:
        raise BadProvider(_("Enter the secret as well: the one that is known is not sent to another address."))
    found.save()
    _tell("signingProvider:changed", found, by, at, secret_changed=bool(secret))
    return found


@transaction.atomic
def allow(provider: Provider, *, allowed: bool, by: Actor, at: datetime) -> Provider:
    """Have nobody begin to sign there for now, or have them again; what is under way comes to its end.

    Raises:
        NoSuchProvider: it was removed meanwhile.
    """
    found = queries.locked(provider.pk)
    if allowed != (found.disabled_at is None):
        found.disabled_at = None if allowed else at
        found.save(update_fields=["disabled_at"])
        _tell("signingProvider:enabled" if allowed else "signingProvider:disabled", found, by, at)
    return found


@transaction.atomic
def remove(provider: Provider, *, by: Actor, at: datetime) -> None:
    """Send nobody there any more; what was signed stays. Asked twice, it happens once."""
    found = Provider.objects.select_for_update().get(pk=provider.pk)
    if found.removed_at is None:
        found.removed_at = at
        found.save(update_fields=["removed_at"])
        _tell("signingProvider:removed", found, by, at)


def _write(provider: Provider, wanted: NewProvider) -> None:
    provider.name = _bounded("name", wanted.name)
    provider.address = _address(_bounded("address", wanted.address))
    provider.client_id = _bounded("client_id", wanted.client_id)
    provider.version = wanted.version


def _bounded(name: str, value: str) -> str:
    value = value.strip()
    if not 0 < len(value) <= LONGEST[name]:
        raise BadProvider(_("A provider has a name, an address, and the identifier and the secret that it gave you."))
    return value


def _address(url: str) -> str:
    """HTTPS, or this machine: what is said there is worth signatures."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        good = safe and parts.hostname and not (parts.username or parts.query or parts.fragment) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadProvider(_("Write the provider’s address as https://sign.example.org, without a user name."))
    return url.rstrip("/")


def _tell(event: str, provider: Provider, by: Actor, at: datetime, **details: bool) -> None:
    facts = {"name": provider.name, "address": provider.address, "version": provider.version}
    record(event, tenant=provider.tenant_id, subject=provider.pk, by=by, at=at, **facts, **details)
