"""Earlier versions of a PDF that are still inside the file: what its pages showed before it was last saved."""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf

from paraph.formats.mapped import Data
from paraph.formats.pdf import gate
from paraph.pades.misleading import Finding, Found, Kind

_END = re.compile(rb"%%EOF[\r\n]{0,2}")
_LINEARIZED_WITHIN = 1024
_MOST = 20
"""Earlier versions that are compared; the oldest ones."""
_DEEPEST = 3
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def replaced(document: Data, pdf: pikepdf.Pdf, password: str) -> Iterator[Found]:
    """Pages that an earlier version shows otherwise; `pdf` is the document as it is now."""
    ends = [match.end() for match in _END.finditer(document)][:-1]
    if b"/Linearized" in document[:_LINEARIZED_WITHIN]:
        ends = ends[1:]
    if not ends:
        return
    now = [_look(page.obj) for page in pdf.pages]
    for end in ends[:_MOST]:
        before = _pages(document[:end], password)
        for number, (earlier, current) in enumerate(zip(before, now, strict=False), 1):
            if earlier != current:
                yield Found(Finding(f"page {number}", Kind.REPLACED), None, "")
                return


def _pages(document: bytes, password: str) -> list[bytes]:
    """What the pages of a version look like; nothing when it is no whole document."""
    try:
        with pikepdf.open(BytesIO(document), password=password, attempt_recovery=False) as pdf:
            gate.read_all(pdf)
            return [_look(page.obj) for page in pdf.pages]
    except gate.SURPRISES:
        return []


def _look(page: pikepdf.Object) -> bytes:
    """A digest over what draws a page: its content, and the images, forms and fonts that it uses."""
    digest = hashlib.sha256()
    contents = page.get("/Contents", pikepdf.Array())
    for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
        digest.update(stream.read_raw_bytes())
    for content in _used(page, 0):
        digest.update(content)
    return digest.digest()


def _used(holder: pikepdf.Object, depth: int) -> Iterator[bytes]:
    """The data of the resources of a page or form, in the order of their names."""
    resources = holder.get("/Resources", pikepdf.Dictionary())
    for kind in ("/XObject", "/Font"):
        for name, resource in sorted(resources.get(kind, pikepdf.Dictionary()).items()):
            yield name.encode()
            descriptor = resource.get("/FontDescriptor", pikepdf.Dictionary())
            parts = [resource, *(descriptor[part] for part in _FONT_FILES if part in descriptor)]
            yield from (part.read_raw_bytes() for part in parts if isinstance(part, pikepdf.Stream))
            if depth < _DEEPEST:
                yield from _used(resource, depth + 1)
