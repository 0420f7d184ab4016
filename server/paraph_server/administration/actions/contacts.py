"""Keep an address book."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from paraph_server.accounts import rights, search
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.administration.actions.people import CHECKS
from paraph_server.administration.models import Contact
from paraph_server.journal.actions import Actor, record
from paraph_server.web.errors import PlatformError


@transaction.atomic
def create(facts: Mapping[str, Any], *, by: User, acting: Actor, at: datetime) -> Contact:
    """A contact of one's own, or for everybody (`is_shared`); raises `BadProfile` and `BadAddress`."""
    contact = Contact(tenant_id=by.tenant_id, user=by, created_at=at)
    return _save(contact, facts, "contact:created", acting=acting, at=at)


@transaction.atomic
def change(contact: Contact, facts: Mapping[str, Any], *, by: User, acting: Actor, at: datetime) -> Contact:
    """Change what is given; raises `NotPermitted` for somebody else's when this person does not manage people."""
    _check(contact, by)
    return _save(contact, facts, "contact:changed", acting=acting, at=at)


@transaction.atomic
def remove(contact: Contact, *, by: User, acting: Actor, at: datetime) -> None:
    _check(contact, by)
    contact_id = contact.pk
    search.index(contact)
    contact.delete()
    record("contact:removed", tenant=by.tenant_id, subject=contact_id, by=acting, at=at)


def _check(contact: Contact, by: User) -> None:
    if contact.user_id != by.pk:
        rights.check(by, Right.MANAGE_USERS)


def _save(contact: Contact, facts: Mapping[str, Any], event: str, *, acting: Actor, at: datetime) -> Contact:
    _fill(contact, facts, at)
    contact.save()
    search.index(contact, *_texts(contact))
    record(event, tenant=contact.tenant_id, subject=contact.pk, by=acting, at=at, shared=contact.is_shared)
    return contact


def _fill(contact: Contact, facts: Mapping[str, Any], at: datetime) -> None:
    for name, value in facts.items():
        setattr(contact, name, CHECKS[name](value) if name in CHECKS else value)
    contact.updated_at = at


def _texts(contact: Contact) -> tuple[str, ...]:
    """What it is found by."""
    return (contact.name, contact.email, contact.phone_number)


# ---------------------------------------------------------------- many at once

FACTS = ("first_name", "last_name", "email", "phone_number", "country", "locale", "is_shared")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a list: how many are new, how many were changed, and which lines could not be taken, and why."""

    new: int
    changed: int
    faults: Sequence[tuple[int, str]]


@transaction.atomic
def take_in(
    rows: Iterable[tuple[int, Mapping[str, Any]]], *, is_shared: bool, by: User, acting: Actor, at: datetime
) -> Imported:
    """Keep everybody of a list; who is among one's contacts already, by their address, is changed.

    Taken in once more, a list changes nothing.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two lists at a time would double whom both name
    known = {each.email: each for each in Contact.objects.filter(user=by)}
    new: dict[str, Contact] = {}
    changed: dict[str, Contact] = {}
    faults = []
    for line, facts in rows:
        try:
            email = CHECKS["email"](facts["email"])
            found = known.get(email) or new.get(email) or Contact(tenant_id=by.tenant_id, user=by, created_at=at)
            filled = copy(found)
            _fill(filled, {**facts, "is_shared": is_shared}, at)
        except PlatformError as error:
            faults.append((line, str(error)))
            continue
        if email not in known:
            new[email] = filled
        elif email in changed or any(getattr(found, name) != getattr(filled, name) for name in FACTS):
            known[email] = changed[email] = filled
    _keep(list(new.values()), list(changed.values()))
    if new or changed:
        counted = {"new": len(new), "changed": len(changed), "shared": is_shared}
        record("contacts:imported", tenant=by.tenant_id, subject=by.pk, by=acting, at=at, **counted)
    return Imported(len(new), len(changed), faults)


def _keep(new: Sequence[Contact], changed: Sequence[Contact]) -> None:
    Contact.objects.bulk_create(new, batch_size=1000)
    Contact.objects.bulk_update(changed, [*FACTS, "updated_at"], batch_size=500)
    search.index_all([(each, _texts(each)) for each in (*new, *changed)])
