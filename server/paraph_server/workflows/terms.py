"""Find workflows by the terms that the database keeps of them (see `keeping`)."""

from django.db import connection
from django.db.models import QuerySet

from paraph_server.workflows import queries
from paraph_server.workflows.models import Term, Workflow

MOST_WORDS = 10
LAST = "\U0010ffff"


def having(found: QuerySet[Workflow], tenant_id: str, text: str) -> QuerySet[Workflow]:
    """Those in which each word of `text` is found, or a word that begins with it; or the one with this id."""
    if text.startswith("wfl_"):
        return found.filter(pk=text)
    words = _asked("SELECT workflows_words(%s) LIMIT %s", text, MOST_WORDS)
    for word in words:
        terms = Term.objects.filter(tenant=tenant_id, term__gte=word, term__lt=word + LAST)
        found = found.filter(pk__in=terms.values("workflow_id"))
    return found if words else found.none()


def whose(found: QuerySet[Workflow], tenant_id: str, field: str, value: str) -> QuerySet[Workflow]:
    """Those of which a field (`name`, `data1` … `data16`, `email` of a recipient) is this, whatever the case."""
    [fact] = _asked("SELECT workflows_fact(%s, %s)", field, value)
    return found.filter(pk__in=Term.objects.filter(tenant=tenant_id, term=fact).values("workflow_id"))


def filed_under(found: QuerySet[Workflow], tenant_id: str, filing_class: str) -> QuerySet[Workflow]:
    """Those of a class of the filing plan, and of the classes below it."""
    [fact] = _asked("SELECT workflows_fact('class', %s)", f"{queries.filed(filing_class)}/")
    terms = Term.objects.filter(tenant=tenant_id, term__gte=fact, term__lt=fact + LAST)
    return found.filter(pk__in=terms.values("workflow_id"))


def _asked(question: str, *values: str | int) -> list[str]:
    """What PostgreSQL makes of what was typed: the same as it made of what is stored."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [value for (value,) in cursor.fetchall()]
