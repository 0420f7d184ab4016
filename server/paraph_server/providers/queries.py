"""Who keeps keys for an organisation's signers."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.providers.errors import NoSuchProvider
from paraph_server.providers.models import Provider


def of(tenant: Tenant | str) -> QuerySet[Provider]:
    return Provider.objects.filter(tenant_id=id_of(tenant), removed_at=None)


def offered() -> QuerySet[Provider]:
    """Those of the tenant spoken for where somebody may begin to sign."""
    return Provider.objects.filter(removed_at=None, disabled_at=None)


def find(provider_id: str) -> Provider:
    """Raises `NoSuchProvider`."""
    return _first(Provider.objects.filter(pk=provider_id, removed_at=None))


def locked(provider_id: str) -> Provider:
    """The same, which nobody else changes until this transaction ends."""
    return _first(Provider.objects.select_for_update().filter(pk=provider_id, removed_at=None))


def find_offered(provider_id: str) -> Provider:
    """One where somebody may begin to sign; raises `NoSuchProvider`."""
    return _first(offered().filter(pk=provider_id))


def _first(among: QuerySet[Provider]) -> Provider:
    found = among.first()
    if found is None:
        raise NoSuchProvider(_("There is no such trust service provider."))
    return found
