"""Delegations of signature, and the address book. People, groups and tokens themselves are models of `accounts`."""

import functools

from django.db import models

from paraph_server.accounts.models import Tenant, User
from paraph_server.web import ids


class Delegation(models.Model):
    """Somebody may act in somebody else's turns, within limits. It is never changed, only revoked and given anew."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "dlg"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    principal = models.ForeignKey(User, models.PROTECT, related_name="given")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="received")
    may_sign = models.BooleanField()
    may_approve = models.BooleanField()
    filing_classes = models.JSONField(default=list)
    """Of the filing plan, each with everything below it; none means all."""
    max_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    away = models.BooleanField(default=False)
    """The principal is out of office: the deputy is told of their turns."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("deputy")), name="nobody_is_their_own_deputy"
            ),
            models.CheckConstraint(
                condition=models.Q(max_amount=None) | ~models.Q(currency=""), name="an_amount_has_a_currency"
            ),
        )
        indexes = (
            models.Index(fields=["deputy", "starts_at"]),
            models.Index(fields=["principal", "starts_at"]),
        )


class Contact(models.Model):
    """Somebody outside the organisation, kept by one of its users, perhaps for all of them."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "ctc"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="contacts")
    is_shared = models.BooleanField(default=False)
    email = models.EmailField()
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    phone_number = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="FR")
    locale = models.CharField(max_length=5, default="fr")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "is_shared", "last_name", "id"]),)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
