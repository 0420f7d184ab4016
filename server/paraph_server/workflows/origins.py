"""What a workflow may be made of beside its caller's words (`templateId`): a higher domain says how.

It is the journal's way up for something that cannot wait: the caller wants the workflow in the answer. ::

    @makes("templateId")
    def of_template(wanted: WorkflowIn, *, owner: User, by: Actor, at: datetime) -> Workflow: ...
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from paraph_server.accounts.models import User
from paraph_server.journal.actions import Actor
from paraph_server.workflows.models import Workflow
from paraph_server.workflows.requests import WorkflowIn


class Maker(Protocol):
    def __call__(self, wanted: WorkflowIn, *, owner: User, by: Actor, at: datetime) -> Workflow: ...


_makers: dict[str, Maker] = {}


def makes(field: str) -> Callable[[Maker], Maker]:
    """Have workflows made by this whenever their caller gives `field`."""

    def register(maker: Maker) -> Maker:
        _makers[field] = maker
        return maker

    return register


def maker(wanted: WorkflowIn) -> Maker | None:
    """Who makes this workflow, if it is not made of its caller's words alone."""
    return next((maker for field, maker in _makers.items() if getattr(wanted, field)), None)
