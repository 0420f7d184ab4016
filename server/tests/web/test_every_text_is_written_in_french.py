"""The French catalogue holds every text, and nothing that nobody has read."""

from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[2] / "paraph_server" / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def test_no_text_is_missing_or_unsure() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    for message in catalogue:
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(texts), f"{message.id} has no French text"
            assert not message.fuzzy, f"{message.id} was guessed"
