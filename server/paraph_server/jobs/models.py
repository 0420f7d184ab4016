"""Jobs are Procrastinate's rows; ours is only why one of them failed, which Procrastinate does not keep."""

from django.db import models

from paraph_server.accounts.models import Tenant


class Fault(models.Model):
    """What stood in the way of a job the last time; the database drops it with the job."""

    job = models.BigIntegerField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, db_index=False, related_name="+")
    """None where the job is nobody's, such as clockwork."""
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
