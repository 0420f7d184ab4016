"""Which seals an organisation may use. Only who operates the platform decides that: a credential is named here."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.journal.actions import Actor, record
from paraph_server.workflows.errors import SealTaken
from paraph_server.workflows.models import Seal


@transaction.atomic
def give_seal(tenant: Tenant | str, credential: str, *, name: str, by: Actor, at: datetime) -> Seal:
    """Let an organisation seal with a credential; given again, it gets another name and is good again.

    Raises:
        SealTaken: it is another organisation's.
    """
    found = Seal.objects.filter(credential=credential).first()
    if found is None:
        found = Seal(tenant_id=id_of(tenant), credential=credential, created_at=at)
    found.name, found.withdrawn_at = name[:100], None
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise SealTaken(_("This credential is the seal of another organisation.")) from None
    record("seal:given", tenant=tenant, subject=found.pk, by=by, at=at, credential=credential, name=found.name)
    return found


@transaction.atomic
def withdraw_seal(tenant: Tenant | str, credential: str, *, by: Actor, at: datetime) -> None:
    """Let an organisation seal with a credential no more; steps that name it wait."""
    for found in Seal.objects.filter(tenant_id=id_of(tenant), credential=credential, withdrawn_at=None):
        found.withdrawn_at = at
        found.save(update_fields=["withdrawn_at"])
        record("seal:withdrawn", tenant=tenant, subject=found.pk, by=by, at=at, credential=credential)
