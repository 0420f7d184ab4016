"""Bulk sends as the REST API writes them."""

from datetime import datetime
from typing import cast

from paraph_server.bulk import queries, schemas
from paraph_server.bulk.models import BulkSend, Row
from paraph_server.web.moments import MILLISECOND, milliseconds
from paraph_server.workflows.shapes import part


def bulk_send(found: BulkSend, *, at: datetime) -> schemas.BulkSend:
    """A bulk send with its progress. What has not happened is absent."""
    counted = queries.progress(found, at=at)
    times = {
        name: milliseconds(getattr(found, f"{name}_at"))
        for name in ("created", "updated", "checked", "started", "paused", "cancelled", "finished")
    }
    shown = {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.owner_id,
        "templateId": found.template_id,
        "templateVersion": found.content["version"],
        "status": found.status,
        "file": part(found.file),
        "ignoredColumns": found.ignored,
        "problem": found.problem or None,
        "total": counted.total,
        "waiting": counted.waiting,
        "done": counted.done,
        "failed": counted.failed,
        "faulty": counted.faulty,
        "below": counted.below,
        "signaturePolicyId": found.policy_id,
        "overrideReason": found.override_reason or None,
        "progress": counted.percent,
        "rowsPerSecond": round(counted.rate, 2),
        "timeLeft": None if counted.left is None else counted.left // MILLISECOND,
        **{name: value for name, value in times.items() if value is not None},
    }
    return cast("schemas.BulkSend", shown)


def row(found: Row) -> schemas.Row:
    return {
        "number": found.number,
        "state": Row.State(found.state),
        "values": found.values,
        "faults": [{"column": each["column"] or None, "message": each["text"]} for each in found.faults],
        "workflowId": found.workflow_id,
        "settled": milliseconds(found.settled_at),
    }
