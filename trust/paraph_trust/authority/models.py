"""The register of certificates."""

from datetime import UTC, datetime

from cryptography import x509
from django.contrib.postgres.fields import ArrayField
from django.db import models
from paraph.pki import Revoked


class Certificate(models.Model):
    """A certificate this authority issued or uses. The standing ones (root, issuing, services, seals) have a name."""

    serial = models.CharField(max_length=40, primary_key=True)
    """Hexadecimal, as `openssl` prints it."""
    name = models.CharField(max_length=64, unique=True, null=True)
    role = models.CharField(max_length=16, null=True)
    """What a standing certificate does here, one of the roles in `queries`; null for seals and what is not standing."""
    issuer = models.ForeignKey("self", models.PROTECT, related_name="issued", null=True)
    """Null for a root."""
    der = models.BinaryField()
    fingerprint = models.CharField(max_length=64, unique=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    issued_at = models.DateTimeField()
    """When it was taken into use, if somebody else issued it."""
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=32, null=True)
    """As RFC 5280 §5.3.1 spells it, for instance `keyCompromise`."""

    class Meta:
        db_table = "authority_certificate"
        indexes = [
            models.Index(
                fields=["issuer", "revoked_at"], name="authority_revoked", condition=models.Q(revoked_at__isnull=False)
            )
        ]

    @property
    def revocation(self) -> Revoked | None:
        """What is to be said of it in lists and OCSP answers, once it is revoked."""
        if self.revoked_at is None:
            return None
        return Revoked(int(self.serial, 16), self.revoked_at, x509.ReasonFlags(self.revocation_reason))

    @property
    def signs_until(self) -> datetime:
        """When the key is retired: a unit's before its certificate ends (EN 319 421 §7.6.2)."""
        for extension in self.parsed.extensions:
            if isinstance(extension.value, x509.PrivateKeyUsagePeriod) and extension.value.not_after:
                return extension.value.not_after.replace(tzinfo=UTC)
        return self.not_after

    @property
    def parsed(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(bytes(self.der))


class Practice(models.Model):
    """What the ceremony decided about certificates for people; one row."""

    person_policies = ArrayField(models.CharField(max_length=128))
    """Object identifiers of the certificate policies they are issued under."""
    level_policies = models.JSONField(default=dict)
    """Further ones for each level of signature that a client identifies people for."""

    class Meta:
        db_table = "authority_practice"


def spelt(serial: int) -> str:
    """A serial number as this register keys it."""
    return f"{serial:X}"
