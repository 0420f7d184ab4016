"""What people and programs do with workflows. Each verb is one transaction that locks its workflow."""

from paraph_server.workflows.actions.circle import file_under, give_away, share
from paraph_server.workflows.actions.consent import (
    LONGEST_TEXT,
    NewConsentPage,
    change_page,
    create_page,
    offer_provider,
    renew_pages,
    withdraw_page,
)
from paraph_server.workflows.actions.course import check_override, pause, resume, start, stop
from paraph_server.workflows.actions.drafts import change, create, identify, set_up_tenant
from paraph_server.workflows.actions.ends import archive, await_repair, expire, finish, retry
from paraph_server.workflows.actions.holding import draft, hold
from paraph_server.workflows.actions.identities import ask_whether, call_back, offer
from paraph_server.workflows.actions.notices import notify
from paraph_server.workflows.actions.people import LONGEST_NAME
from paraph_server.workflows.actions.reminders import remind, resend_invitation
from paraph_server.workflows.actions.seals import give_seal, withdraw_seal
from paraph_server.workflows.actions.successors import delegate, replace
from paraph_server.workflows.actions.turns import Signed, act, check_turn, complete, hand_over, refuse, view
from paraph_server.workflows.actions.wanted import (
    Circle,
    NewRecipient,
    NewRequest,
    NewStep,
    NewWatcher,
    NewWorkflow,
    Override,
)

__all__ = [
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "Circle",
    "NewConsentPage",
    "NewRecipient",
    "NewRequest",
    "NewStep",
    "NewWatcher",
    "NewWorkflow",
    "Override",
    "Signed",
    "act",
    "archive",
    "ask_whether",
    "await_repair",
    "call_back",
    "change",
    "change_page",
    "check_override",
    "check_turn",
    "complete",
    "create",
    "create_page",
    "delegate",
    "draft",
    "expire",
    "file_under",
    "finish",
    "give_away",
    "give_seal",
    "hand_over",
    "hold",
    "identify",
    "notify",
    "offer",
    "offer_provider",
    "pause",
    "refuse",
    "remind",
    "renew_pages",
    "replace",
    "resend_invitation",
    "resume",
    "retry",
    "set_up_tenant",
    "share",
    "start",
    "stop",
    "view",
    "withdraw_page",
    "withdraw_seal",
]
