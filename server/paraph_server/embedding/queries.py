"""Which sites are the tenant's own."""

from django.utils.translation import gettext as _

from paraph_server.embedding import origins
from paraph_server.embedding.errors import OriginNotAllowed
from paraph_server.embedding.models import Site


def allowed_origins(tenant_id: str) -> list[str]:
    return list(Site.objects.filter(tenant=tenant_id).values_list("origin", flat=True))


def check_origin(tenant_id: str, written: str) -> str:
    """The origin in its canonical form, if the tenant allows it.

    Raises:
        BadOrigin: it is none.
        OriginNotAllowed: the tenant has not said that it is its own.
    """
    return _allowed(tenant_id, origins.canonical(written))


def check_return(tenant_id: str, address: str) -> str:
    """The address, if signers may be sent there; raises as `check_origin` does."""
    _allowed(tenant_id, origins.check_address(address))
    return address


def _allowed(tenant_id: str, origin: str) -> str:
    if not Site.objects.filter(tenant=tenant_id, origin=origin).exists():
        raise OriginNotAllowed(
            _("%(origin)s is not among the allowed origins of this organisation.") % {"origin": origin}
        )
    return origin
