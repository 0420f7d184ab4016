"""What people and programs do with workflows. Each verb is one transaction that locks its workflow."""

from paraph_server.workflows.actions.course import start, stop
from paraph_server.workflows.actions.drafts import change, create, set_up_tenant
from paraph_server.workflows.actions.ends import archive, await_repair, expire, finish
from paraph_server.workflows.actions.holding import draft
from paraph_server.workflows.actions.turns import Signed, act, check_turn, complete, refuse, resend_invitation, view
from paraph_server.workflows.actions.wanted import NewRecipient, NewStep, NewWorkflow

__all__ = [
    "NewRecipient",
    "NewStep",
    "NewWorkflow",
    "Signed",
    "act",
    "archive",
    "await_repair",
    "change",
    "check_turn",
    "complete",
    "create",
    "draft",
    "expire",
    "finish",
    "refuse",
    "resend_invitation",
    "set_up_tenant",
    "start",
    "stop",
    "view",
]
