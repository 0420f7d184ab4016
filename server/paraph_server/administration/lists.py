"""Lists of contacts as other programs write them: CSV with a line of headings, in French or in English."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from paraph_server.accounts import search
from paraph_server.web import separated
from paraph_server.web.errors import BadSpreadsheet

LARGEST = 5 * 2**20  # bytes
MOST = 10_000
"""Lines that are taken in at once."""
HEADINGS = {
    "first_name": {"first name", "firstname", "given name", "prenom"},
    "last_name": {"last name", "lastname", "surname", "family name", "nom", "nom de famille"},
    "email": {
        "email",
        "e mail",
        "mail",
        "email address",
        "e mail address",
        "adresse electronique",
        "courriel",
        "adresse e mail",
        "adresse",
    },
    "phone_number": {"phone", "phone number", "mobile", "mobile number", "telephone", "portable", "numero de mobile"},
    "country": {"country", "pays"},
    "locale": {"language", "locale", "langue"},
}
REQUIRED = ("first_name", "last_name", "email")
_FACTS = {heading: fact for fact, headings in HEADINGS.items() for heading in headings}


def read(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number of each line, and what it says of somebody; what is empty is left out.

    Raises:
        BadSpreadsheet: it is no such list, or too long.
    """
    if len(content) > LARGEST:
        raise BadSpreadsheet(_("This file is larger than 5 MB."))
    records = separated.rows(content)
    _line, heading = next(records, (0, []))
    places = {fact: place for place, cell in enumerate(heading) if (fact := _FACTS.get(" ".join(search.words(cell))))}
    if not places.keys() >= set(REQUIRED):
        raise BadSpreadsheet(_("The first line must name the columns: first name, last name, e-mail address."))
    for count, (line, record) in enumerate(records, start=1):
        if count > MOST:
            raise BadSpreadsheet(_("This file has more than %(most)d lines. Import it in parts.") % {"most": MOST})
        if any(cell.strip() for cell in record):
            yield line, _facts(record, places)


def _facts(record: list[str], places: dict[str, int]) -> dict[str, Any]:
    said = {fact: record[place].strip().replace("\0", "") for fact, place in places.items() if place < len(record)}
    facts = {fact: text for fact, text in said.items() if text}
    if "locale" in facts:
        facts["locale"] = facts["locale"][:2].lower()
    return {**dict.fromkeys(REQUIRED, ""), **facts}
