"""Write an organisation's signature policy, and put it into force."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paraph_server.accounts import rights
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.rights import Right
from paraph_server.journal.actions import Actor, record
from paraph_server.policies import evaluation, queries, stored
from paraph_server.policies.errors import BadPolicy, DraftChanged, ExamplesFail, NoSuchPolicy
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Example, Rule, Table

MOST_RULES = 100
MOST_EXAMPLES = 200
LONGEST_NAME = 120
UNBROKEN = "\u00a0\u202f"


@transaction.atomic
def write(
    table: Table,
    examples: Sequence[Example],
    *,
    revision: int | None = None,
    by: User,
    acting: Actor,
    at: datetime,
) -> PolicyVersion:
    """Write the draft: another one, or, where there is one, what stands in it from now on.

    With a `revision`, only what has this revision is replaced; 0 stands for none.

    Raises:
        NotPermitted: not by this person.
        BadPolicy: it is too long, or a rule cannot be told from another one.
        DraftChanged: the draft has another revision.
    """
    rights.check(by, Right.ADMINISTER)
    _check(table, examples)
    draft = _locked(by)
    if revision is not None and revision != (draft.revision if draft else 0):
        raise DraftChanged(_("Somebody else has changed the draft in the meantime. Look at it, and change it again."))
    if draft is None:
        last = queries.versions(by).aggregate(last=Max("number"))["last"] or 0
        draft = PolicyVersion(tenant_id=by.tenant_id, number=last + 1, revision=0, created_at=at)
    draft.content, draft.expected = stored.write(table), stored.write(tuple(examples))
    draft.revision, draft.updated_at = draft.revision + 1, at
    draft.save()
    draft = PolicyVersion.objects.get(pk=draft.pk)  # a row remembers the table that it was read with
    _tell("policy:written", draft, acting, at)
    return draft


@transaction.atomic
def discard(*, by: User, acting: Actor, at: datetime) -> None:
    """Throw the draft away; raises `NoSuchPolicy`, or `NotPermitted`."""
    rights.check(by, Right.ADMINISTER)
    draft = _present(by)
    draft_id = draft.pk
    draft.delete()
    draft.pk = draft_id
    _tell("policy:discarded", draft, acting, at)


@transaction.atomic
def enforce(
    *, since: datetime | None = None, revision: int | None = None, by: User, acting: Actor, at: datetime
) -> PolicyVersion:
    """Have the draft judge every workflow that starts from a moment on, by default now. It does not change any more.

    Raises:
        NotPermitted: not by this person.
        NoSuchPolicy: there is no draft.
        DraftChanged: it has another revision than the one that was looked at.
        ExamplesFail: it says something else than its examples.
        BadPolicy: the moment is over.
    """
    rights.check(by, Right.ADMINISTER)
    draft = _present(by)
    if revision is not None and revision != draft.revision:
        raise DraftChanged(_("Somebody else has changed the draft in the meantime. Look at it, and change it again."))
    failing = [place + 1 for place, _judged in evaluation.failures(draft.table, draft.examples)]
    if failing:
        said = ngettext(
            "%(count)d example says something else.", "%(count)d examples say something else.", len(failing)
        )
        raise ExamplesFail(said % {"count": len(failing)}, examples=", ".join(map(str, failing)))
    if since is not None and since < at:
        raise BadPolicy(_("This moment is over: a policy is in force from now on, or later."))
    draft.in_force_from = since or at
    draft.updated_at = at
    draft.save(update_fields=["in_force_from", "updated_at"])
    _tell("policy:enforced", draft, acting, at, since=draft.in_force_from.isoformat())
    return draft


# ---------------------------------------------------------------- within one transaction


def _locked(by: User) -> PolicyVersion | None:
    """The draft, if there is one; nobody else writes one until this transaction ends."""
    Tenant.objects.select_for_update(no_key=True).get(pk=by.tenant_id)
    return queries.draft(by)


def _present(by: User) -> PolicyVersion:
    draft = _locked(by)
    if draft is None:
        raise NoSuchPolicy(_("There is no such signature policy."))
    return draft


def _check(table: Table, examples: Sequence[Example]) -> None:
    if len(table.rules) > MOST_RULES or len(examples) > MOST_EXAMPLES:
        raise BadPolicy(
            _("A policy has at most %(rules)d rules and %(examples)d examples.")
            % {"rules": MOST_RULES, "examples": MOST_EXAMPLES}
        )
    if not (len(table.country) == 2 and table.country.isascii() and table.country.isalpha()):  # noqa: PLR2004  ISO 3166
        raise BadPolicy(_("Write the country with two letters, such as FR."))
    names = [_name(each) for each in table.rules]
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise BadPolicy(_("Two rules are called “%(name)s”.") % {"name": twice})


def _name(rule: Rule) -> str:
    """A refused sender reads it; French has spaces that do not break, which Python takes for unprintable."""
    letters = [each for each in rule.name if each not in UNBROKEN]
    if not rule.name.strip() or not "".join(letters).isprintable() or len(rule.name) > LONGEST_NAME:
        raise BadPolicy(_("A rule needs a name of at most %(most)d characters.") % {"most": LONGEST_NAME})
    if rule.condition.amount_from is not None and not rule.condition.currency:
        raise BadPolicy(_("“%(name)s” names an amount without its currency.") % {"name": rule.name})
    return rule.name


def _tell(event: str, found: PolicyVersion, acting: Actor, at: datetime, **details: Any) -> None:
    digest = sha256(json.dumps([found.content, found.expected], sort_keys=True).encode()).hexdigest()
    facts = {"number": found.number, "rules": len(found.table.rules), "sha256": digest}
    record(event, tenant=found.tenant_id, subject=found.pk, by=acting, at=at, **facts, **details)
