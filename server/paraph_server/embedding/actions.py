"""Say which sites are the tenant's own."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from paraph_server.accounts.models import Tenant
from paraph_server.embedding import origins
from paraph_server.embedding.models import Site
from paraph_server.journal.actions import Actor, record


@transaction.atomic
def allow_origins(tenant_id: str, wanted: Iterable[str], *, by: Actor, at: datetime) -> list[str]:
    """From now on these sites, and no others, may show the tenant's signing pages and have signers sent back.

    Links and pages made for a site that is no longer among them stop working.

    Raises:
        BadOrigin: one of them is none.
    """
    Tenant.objects.select_for_update().get(pk=tenant_id)  # who names a version (`If-Match`) is not overtaken
    allowed = sorted({origins.canonical(each) for each in wanted})
    Site.objects.filter(tenant=tenant_id).exclude(origin__in=allowed).delete()
    Site.objects.bulk_create(
        [Site(tenant_id=tenant_id, origin=each, allowed_at=at) for each in allowed], ignore_conflicts=True
    )
    record("tenant:origins-allowed", tenant=tenant_id, subject=tenant_id, by=by, at=at, origins=allowed)
    return allowed
