"""Find workflows by the terms that the database keeps of them (see `keeping`)."""

from collections.abc import Mapping

from django.db.models import QuerySet

from paraph_server.config.postgresql.base import ask
from paraph_server.web.words import Range, Words
from paraph_server.workflows import queries
from paraph_server.workflows.models import Term, Workflow

MOST_WORDS = 10
_TERMS = Words(Term, "term", "workflow_id")


def narrowed(
    found: QuerySet[Workflow],
    tenant_id: str,
    text: str = "",
    *,
    facts: Mapping[str, str] | None = None,
    filing_class: str = "",
) -> QuerySet[Workflow]:
    """Those which fit all of this.

    Args:
        found: workflows of a tenant.
        tenant_id: which one.
        text: words, each of which is found in them or begins a word that is; or the id of a workflow.
        facts: what a field (`name`, `data1` … `data16`, `email` of a recipient) is, whatever the case.
        filing_class: their class in the filing plan, or one above it.
    """
    ranges = [Range.just(_fact(field, value)) for field, value in (facts or {}).items()]
    if filing_class:
        ranges.append(Range.beginning(_fact("class", f"{queries.filed(filing_class)}/")))
    if text.startswith("wfl_"):
        found = found.filter(pk=text)
    elif text.strip():
        words = _asked("SELECT workflows_words(%s) LIMIT %s", text, MOST_WORDS)
        if not words:
            return found.none()
        ranges += map(Range.beginning, words)
    return _TERMS.narrow(found, tenant_id, ranges)


def _fact(field: str, value: str) -> str:
    return _asked("SELECT workflows_fact(%s, %s)", field, value)[0]


def _asked(question: str, *values: str | int) -> list[str]:
    """What PostgreSQL makes of what was typed: the same as it made of what is stored."""
    [found] = ask((question, values))
    return [value for (value,) in found]
