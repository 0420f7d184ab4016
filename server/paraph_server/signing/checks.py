"""At the counter: who waits for their identity document to be looked at, and what comes of it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from paraph.evidence import Means

from paraph_server.accounts import rights
from paraph_server.accounts.errors import NotPermitted
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.identification import papers
from paraph_server.identification.models import Paper
from paraph_server.identification.papers import NewPaper
from paraph_server.journal.actions import Actor
from paraph_server.workflows.errors import NoSuchRecipient
from paraph_server.workflows.models import ConsentPage, Recipient, Status, Workflow, in_status


def waiting(user: User, text: str = "") -> QuerySet[Recipient]:
    """Those of the organisation's running workflows who are identified in person and have not acted yet.

    Raises:
        NotPermitted: this user does not check identities.
    """
    rights.check(user, Right.CHECK_IDENTITIES)
    asking = ConsentPage.objects.filter(tenant=user.tenant_id, means__contains=[Means.IDENTITY_DOCUMENT])
    running = Workflow.objects.filter(in_status(Status.STARTED))
    found = Recipient.objects.filter(consent_page__in=list(asking), acted_at=None, refused_at=None)
    found = found.filter(step__workflow__in=running)
    for word in text.split():
        found = found.filter(Q(last_name__icontains=word) | Q(first_name__icontains=word) | Q(email__icontains=word))
    return found.select_related("step__workflow__owner").order_by("last_name", "first_name", "pk")


def find(user: User, recipient_id: str) -> Recipient:
    """One of them; raises `NoSuchRecipient`, and `NotPermitted` as above."""
    found = waiting(user).filter(pk=recipient_id).first()
    if found is None:
        raise NoSuchRecipient(_("There is no such recipient."))
    return found


def check(recipient: Recipient, seen: NewPaper, *, by: User, acting: Actor, at: datetime) -> Paper:
    """An operator has somebody before them, and their document; raises as `papers.check` does."""
    if by.pk == recipient.user_id or by.email == recipient.email.lower():
        raise NotPermitted(_("Nobody checks their own identity."))
    return papers.check(seen, subject=recipient.pk, names=recipient.name, by=by, acting=acting, at=at)
