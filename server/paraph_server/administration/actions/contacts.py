"""Keep an address book."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from paraph_server.accounts import rights, search
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.administration.actions.people import CHECKS
from paraph_server.administration.models import Contact
from paraph_server.journal.actions import Actor, record


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
    for name, value in facts.items():
        setattr(contact, name, CHECKS[name](value) if name in CHECKS else value)
    contact.updated_at = at
    contact.save()
    search.index(contact, contact.name, contact.email, contact.phone_number)
    record(event, tenant=contact.tenant_id, subject=contact.pk, by=acting, at=at, shared=contact.is_shared)
    return contact
