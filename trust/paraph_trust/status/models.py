"""The revocation lists that were published."""

from django.db import models

from paraph_trust.authority.models import Certificate


class RevocationList(models.Model):
    """A signed list; the newest of an issuer is the one in force."""

    issuer = models.ForeignKey(Certificate, models.PROTECT, related_name="lists")
    number = models.BigIntegerField()
    der = models.BinaryField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    entries = models.BigIntegerField()
    """How many revocations it names. They only grow, so another number in the register means that it is outdated."""

    class Meta:
        db_table = "status_revocation_list"
        constraints = [models.UniqueConstraint(fields=["issuer", "number"], name="status_list_number")]
