"""Finding people by the beginnings of words, among however many (see `web.words`)."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from paraph_server.accounts.models import Word
from paraph_server.web.words import Range, Words

LONGEST, MOST = 60, 40  # characters of a word; words of one person
MOST_ASKED = 8
_WORDS = Words(Word, "word", "subject")
M = TypeVar("M", bound=Model)


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
    return _WORDS.narrow(found, tenant_id, [Range.beginning(word) for word in words(text)[:MOST_ASKED]])
