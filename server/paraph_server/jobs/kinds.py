"""What jobs are called: `signing.perform` for programs, a few words for people."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from paraph_server.jobs.errors import NoSuchKind

TITLES = {
    "accounts.forget": gettext_lazy("Drop old sessions and wrong passwords"),
    "administration.send_link": gettext_lazy("Send a link for another password"),
    "authentication.forget": gettext_lazy("Drop what nobody needs to sign in any more"),
    "authentication.note_wrong_password": gettext_lazy("Write down a wrong password"),
    "authorisations.forget": gettext_lazy("Drop what providers let us see of people"),
    "authorisations.prepare": gettext_lazy("Check the certificate of a provider"),
    "bulk.check": gettext_lazy("Check the rows of a bulk send"),
    "bulk.run": gettext_lazy("Send the rows of a bulk send"),
    "calls.forget": gettext_lazy("Drop old answers of the REST API"),
    "cards.forget": gettext_lazy("Drop old pairings with card agents"),
    "cards.prepare": gettext_lazy("Check a card’s certificate and prepare its documents"),
    "documents.sweep": gettext_lazy("Remove files that belong to no document"),
    "evidence.finish": gettext_lazy("Prove a workflow and finish it"),
    "identification.forget": gettext_lazy("Forget identities whose time is over"),
    "journal.reap": gettext_lazy("Hand on the jobs of dead workers"),
    "notifications.deliver": gettext_lazy("Deliver a message"),
    "notifications.listen": gettext_lazy("Listen for receipts of text messages"),
    "notifications.take_receipt": gettext_lazy("Take a receipt of a text message"),
    "sealing.seal": gettext_lazy("Seal documents"),
    "signing.perform": gettext_lazy("Make a signature"),
    "signing.refresh_lists": gettext_lazy("Fetch the trusted lists"),
    "webhooks.announce": gettext_lazy("Find out whom to tell"),
    "webhooks.deliver": gettext_lazy("Tell an endpoint"),
    "workflows.ask_whether": gettext_lazy("Have the sender compare names"),
    "workflows.call_back": gettext_lazy("Invite somebody again whose name was confirmed"),
    "workflows.expire": gettext_lazy("Stop what is out of time"),
    "workflows.notify": gettext_lazy("Write to those who listen"),
    "workflows.offer": gettext_lazy("Offer an identity provider to senders"),
    "workflows.offer_provider": gettext_lazy("Offer a trust service provider to senders"),
    "workflows.remind": gettext_lazy("Remind those who have not acted"),
}


def of(task: str) -> str:
    """The kind of a task: `paraph_server.signing.tasks.perform` is `signing.perform`."""
    return task.removeprefix("paraph_server.").replace(".tasks.", ".")


def title(kind: str) -> str:
    return str(TITLES.get(kind, kind))


def task(kind: str) -> str:
    """The task of a kind.

    Raises:
        NoSuchKind: there is none.
    """
    for name in app.tasks:
        if of(name) == kind:
            return name
    raise NoSuchKind(_("There is no such kind of job."))
