"""The REST API of a Paraph server, typed: `Client`, and `AsyncClient` with the same methods to await.

::

    with Client("https://paraph.example.org/api", token) as paraph:
        me = paraph.me()
        profile = next(paraph.signature_profiles())
        bob = NewRecipient(email="bob@example.org", first_name="Bob", last_name="Durand")
        workflow = paraph.create_workflow(me.id, name="Contract 42", steps=[NewStep(recipients=[bob])])
        paraph.add_document(workflow.id, Path("contract.pdf"), signature_profile_id=profile.id)
        paraph.start_workflow(workflow.id)

What the server refuses is raised as `paraph.errors.Problem`; where it cannot be asked, as `paraph.errors.Unavailable`.
Calls are made again when the server is busy or the connection breaks: see `Patience`.
"""

from paraph.client.calls import File
from paraph.client.patience import Patience
from paraph.client.shapes import (
    Advice,
    ConsentPage,
    Document,
    Event,
    Field,
    LogEntry,
    NewRecipient,
    NewStep,
    Part,
    Recipient,
    SignatureProfile,
    Step,
    User,
    Webhook,
    Workflow,
)
from paraph.client.transport import AsyncClient, Client
from paraph.client.webhooks import verify

__all__ = [
    "Advice",
    "AsyncClient",
    "Client",
    "ConsentPage",
    "Document",
    "Event",
    "Field",
    "File",
    "LogEntry",
    "NewRecipient",
    "NewStep",
    "Part",
    "Patience",
    "Recipient",
    "SignatureProfile",
    "Step",
    "User",
    "Webhook",
    "Workflow",
    "verify",
]
