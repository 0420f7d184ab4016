"""Reading files: their bytes, and their pages as people see them."""

from collections.abc import Iterator

from paraph_server.documents import renderer
from paraph_server.documents.models import Part
from paraph_server.documents.storage import storage

NARROWEST, WIDEST = 64, 2000  # pixels


def content(part: Part) -> bytes:
    """The whole file.

    Raises:
        StorageMissing, StorageDamaged: it is not there any more, or not what it was.
    """
    return storage().get(part.tenant_id, part.hash)


def stream(part: Part) -> Iterator[bytes]:
    """The file in chunks, for answers that send it on; a fault breaks off in the middle."""
    return storage().stream(part.tenant_id, part.hash)


def page_image(part: Part, page: int, width: int) -> bytes:
    """One page (from 1) of a PDF as WebP, `width` pixels wide within reason.

    Raises:
        NoSuchPage: it has fewer pages.
        Unreadable: this page cannot be shown, or not in a few seconds.
    """
    return renderer.image(part.hash, lambda: content(part), page, max(NARROWEST, min(width, WIDEST)))


def page_text(part: Part, page: int) -> str:
    """What is written on a page, for those who have it read aloud; raises as `page_image` does."""
    return renderer.text(part.hash, lambda: content(part), page)
