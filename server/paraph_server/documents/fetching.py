"""Files that lie elsewhere: fetched from the address that somebody names, if it may lead there."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _
from paraph import fetch
from paraph.errors import Refused, Unavailable

from paraph_server.documents.actions import Readable
from paraph_server.documents.errors import NotFetched
from paraph_server.web.reach import reachable

PATIENCE = 120.0
"""Seconds for one file."""


class _Body:
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int, /) -> bytes:  # noqa: ARG002  a piece of what arrives is small enough
        return next((piece for piece in self._pieces if piece), b"")


@contextmanager
def fetched(url: str) -> Iterator[Readable]:
    """The file behind an address, read while it arrives. Where an address leads on to another one is not followed.

    Raises:
        NotFetched: it does not answer, answers something else, or lies where it may not be asked.
    """
    if not url.lower().startswith(("http://", "https://")):
        raise NotFetched(_("Write the address as https://example.org/contract.pdf."))
    try:
        with fetch.download(url, reachable=reachable, patience=PATIENCE) as (status, pieces):
            if status != HTTPStatus.OK:
                raise NotFetched(_("The address answers with HTTP status %(status)s.") % {"status": status})
            yield _Body(pieces)
    except (Unavailable, Refused) as error:
        raise NotFetched(str(error)) from error


def name(url: str) -> str:
    """What the file is called there."""
    return unquote(urlsplit(url).path.rpartition("/")[2])  # what is no address was refused before
