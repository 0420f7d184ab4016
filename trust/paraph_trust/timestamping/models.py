"""What the ceremony decided about the unit. Serial numbers come from a database sequence beside this table."""

from django.db import models


class Unit(models.Model):
    """The time-stamping unit of this installation; its key is the standing certificate `timestamping`."""

    policy = models.CharField(max_length=128)
    accuracy = models.DurationField()

    class Meta:
        db_table = "timestamping_unit"
