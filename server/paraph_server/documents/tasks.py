"""What is swept up every night."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.documents.models import Blob, Part
from paraph_server.documents.storage import storage

logger = logging.getLogger(__name__)

DAY = 24 * 60 * 60  # seconds; no upload takes longer


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="documents.tasks.sweep")
def sweep(timestamp: int) -> None:
    """Remove files that arrived and were never recorded, and pieces of which nobody made a file."""
    for tenant in Tenant.objects.all():
        with tenant_context(tenant):
            Blob.objects.filter(created_at__lt=datetime.fromtimestamp(timestamp - DAY, UTC)).delete()
            if removed := storage().forget(tenant.pk, older_than=timestamp - DAY, unless=_known):
                logger.info("Removed %d files that belong to no document of %s.", removed, tenant.pk)


def _known(digests: set[str]) -> set[str]:
    parts = Part.objects.filter(hash__in=digests).values_list("hash", flat=True)
    return {*parts, *Blob.objects.filter(hash__in=digests).values_list("hash", flat=True)}
