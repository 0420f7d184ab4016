"""The French catalogue holds every text, and nothing that nobody has read."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parents[2] / "paraph_server"
CATALOGUE = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "django.po"
KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}


def test_no_text_is_missing_or_unsure() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    for message in catalogue:
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(texts), f"{message.id} has no French text"
            assert not message.fuzzy, f"{message.id} was guessed"
    missing = sorted({f"{text} ({place})" for place, text in written() if text not in catalogue})
    assert not missing, "not in the catalogue: " + "; ".join(missing)


def written() -> Iterator[tuple[str, str]]:
    """Every text that the code and the templates give to be translated, and where; of a plural the singular."""
    for file in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]:
        source = file.read_text(encoding="utf-8")
        if file.suffix != ".py":  # as Django itself reads them: what is no text becomes one word after the other
            source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
        for _line, text, *_ in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
            yield file.name, text if isinstance(text, str) else text[0]
