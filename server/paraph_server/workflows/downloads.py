"""Files on their way out: one as it is, several as a ZIP that is made while it is sent."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.workflows.errors import NoSuchDocument
from paraph_server.workflows.models import Document, Workflow

ZIP = "application/zip"


def delivered(
    found: Workflow, documents: Sequence[Document] | None = None, *, zipped: bool = False
) -> HttpResponseBase:
    """The documents of a workflow, or these of them, as they stand: one as it is, several as a ZIP.

    Raises:
        NoSuchDocument: it has none at all.
    """
    parts = [each.current for each in (found.documents.all() if documents is None else documents)]
    if not parts:
        raise NoSuchDocument(_("This workflow has no documents."))
    if len(parts) == 1 and not zipped:
        return file(parts[0])
    return _archive(found.pk, _numbered(parts))


def everything(found: Workflow) -> HttpResponseBase:
    """All that belongs to a workflow: documents, attachments, what they were converted from, and the evidence."""
    documents: list[Document] = list(found.documents.all())
    signed = [each.current for each in documents if each.signature_profile_id]
    attached = [each.current for each in documents if not each.signature_profile_id]
    sources = [each.original.source for each in documents if each.original.source]
    files = [
        *_numbered(signed, "documents/"),
        *_numbered(attached, "attachments/"),
        *_numbered(sources, "sources/"),
        *([(found.evidence.filename, found.evidence)] if found.evidence else []),
    ]
    if not files:
        raise NoSuchDocument(_("This workflow has no documents."))
    return _archive(found.pk, files)


def _numbered(parts: Iterable[Part], folder: str = "") -> list[tuple[str, Part]]:
    """Names that are never the same."""
    return [(f"{folder}{place:02} {each.filename}", each) for place, each in enumerate(parts, start=1)]


def _archive(name: str, files: Iterable[tuple[str, Part]]) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return StreamingHttpResponse(zipped(files), content_type=ZIP, headers=headers)


class _Pipe:
    """What `zipfile` writes to: it takes what comes, and cannot go back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._written.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What was written is still to be drained."""

    def drained(self) -> Iterator[bytes]:
        yield from self._written
        self._written.clear()


def zipped(files: Iterable[tuple[str, Part]]) -> Iterator[bytes]:
    """A ZIP of these files, chunk by chunk; not compressed, since what is in PDFs is already."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for name, part in files:
            entry = zipfile.ZipInfo(name, part.created_at.timetuple()[:6])
            entry.file_size = part.size
            with archive.open(entry, "w", force_zip64=True) as target:
                for chunk in stored.stream(part):
                    target.write(chunk)
                    yield from pipe.drained()
    yield from pipe.drained()


def file(found: Part, *, inline: bool = False) -> HttpResponseBase:
    """A file to download, or to show in the browser's own reader."""
    kind = "inline" if inline else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.filename)}",
        "Content-Length": str(found.size),
    }
    return StreamingHttpResponse(stored.stream(found), content_type=found.content_type, headers=headers)
