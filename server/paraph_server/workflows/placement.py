"""Settle where everybody's block goes, before anybody signs.

What the sender says comes first, then a tag in the text (`{{sig:1}}`), then a signature field of the file that is named
for a signer (`sig1`, `Signature 2`). Where nothing speaks of a signer, the block finds a free place when they sign.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from paraph.pades import Facts

from paraph_server.documents import queries as stored
from paraph_server.documents.errors import Unreadable
from paraph_server.documents.tags import Found
from paraph_server.workflows import fields
from paraph_server.workflows.errors import BadFields, IncompleteWorkflow
from paraph_server.workflows.fields import Place
from paraph_server.workflows.models import Document

WIDTH, HEIGHT = 165.0, 68.0
"""Points: a block whose size nobody says."""
_NAMED = re.compile(r"(?:.*\.)?sig(?:nature)?[ _.-]?([1-9][0-9]?)", re.IGNORECASE)


def settle(document: Document, *, signers: int) -> None:
    """Write the places into a document that is about to be sent.

    Raises:
        IncompleteWorkflow: it is certified and forbids further signatures.
        BadFields: a block would lie on no page, or beyond its edge; a tag speaks of nobody, or twice of somebody; a
            field does not exist, or is two signers'.
    """
    facts, name = stored.facts(document.current), document.current.filename
    if facts.locked:
        raise IncompleteWorkflow(_("%(name)s is certified and forbids further signatures.") % {"name": name})
    wanted = fields.places(document)
    asked = (
        _asked(document, facts, signers) if document.signature_profile and document.signature_profile.visible else {}
    )
    further = {signer: place for signer, place in asked.items() if signer not in wanted}
    _check(wanted | further, facts, name)
    if further:
        document.signature_fields += [place.written(signer) for signer, place in sorted(further.items())]
        document.save(update_fields=["signature_fields"])


def _asked(document: Document, facts: Facts, signers: int) -> dict[int, Place]:
    """What the file itself asks for."""
    return _named(facts, signers) | _tagged(document, facts, signers)


def _named(facts: Facts, signers: int) -> dict[int, Place]:
    """The file's own signature fields, where their names say whose they are."""
    found = ((int(match[1]), name) for name in facts.fields if (match := _NAMED.fullmatch(name)))
    return {signer: Place(field=name) for signer, name in found if signer <= signers}


def _tagged(document: Document, facts: Facts, signers: int) -> dict[int, Place]:
    try:
        found = stored.signature_tags(document.current)
    except Unreadable:  # nobody sees a page of it either; it can be signed all the same
        return {}
    name, places = document.current.filename, dict[int, Place]()
    for each in found:
        said = {"name": name, "tag": str(each.tag)}
        if each.tag.signer > signers:
            raise BadFields(_("%(name)s has a place for a signer who does not exist: %(tag)s.") % said)
        if each.tag.signer in places:
            raise BadFields(_("%(tag)s stands more than once in %(name)s.") % said)
        places[each.tag.signer] = _at(each, facts.sizes[each.page - 1])
    return places


def _at(found: Found, page: tuple[float, float]) -> Place:
    """The block with its corner on that of the tag, moved as far as it must be to lie on the page."""
    width, height = (min(one, two) for one, two in zip(_size(found), page, strict=True))
    x, y = max(0.0, min(found.x, page[0] - width)), max(0.0, min(found.y, page[1] - height))
    return Place(found.page, round(x, 2), round(y, 2), width, height)


def _size(found: Found) -> tuple[float, float]:
    return (float(found.tag.width or WIDTH), float(found.tag.height or HEIGHT))


def _check(wanted: Mapping[int, Place], facts: Facts, name: str) -> None:
    used = [place.field for place in wanted.values() if place.field]
    for field in used:
        said: dict[str, Any] = {"name": name, "field": field}
        if field not in facts.fields:
            raise BadFields(_("%(name)s has no empty signature field %(field)s.") % said)
        if used.count(field) > 1:
            raise BadFields(_("The field %(field)s of %(name)s can be signed by one person only.") % said)
    if not all(place.field or place.fits(facts.sizes) for place in wanted.values()):
        raise BadFields(_("A signature field of %(name)s does not lie on its page.") % {"name": name})
