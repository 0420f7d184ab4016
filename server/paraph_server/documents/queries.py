"""Reading files: their bytes, and their pages as people see them."""

import functools
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from paraph import pades

from paraph_server.documents import renderer, storage, tags
from paraph_server.documents.errors import NoSuchBlob
from paraph_server.documents.models import Blob, Part

NARROWEST, WIDEST = 64, 2000  # pixels


def content(part: Part) -> bytes:
    """The whole file.

    Raises:
        StorageMissing, StorageDamaged: it is not there any more, or not what it was.
    """
    return storage.storage().get(part.tenant_id, part.hash)


def stream(part: Part) -> Iterator[bytes]:
    """The file in chunks, for answers that send it on; a fault breaks off in the middle."""
    return storage.storage().stream(part.tenant_id, part.hash)


def page_image(part: Part, page: int, width: int) -> bytes:
    """One page (from 1) of a PDF as WebP, `width` pixels wide within reason.

    Raises:
        NoSuchPage: it has fewer pages.
        Unreadable: this page cannot be shown, or not in a few seconds.
    """
    return renderer.image(_drawn(part), page, max(NARROWEST, min(width, WIDEST)))


def page_text(part: Part, page: int) -> str:
    """What is written on a page, for those who have it read aloud; raises as `page_image` does."""
    return renderer.text(_drawn(part), page)


def _drawn(part: Part) -> renderer.Drawn:
    return renderer.Drawn(part.hash, part.size, lambda: stream(part))


def facts(part: Part) -> pades.Facts:
    """What a PDF holds, of the same bytes looked up once in a while; raises as `pades.inspect` does."""
    return _facts(part.tenant_id, part.hash, part.size)


@functools.lru_cache(maxsize=64)
def _facts(tenant_id: str, digest: str, size: int) -> pades.Facts:
    with storage.in_the_clear(storage.storage().stream(tenant_id, digest), size) as file, storage.data(file) as data:
        return pades.inspect(data)


def signature_tags(part: Part) -> list[tags.Found]:
    """The tags in a PDF's text that say where somebody signs; raises `Unreadable` when it cannot be looked through."""
    found = renderer.tags(_drawn(part))
    return [tags.Found(tag, each["page"], each["x"], each["y"]) for each in found if (tag := tags.parse(each["text"]))]


def blobs(wanted: Sequence[str], *, subject: str) -> list[Blob]:
    """Pieces that were uploaded for something, in the order asked for; raises `NoSuchBlob`."""
    found = Blob.objects.filter(subject=subject).in_bulk(list(wanted))
    if missing := [each for each in wanted if each not in found]:
        raise NoSuchBlob(_("There is no blob %(id)s here.") % {"id": missing[0][:40]})
    return [found[each] for each in wanted]
