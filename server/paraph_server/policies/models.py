"""The versions of an organisation's signature policy: at most one draft, and everything that was ever in force."""

import functools

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.policies import stored
from paraph_server.policies.rules import Example, Table
from paraph_server.web import ids


class PolicyVersion(models.Model):
    """A decision table with its examples; once it has a moment to be in force from, it does not change any more."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "spv"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """The table, see `stored`."""
    expected = models.JSONField()
    """The examples."""
    revision = models.PositiveIntegerField(default=1)
    """Counts the changes of a draft, so that two people who edit it see each other."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    in_force_from = models.DateTimeField(null=True)
    """Until the next one is; None for a draft."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "number"], name="one_policy_per_number"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(in_force_from=None), name="one_draft_of_a_policy"
            ),
        )
        indexes = (models.Index(fields=["tenant", "-in_force_from"], name="policies_in_force"),)

    @functools.cached_property
    def table(self) -> Table:
        return stored.table(self.content)

    @functools.cached_property
    def examples(self) -> tuple[Example, ...]:
        return stored.examples(self.expected)
