"""Taking files in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from paraph import pades
from paraph.errors import EmptyDocument, NotAPdf, TooLarge
from paraph.formats import zip as archives

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.documents import conversion, kinds
from paraph_server.documents.errors import NotConvertible
from paraph_server.documents.models import Blob, Part
from paraph_server.documents.storage import CHUNK_BYTES, Incoming, data, storage
from paraph_server.journal.actions import Actor, record
from paraph_server.web.rows import insert

LARGEST = 100 * 2**20  # bytes
PDF = kinds.PDF.content_type


class Readable(Protocol):
    """A request, an uploaded file, an open file."""

    def read(self, size: int, /) -> bytes: ...


class As(Enum):
    """What somebody's file is taken for."""

    PDF = "a PDF to sign"
    CONVERTED = "a PDF to sign, made of what it is"
    PDF_IF_POSSIBLE = "a PDF, where one can be made of it"
    ANYTHING = "whatever it is"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is in the storage and on nobody's record yet; what is never recorded is swept up."""

    filename: str
    content_type: str
    size: int
    hash: str
    pages: int | None = None
    source: "Taken | None" = None
    """What it was converted from."""


# ---------------------------------------------------------------- what people send


def receive(
    tenant: Tenant | str, stream: Readable, filename: str, *, taken_as: As = As.PDF, by: Actor, at: datetime
) -> Part:
    """Take in somebody's file, and put it on record; raises as `take` does."""
    return add(tenant, take(tenant, stream, filename, taken_as=taken_as), by=by, at=at)


def take(tenant: Tenant | str, stream: Readable, filename: str, *, taken_as: As = As.PDF) -> Taken:
    """Take in somebody's file: stream it to the storage, look at it once, keep it if it is what it is taken for.

    A PDF must always be sound: people will read it.

    Raises:
        EmptyDocument, NotAPdf, EncryptedDocument, BrokenDocument, TooLarge, MisleadingDocument: it is not kept; the
            message says why.
        NotConvertible, ConversionUnavailable, ConversionFailed: no PDF can be made of it.
    """
    with storage().receive(id_of(tenant), _bounded(stream)) as incoming, incoming.plain() as file:
        return _judged(tenant, incoming, file, filename, taken_as)


def take_all(
    tenant: Tenant | str, stream: Readable, filename: str, *, taken_as: As, unzip: bool, leave_out: bool
) -> Iterator[Taken | None]:
    """Take in a file, or one by one every file of a ZIP file, in which others are files like any.

    With `leave_out`, what is of another kind is not refused: None comes in its place. Raises as `take` does.
    """
    with storage().receive(id_of(tenant), _bounded(stream)) as incoming, incoming.plain() as file:
        if not (unzip and kinds.of(file) is kinds.ZIP):
            yield _judged_or_left(tenant, incoming, file, filename, taken_as, leave_out=leave_out)
            return
        with archives.opened(file) as entries:
            for name, entry in entries:
                if not _is_litter(name):
                    yield from take_all(tenant, entry, name, taken_as=taken_as, unzip=False, leave_out=leave_out)


def _judged_or_left(
    tenant: Tenant | str, incoming: Incoming, file: BinaryIO, filename: str, taken_as: As, *, leave_out: bool
) -> Taken | None:
    try:
        return _judged(tenant, incoming, file, filename, taken_as)
    except (NotAPdf, NotConvertible):
        if leave_out:
            return None
        raise


def _is_litter(name: str) -> bool:
    """What macOS and Windows put beside people's files."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _judged(tenant: Tenant | str, incoming: Incoming, file: BinaryIO, filename: str, taken_as: As) -> Taken:
    if not incoming.size:
        raise EmptyDocument(_("The file is empty."))
    kind = kinds.of(file)
    if kind is kinds.PDF:
        pages = _pages(file)
        return _kept(incoming, filename, kind, pages)
    if taken_as is As.ANYTHING or (taken_as is As.PDF_IF_POSSIBLE and kind.way is kinds.Way.NONE):
        return _kept(incoming, filename, kind, None)
    if taken_as is As.PDF:
        hint = _("This is %(kind)s, not a PDF. Have it converted, or add it as an attachment.")
        raise NotAPdf(hint % {"kind": kind.name})
    with conversion.converted(kind, file) as made:
        result = take(tenant, made, f"{PurePosixPath(plain_filename(filename)).stem}.pdf")
    return replace(result, source=_kept(incoming, filename, kind, None))


def _pages(file: BinaryIO) -> int:
    with data(file) as content:
        facts = pades.inspect(content)
    pades.refuse(facts.misleading)
    return facts.pages


def _kept(incoming: Incoming, filename: str, kind: kinds.Kind, pages: int | None) -> Taken:
    incoming.keep()
    return Taken(plain_filename(filename), kind.content_type, incoming.size, incoming.hash, pages)


@transaction.atomic(savepoint=False)
def add(tenant: Tenant | str, taken: Taken, *, by: Actor, at: datetime) -> Part:
    """Put a file that was taken in on record."""
    source = add(tenant, taken.source, by=by, at=at) if taken.source else None
    part = Part(
        tenant_id=id_of(tenant),
        filename=taken.filename,
        content_type=taken.content_type,
        size=taken.size,
        hash=taken.hash,
        pages=taken.pages,
        source=source,
        created_at=at,
    )
    insert([part])
    facts = {"pages": part.pages, "source": part.source_id}
    record(
        "part:received",
        tenant=tenant,
        subject=part.pk,
        by=by,
        at=at,
        filename=part.filename,
        size=part.size,
        sha256=part.hash,
        **{name: fact for name, fact in facts.items() if fact},
    )
    return part


# ---------------------------------------------------------------- in pieces


def receive_blob(tenant: Tenant | str, stream: Readable, *, subject: str, at: datetime) -> Blob:
    """Take in a piece of a file, for what `subject` names; raises `TooLarge`."""
    with storage().receive(id_of(tenant), _bounded(stream)) as incoming:
        incoming.keep()
    return Blob.objects.create(
        tenant_id=id_of(tenant), subject=subject, size=incoming.size, hash=incoming.hash, created_at=at
    )


class Joined:
    """Blobs behind each other, read as one file."""

    def __init__(self, blobs: Iterable[Blob]) -> None:
        self._chunks = (chunk for blob in blobs for chunk in storage().stream(blob.tenant_id, blob.hash))

    def read(self, size: int, /) -> bytes:  # noqa: ARG002  the storage's chunks are small enough
        return next((chunk for chunk in self._chunks if chunk), b"")


# ---------------------------------------------------------------- what the platform makes


def keep(
    tenant: Tenant | str, content: bytes, filename: str, content_type: str, *, pages: int | None = None, at: datetime
) -> Part:
    """Store what the platform made itself; whoever made it tells the journal."""
    with storage().receive(id_of(tenant), _pieces(content)) as incoming:
        incoming.keep()
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
