"""Write a provider down, or have nobody sign there any more."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.keys.csc import Version

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.journal.actions import Actor, record
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
    version: Version = Version.V2


@transaction.atomic
def register(tenant: Tenant | str, wanted: NewProvider, *, by: Actor, at: datetime) -> Provider:
    """Add a provider; whether it answers is found out by whoever goes there first.

    Raises:
        BadProvider: something is missing, or cannot be.
    """
    said = {name: getattr(wanted, name).strip() for name in LONGEST}
    if not all(0 < len(said[name]) <= longest for name, longest in LONGEST.items()):
        raise BadProvider(_("A provider has a name, an address, and the identifier and the secret that it gave you."))
    made = Provider.objects.create(
        tenant_id=id_of(tenant),
        name=said["name"],
        address=_address(said["address"]),
        version=wanted.version,
        client_id=said["client_id"],
        secret=seal(said["secret"]),
        created_at=at,
    )
    _tell("signingProvider:registered", made, by, at)
    return made


@transaction.atomic
def remove(provider: Provider, *, by: Actor, at: datetime) -> None:
    """Send nobody there any more; what was signed stays. Asked twice, it happens once."""
    found = Provider.objects.select_for_update().get(pk=provider.pk)
    if found.removed_at is None:
        found.removed_at = at
        found.save(update_fields=["removed_at"])
        _tell("signingProvider:removed", found, by, at)


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


def _tell(event: str, provider: Provider, by: Actor, at: datetime) -> None:
    facts = {"name": provider.name, "address": provider.address, "version": provider.version}
    record(event, tenant=provider.tenant_id, subject=provider.pk, by=by, at=at, **facts)
