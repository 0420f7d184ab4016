"""Find the versions of an organisation's signature policy."""

from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.policies.errors import NoSuchPolicy
from paraph_server.policies.models import PolicyVersion
from paraph_server.web.questions import Question

CURRENT, DRAFT = "current", "draft"
"""What stands in the place of an id."""


def in_force(tenant_id: str, at: datetime) -> PolicyVersion | None:
    """The version that judges workflows at a moment, if the organisation has a policy."""
    return _IN_FORCE.one(tenant=tenant_id, at=at)


_IN_FORCE = Question(
    lambda tenant, at: PolicyVersion.objects.filter(tenant=tenant, in_force_from__lte=at).order_by(
        "-in_force_from", "-number"
    )[:1]
)


def versions(user: User) -> QuerySet[PolicyVersion]:
    """Those of a user's organisation, the draft and the latest first."""
    found = PolicyVersion.objects.filter(tenant=user.tenant_id)
    return found.order_by(F("in_force_from").desc(nulls_first=True), "-number")


def draft(user: User) -> PolicyVersion | None:
    return versions(user).filter(in_force_from=None).first()


def version(user: User, wanted: str, *, at: datetime) -> PolicyVersion:
    """A version by its id, the one in force (`current`), or the draft (`draft`); raises `NoSuchPolicy`."""
    if wanted == CURRENT:
        found = in_force(user.tenant_id, at)
    elif wanted == DRAFT:
        found = draft(user)
    else:
        found = versions(user).filter(pk=wanted).first()
    if found is None:
        raise NoSuchPolicy(_("There is no such signature policy."))
    return found
