"""Take in the files of one upload, as its sender wants them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from paraph_server.documents import actions as documents
from paraph_server.documents.actions import As, Readable, Taken
from paraph_server.workflows.contents import MOST, too_many
from paraph_server.workflows.models import SignatureProfile


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of the files."""

    profile: SignatureProfile | None = None
    make_documents: bool = True
    ignore_attachments: bool = False
    """What could only be attached is left out and counted."""
    unzip: bool = False
    convert: bool = False

    @property
    def taken_as(self) -> As:
        if self.profile and self.make_documents:
            return As.CONVERTED if self.convert else As.PDF
        return As.PDF_IF_POSSIBLE if self.convert else As.ANYTHING

    @property
    def leaves_out(self) -> bool:
        return self.ignore_attachments and self.make_documents


@dataclass(frozen=True, slots=True)
class Received:
    """The files that were taken in, and how many were left out."""

    files: list[Taken]
    ignored: int


def receive(tenant_id: str, streams: Iterable[tuple[Readable, str]], wish: Wish) -> Received:
    """Take in files with their names, all or none; nothing is on record yet.

    Raises:
        TooManyDocuments: more than anybody reads.
        ParaphError, PlatformError: as `documents.take` does.
    """
    files, ignored = list[Taken](), 0
    for each in _taken(tenant_id, streams, wish):
        if each is None or (wish.leaves_out and wish.profile is None):
            ignored += 1
        else:
            files.append(each)
        if len(files) + ignored > MOST:
            raise too_many()
    return Received(files, ignored)


def _taken(tenant_id: str, streams: Iterable[tuple[Readable, str]], wish: Wish) -> Iterator[Taken | None]:
    for stream, name in streams:
        yield from documents.take_all(
            tenant_id, stream, name, taken_as=wish.taken_as, unzip=wish.unzip, leave_out=wish.leaves_out
        )
