"""Finding people by the beginnings of words, among however many.

PostgreSQL keeps row security before everything that might leak: `LIKE`, trigrams and full-text search are not
leak-proof, so behind a policy they never reach an index and read the tenant's whole table. Comparing texts is
leak-proof. Hence a table of words, each beside the id that it leads to, and ranges over it.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Model, QuerySet

from paraph_server.accounts.models import Word

LONGEST, MOST = 60, 40  # characters of a word; words of one person
MOST_ASKED = 8
LAST = "\U0010ffff"
M = TypeVar("M", bound=Model)


class Among(Func):
    """Whether an id is in an array that is found first.

    With `IN` the planner, which cannot guess how many words begin like another, reads everybody instead.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def words(*texts: str) -> list[str]:
    """The words of some texts without case and accents, each once."""
    plain = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return list(dict.fromkeys(word[:LONGEST] for word in re.findall(r"[^\W_]+", plain)))[:MOST]


def index(found: Any, *texts: str) -> None:
    """Have a row of a tenant found by these texts, and by nothing else."""
    index_all([(found, texts)])


def index_all(rows: Sequence[tuple[Any, Sequence[str]]]) -> None:
    """The same for many rows."""
    Word.objects.filter(subject__in=[found.pk for found, _texts in rows]).delete()
    Word.objects.bulk_create(
        (
            Word(tenant_id=found.tenant_id, subject=found.pk, word=word)
            for found, texts in rows
            for word in words(*texts)
        ),
        batch_size=5000,
    )


def narrow(found: QuerySet[M], tenant_id: str, text: str) -> QuerySet[M]:
    """Of some rows of a tenant, those with a word that begins like each word of `text`."""
    matching = [
        Word.objects.filter(tenant_id=tenant_id, word__gte=word, word__lt=word + LAST).values("subject")
        for word in words(text)[:MOST_ASKED]
    ]
    if not matching:
        return found
    subjects = matching[0].intersection(*matching[1:]) if matching[1:] else matching[0]
    return found.filter(Among(F("pk"), ArraySubquery(subjects)))
