"""Taking files in."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from paraph import pades
from paraph.errors import TooLarge

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.documents.models import Part
from paraph_server.documents.storage import CHUNK_BYTES, Incoming, storage
from paraph_server.journal.actions import Actor, record

LARGEST = 100 * 2**20  # bytes
PDF = "application/pdf"


class Readable(Protocol):
    """A request, an uploaded file, an open file."""

    def read(self, size: int, /) -> bytes: ...


def receive(tenant: Tenant | str, stream: Readable, filename: str, *, by: Actor, at: datetime) -> Part:
    """Take in somebody's PDF: stream it to the storage, look at it once, keep it if it can be signed.

    The plain bytes are in memory once, while the gate looks at them, and are not written to the disk here.

    Raises:
        EmptyDocument, NotAPdf, EncryptedDocument, BrokenDocument, TooLarge, MisleadingDocument: it is not kept; the
            message says why.
    """
    with storage().receive(id_of(tenant), _bounded(stream)) as incoming:
        facts = pades.inspect(incoming.read())
        pades.refuse(facts.misleading)
        incoming.keep()
        return _add(tenant, incoming, filename, PDF, pages=facts.pages, by=by, at=at)


@transaction.atomic
def _add(
    tenant: Tenant | str, incoming: Incoming, filename: str, content_type: str, *, pages: int, by: Actor, at: datetime
) -> Part:
    part = _part(tenant, incoming, filename, content_type, pages=pages, at=at)
    record(
        "part:received",
        tenant=tenant,
        subject=part.pk,
        by=by,
        at=at,
        filename=part.filename,
        size=part.size,
        sha256=part.hash,
        pages=pages,
    )
    return part


def keep(
    tenant: Tenant | str, content: bytes, filename: str, content_type: str, *, pages: int | None = None, at: datetime
) -> Part:
    """Store what the platform made itself; whoever made it tells the journal."""
    with storage().receive(id_of(tenant), _pieces(content)) as incoming:
        incoming.keep()
        return _part(tenant, incoming, filename, content_type, pages=pages, at=at)


def _part(
    tenant: Tenant | str, incoming: Incoming, filename: str, content_type: str, *, pages: int | None, at: datetime
) -> Part:
    return Part.objects.create(
        tenant_id=id_of(tenant),
        filename=plain_filename(filename),
        content_type=content_type,
        size=incoming.size,
        hash=incoming.hash,
        pages=pages,
        created_at=at,
    )


def plain_filename(name: str) -> str:
    """A name without folders or control characters, short enough for every file system."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(character for character in last if character.isprintable()).strip(" .")
    stem, dot, suffix = printable.rpartition(".")
    if dot and len(suffix) <= 8:  # noqa: PLR2004 - what follows the last dot of a longer one is no type
        return f"{stem[: 200 - len(suffix)]}.{suffix}" if stem else f"document.{suffix}"
    return printable[:200] or "document"


def _bounded(stream: Readable) -> Iterator[bytes]:
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge(_("This file is larger than 100 MB."))
        yield chunk


def _pieces(content: bytes) -> Iterable[memoryview]:
    view = memoryview(content)
    return (view[start : start + CHUNK_BYTES] for start in range(0, len(view), CHUNK_BYTES))
