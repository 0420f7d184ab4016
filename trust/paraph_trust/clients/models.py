"""The clients' table."""

import hashlib

from django.db import models


class Client(models.Model):
    """A program that may use credentials; it sees only those issued to it or lent to it by the ceremony."""

    name = models.CharField(max_length=64, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "clients_client"


def token_hash(token: str) -> bytes:
    """What is kept of a token: it has 256 random bits, so a plain digest protects it as well as a slow one."""
    return hashlib.sha256(token.encode()).digest()
