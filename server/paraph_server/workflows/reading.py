"""What belongs to a row, as a list beside it: read with it or written with it, and looked at again for nothing.

Django's own prefetching makes a manager and a query of each list, and again with each look at it: for a page of
workflows that is half of the work.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from paraph_server.web.questions import Question
from paraph_server.workflows.models import Access, Document, Recipient, RequestedDocument, Step, Watcher, Workflow

M = TypeVar("M", bound=Model)

STEPS = Question(lambda ids: Step.objects.filter(workflow_id__among=ids))
PEOPLE = Question(lambda ids: Recipient.objects.filter(step_id__among=ids))
ASKED = Question(
    lambda ids: RequestedDocument.objects.filter(recipient_id__among=ids).select_related("part").order_by("position")
)
PAPERS = Question(
    lambda ids: Document.objects.filter(workflow_id__among=ids).select_related(
        "original", "current", "signature_profile"
    )
)
WATCHERS = Question(lambda ids: Watcher.objects.filter(workflow_id__among=ids))
ACCESSES = Question(lambda ids: Access.objects.filter(workflow_id__among=ids))


def its(one: Model, name: str) -> list[Any]:
    """What goes by this name: as it was read or written with the row, else asked of the database now."""
    beside: list[Any] | None = vars(one).get(_beside(name))
    return list(getattr(one, name).all()) if beside is None else beside


def remembered(one: Model, name: str, many: list[M]) -> list[M]:
    """What is written with a row, all of it, need not be read again."""
    setattr(one, _beside(name), many)
    return many


def with_people(workflows: Sequence[Workflow]) -> None:
    """Read who takes part, step by step, and what is asked from them."""
    steps = _read(workflows, "steps", STEPS, of="workflow")
    people = _read(steps, "recipients", PEOPLE, of="step")
    _read(people, "requested_documents", ASKED, of="recipient")


def with_papers(workflows: Sequence[Workflow]) -> None:
    _read(workflows, "documents", PAPERS, of="workflow")


def with_circle(workflows: Sequence[Workflow]) -> None:
    """Read who is told and who is let in."""
    _read(workflows, "watchers", WATCHERS, of="workflow")
    _read(workflows, "accesses", ACCESSES, of="workflow")


def unread(many: Iterable[M], name: str) -> list[M]:
    """Those beside which this does not stand yet."""
    return [each for each in many if _beside(name) not in vars(each)]


def _read(many: Sequence[Model], name: str, question: Question[M], *, of: str) -> list[M]:
    """What goes by this name, beside what it belongs to, which it knows as `of`."""
    if not many:
        return []
    wholes = {each.pk: (each, remembered(each, name, list[M]())) for each in many}
    found = question(ids=list(wholes))
    for each in found:
        whole, beside = wholes[getattr(each, f"{of}_id")]
        each._meta.get_field(of).set_cached_value(each, whole)  # type: ignore[union-attr]  # noqa: SLF001  a foreign key
        beside.append(each)
    return found


def _beside(name: str) -> str:
    return f"its_{name}"
