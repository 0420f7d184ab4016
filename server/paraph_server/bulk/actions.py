"""Receive, check, start, hold and work through bulk sends."""

import csv
import io
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from paraph_server.accounts.models import User
from paraph_server.bulk import queries, tables
from paraph_server.bulk.errors import FaultyRows, NotPossibleNow, SentBefore
from paraph_server.bulk.models import BulkSend, Row, Status
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.journal.actions import PLATFORM, Actor, record, together
from paraph_server.policies import queries as policies
from paraph_server.templates import actions as templates
from paraph_server.templates import queries as known
from paraph_server.templates import risks
from paraph_server.templates.columns import Columns
from paraph_server.templates.content import Content
from paraph_server.templates.filling import Facts, Fault, faults
from paraph_server.templates.models import Template
from paraph_server.web import problems
from paraph_server.web.errors import BadSpreadsheet
from paraph_server.workflows import actions as workflows
from paraph_server.workflows.actions import Override, check_override
from paraph_server.workflows.conformity import Foresight
from paraph_server.workflows.errors import BelowPolicy
from paraph_server.workflows.models import Workflow

CHECK, RUN = "paraph_server.bulk.tasks.check", "paraph_server.bulk.tasks.run"
TOGETHER = 500
"""Rows that are in memory at the same time."""

logger = logging.getLogger(__name__)


# ---------------------------------------------------------------- a file comes in


@transaction.atomic
def receive(
    template: Template,
    file: bytes,
    filename: str,
    content_type: str,
    *,
    owner: User,
    again: bool = False,
    starts_itself: bool = False,
    by: Actor,
    at: datetime,
) -> BulkSend:
    """Keep a spreadsheet and the template as it is now; the rows are checked soon.

    Raises:
        SentBefore: the same file came for this template, and `again` was not said.
        BadSpreadsheet: it is larger than we take.
    """
    if len(file) > tables.LARGEST:
        raise BadSpreadsheet(_("This file is larger than 20 MB."))
    template = Template.objects.select_for_update().get(pk=template.pk)  # a file may come twice at the same time
    part = documents.keep(template.tenant_id, file, filename, content_type, at=at)
    if not again and (earlier := queries.same_file(template, part.hash)):
        moment = timezone.localtime(earlier.created_at).strftime("%Y-%m-%d %H:%M")
        raise SentBefore(_("This file came already, on %(moment)s.") % {"moment": moment}, bulkSendId=earlier.pk)
    made = BulkSend.objects.create(
        tenant_id=template.tenant_id,
        owner=owner,
        template=template,
        content=known.content(template).model_dump(mode="json"),
        file=part,
        language=translation.get_language() or "en",
        starts_itself=starts_itself,
        created_at=at,
        updated_at=at,
    )
    _defer(CHECK, made)
    _tell("bulk:received", made, by, at, template=template.pk, version=template.version, sha256=part.hash)
    return made


def written(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows of a program as a file, so that what was sent is kept as it came."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    output = io.StringIO()
    writer = csv.DictWriter(output, headings, restval="", delimiter=";")
    writer.writeheader()
    writer.writerows({name: "" if cell is None else cell for name, cell in row.items()} for row in rows)
    try:
        return output.getvalue().encode("utf-8-sig")
    except UnicodeEncodeError:  # half of a character, which JSON can write
        raise BadSpreadsheet(_("This is not text.")) from None


@transaction.atomic
def check(bulk_send_id: str, *, at: datetime) -> None:
    """Read and judge every row, once, and rehearse with the first."""
    found = _locked(bulk_send_id)
    if found.status is not Status.CHECKING:
        return
    content = found.made_of
    with translation.override(found.language):
        try:
            with transaction.atomic():
                columns = known.asked(content)
                found.policy = policies.in_force(found.tenant_id, at)
                _take_rows(found, content, columns)
                _rehearse(found, content, columns, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it is told to the sender
            found.problem = _explained(error)
    found.checked_at = at
    _save(found, at, "checked_at", "ignored", "problem", "policy")
    counted = queries.progress(found, at=at)
    told = {"rows": counted.total, "faulty": counted.faulty, "below": counted.below, "policy": found.policy_id}
    _tell("bulk:checked", found, PLATFORM, at, **told, problem=found.problem)
    if found.starts_itself and not found.problem and not counted.faulty and not counted.below:
        start(found, by=_owner(found), at=at)


def _take_rows(found: BulkSend, content: Content, columns: Columns) -> None:
    table = tables.read(stored.content(found.file), columns)
    found.ignored = list(table.ignored)
    rows = _judged(found, content, columns, table.rows)
    while some := list(islice(rows, TOGETHER)):
        Row.objects.bulk_create(some)
    if not found.rows.exists():
        raise BadSpreadsheet(_("There is no row below the headings."))


def _judged(
    found: BulkSend, content: Content, columns: Columns, rows: Iterable[tuple[int, dict[str, str]]]
) -> Iterator[Row]:
    policy = Foresight(found.policy) if found.policy else None
    for number, values in rows:
        wrong, state = faults(content, columns, values), Row.State.FAULTY
        if policy and not wrong:
            refusal = policy.refusal(risks.read(columns, values, content.known), content.parties(values))
            wrong, state = [Fault("", refusal)] if refusal else [], Row.State.BELOW
        yield Row(
            tenant_id=found.tenant_id,
            bulk_send=found,
            number=number,
            values=values,
            state=state if wrong else Row.State.WAITING,
            faults=[asdict(each) for each in wrong],
        )


def _rehearse(found: BulkSend, content: Content, columns: Columns, at: datetime) -> None:
    """Make the first workflow and take it back: what is wrong with the template shows before anything is sent."""
    first = found.rows.filter(state__in=(Row.State.WAITING, Row.State.BELOW)).first()
    if first is None:
        return
    with transaction.atomic():
        try:
            _send(found, content, columns, first, at)
        except BelowPolicy:
            if first.state != Row.State.BELOW:
                raise
        transaction.set_rollback(True)


# ---------------------------------------------------------------- its sender decides


@transaction.atomic
def start(
    found: BulkSend, *, skip_faulty: bool = False, override: Override | None = None, by: Actor, at: datetime
) -> BulkSend:
    """Send what is right; with an override, also what is below the signature policy.

    Raises:
        FaultyRows: some rows are wrong or below the policy, and `skip_faulty` was not said.
        NotPermitted, NoReason: not everybody overrides the policy, and nobody without a reason.
        NotPossibleNow: it is not checked, was started, or has no row that could be sent.
    """
    found = _in_state(found, Status.CHECKED)
    if override:
        _override(found, override, by, at)
    counted = queries.progress(found, at=at)
    if (left := counted.faulty + counted.below) and not skip_faulty:
        raise FaultyRows(_("%(count)d rows cannot be sent.") % {"count": left}, faulty=left)
    if not counted.waiting:
        raise NotPossibleNow(_("No row can be sent."))
    found.started_at = at
    _save(found, at, "started_at")
    _defer(RUN, found)
    _tell("bulk:started", found, by, at, rows=counted.waiting, skipped=left)
    return found


def _override(found: BulkSend, override: Override, by: Actor, at: datetime) -> None:
    """Have the rows sent that are below the signature policy; it holds for the version that they were checked with."""
    below = found.rows.filter(state=Row.State.BELOW)
    if not below.exists():
        return
    check_override(override)
    rows = below.update(state=Row.State.WAITING)
    found.overridden_by, found.override_reason = override.by, override.reason.strip()
    _save(found, at, "overridden_by", "override_reason")
    _tell("bulk:policy-overridden", found, by, at, rows=rows, policy=found.policy_id, reason=found.override_reason)


@transaction.atomic
def pause(found: BulkSend, *, by: Actor, at: datetime) -> BulkSend:
    """Send nothing more for now; raises `NotPossibleNow`."""
    found = _in_state(found, Status.STARTED)
    found.paused_at = at
    _save(found, at, "paused_at")
    _tell("bulk:paused", found, by, at)
    return found


@transaction.atomic
def resume(found: BulkSend, *, by: Actor, at: datetime) -> BulkSend:
    """Go on where it stopped; raises `NotPossibleNow`."""
    found = _in_state(found, Status.PAUSED)
    found.paused_at = None
    _save(found, at, "paused_at")
    _defer(RUN, found)
    _tell("bulk:resumed", found, by, at)
    return found


@transaction.atomic
def cancel(found: BulkSend, *, by: Actor, at: datetime) -> BulkSend:
    """Send nothing more; the workflows that exist go on. Raises `NotPossibleNow`."""
    found = _in_state(found, Status.CHECKED, Status.STARTED, Status.PAUSED)
    found.cancelled_at = at
    _save(found, at, "cancelled_at")
    _tell("bulk:cancelled", found, by, at)
    return found


@transaction.atomic
def retry(found: BulkSend, *, by: Actor, at: datetime) -> BulkSend:
    """Try the rows again that failed; raises `NotPossibleNow`."""
    found = _in_state(found, Status.STARTED, Status.PAUSED, Status.FINISHED)
    failed = found.rows.filter(state=Row.State.FAILED)
    count = failed.update(state=Row.State.WAITING, faults=[], settled_at=None)
    if not count:
        raise NotPossibleNow(_("No row has failed."))
    found.finished_at = None
    _save(found, at, "finished_at")
    _defer(RUN, found)
    _tell("bulk:retried", found, by, at, rows=count)
    return found


# ---------------------------------------------------------------- row by row


class Work:
    """A bulk send as one worker goes through it; what does not change from row to row is read once."""

    def __init__(self, bulk_send_id: str) -> None:
        self._bulk_send = BulkSend.objects.select_related("owner__tenant", "overridden_by", "policy").get(
            pk=bulk_send_id
        )
        self._content = self._bulk_send.made_of
        self._columns = known.asked(self._content)

    def send_next(self, *, at: datetime) -> bool:
        """Send one row that waits; False when there is nothing to do now.

        The row is locked until its workflow stands: whoever comes at the same time takes another one.
        """
        with transaction.atomic(), translation.override(self._bulk_send.language):
            waiting = queries.ready(self._bulk_send)
            row = waiting.select_for_update(of=("self",), skip_locked=True).first()
            if row is None:
                self._finish(at)
                return False
            self._settle(row, at)
            return True

    def _settle(self, row: Row, at: datetime) -> None:
        try:
            with transaction.atomic(), together():
                row.workflow = _send(self._bulk_send, self._content, self._columns, row, at)
            row.state = Row.State.DONE
        except (OperationalError, InterfaceError):
            raise  # the database is away: the whole job is tried again
        except Exception as error:  # noqa: BLE001  one row must not hold up the others
            row.state, row.faults = Row.State.FAILED, [asdict(Fault("", _explained(error)))]
        row.settled_at = at
        row.save(update_fields=["workflow", "state", "faults", "settled_at"])

    def _finish(self, at: datetime) -> None:
        found = _locked(self._bulk_send.pk)
        if (
            found.status is not Status.STARTED or found.rows.filter(state=Row.State.WAITING).exists()
        ):  # held by somebody else
            return
        found.finished_at = at
        _save(found, at, "finished_at")
        counted = queries.progress(found, at=at)
        _tell("bulk:finished", found, PLATFORM, at, done=counted.done, failed=counted.failed)


def go_on(bulk_send_id: str) -> None:
    """Have the rest done by another job."""
    _defer(RUN, BulkSend.objects.get(pk=bulk_send_id))


def _send(found: BulkSend, content: Content, columns: Columns, row: Row, at: datetime) -> Workflow:
    by, facts = _owner(found), Facts.row(columns, row.values)
    said = content.saying(risks.read(columns, row.values, content.known))
    workflow = templates.use(said, columns, facts, owner=found.owner, by=by, at=at)
    overridden = bool(found.override_reason) and policies.in_force(found.tenant_id, at) == found.policy
    override = Override(found.overridden_by, found.override_reason) if overridden and found.overridden_by else None
    return workflows.start(workflow, override=override, by=by, at=at)


def _explained(error: Exception) -> str:
    """What the sender reads; what nobody foresaw is in the log."""
    problem = problems.describe(error)
    if problem and problem.status < 500:  # noqa: PLR2004 - the sender's business
        return problem.message
    logger.error("A row of a bulk send failed.", exc_info=error)
    return _("Something went wrong on our side. It has been noted.")


# ---------------------------------------------------------------- within one transaction


def _owner(found: BulkSend) -> Actor:
    return Actor("user", found.owner_id, found.owner.name)


def _locked(bulk_send_id: str) -> BulkSend:
    return BulkSend.objects.select_for_update(of=("self",)).select_related("owner", "file").get(pk=bulk_send_id)


def _in_state(found: BulkSend, *states: Status) -> BulkSend:
    found = _locked(found.pk)
    if found.status not in states:
        raise NotPossibleNow(_("This is not possible now."), status=found.status.value)
    return found


def _save(found: BulkSend, at: datetime, *fields: str) -> None:
    found.updated_at = at
    found.save(update_fields=[*fields, "updated_at"])


def _defer(task: str, found: BulkSend) -> None:
    """One job at a time for a bulk send; a second one finds nothing left to do."""
    job = app.configure_task(task, allow_unknown=False, lock=f"bulk:{found.pk}")
    job.defer(tenant_id=found.tenant_id, bulk_send_id=found.pk)


def _tell(event: str, found: BulkSend, by: Actor, at: datetime, **details: Any) -> None:
    record(event, tenant=found.tenant_id, subject=found.pk, by=by, at=at, **details)
