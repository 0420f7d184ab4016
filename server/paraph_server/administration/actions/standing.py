"""What must hold after every change of people and groups."""

from django.utils.translation import gettext as _

from paraph_server.accounts import queries
from paraph_server.accounts.models import Tenant
from paraph_server.administration.errors import LastAdministrator


def keep_an_administrator(tenant_id: str) -> None:
    """Refuse a change after which nobody could administer; two such changes at once are made one after the other.

    Raises:
        LastAdministrator: nobody could.
    """
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)
    if not queries.administrators(tenant_id).exists():
        raise LastAdministrator(_("Somebody must still be able to administer the organisation."))
