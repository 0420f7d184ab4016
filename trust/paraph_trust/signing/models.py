"""Credentials and what they were authorised to sign."""

import hashlib
from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from paraph.algorithms import Digest

from paraph_trust.authority.models import Certificate


class Credential(models.Model):
    """A key that clients may use without ever seeing it.

    A person's key waits wrapped in this row until it has signed once, or its certificate expires; then it is destroyed.
    A seal's key is that of its standing certificate and is used again and again.
    """

    id = models.CharField(max_length=64, primary_key=True)
    lent_to = ArrayField(models.CharField(max_length=64))
    """The names of the clients that may use it."""
    certificate = models.OneToOneField(Certificate, models.PROTECT)
    single_use = models.BooleanField()
    wrapped_key = models.BinaryField(null=True)
    requested_by = models.CharField(max_length=64, null=True)
    request_id = models.CharField(max_length=128, null=True)
    request_digest = models.BinaryField(max_length=32, null=True)
    """What the request asked for, so that its repetition is told from another request under the same identifier."""
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "signing_credential"
        indexes = [
            models.Index(fields=["certificate"], name="signing_waiting", condition=models.Q(wrapped_key__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(fields=["requested_by", "request_id"], name="signing_request_once"),
            models.CheckConstraint(
                condition=models.Q(wrapped_key__isnull=True) | models.Q(destroyed_at__isnull=True),
                name="signing_destroyed_keys_are_gone",
            ),
        ]


class Authorisation(models.Model):
    """Leave to sign certain digests once; afterwards, the signatures."""

    credential = models.ForeignKey(Credential, models.PROTECT, related_name="authorisations")
    single_use = models.BooleanField()
    """As the credential's, so that the database itself refuses a second signature of a single-use key."""
    secret_hash = models.BinaryField(max_length=32, unique=True)
    hash_algorithm = models.CharField(max_length=16)
    digests = ArrayField(models.BinaryField())
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    signatures = ArrayField(models.BinaryField(), null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "signing_authorisation"
        constraints = [
            models.UniqueConstraint(
                fields=["credential"],
                condition=models.Q(signed_at__isnull=False, single_use=True),
                name="signing_single_use",
            )
        ]

    def covers(self, digests: Sequence[Digest]) -> bool:
        """Whether these are the authorised digests, in their order."""
        authorised = [(self.hash_algorithm, bytes(value)) for value in self.digests]
        return authorised == [(digest.algorithm.value, digest.value) for digest in digests]


def secret_hash(secret: str) -> bytes:
    """What is kept of signature activation data: its digest; it has 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()
