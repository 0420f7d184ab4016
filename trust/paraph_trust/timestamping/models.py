"""What the ceremonies decided about the units. Serial numbers come from a database sequence beside these tables."""

from django.db import models


class Unit(models.Model):
    """A time-stamping unit; its key is the standing certificate of its name."""

    name = models.CharField(max_length=64, unique=True)
    policy = models.CharField(max_length=128)
    accuracy = models.DurationField()

    class Meta:
        db_table = "timestamping_unit"


class Token(models.Model):
    """A token that was made; the database refuses to rewrite or remove it."""

    serial = models.BigIntegerField(primary_key=True)
    unit = models.CharField(max_length=64)
    at = models.DateTimeField()
    algorithm = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=64)

    class Meta:
        db_table = "timestamping_token"
