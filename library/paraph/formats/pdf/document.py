"""A PDF seen by the lean reader: only the catalog, a page and what lies on the way are ever read."""

from typing import NamedTuple

from paraph.formats.mapped import Data
from paraph.formats.pdf import references
from paraph.formats.pdf.grammar import (
    Dictionary,
    Unsupported,
    array,
    dictionary,
    integer,
    is_reference,
    reference,
)

_DEEPEST_PAGE = 40
_EDGES = 4  # of a rectangle
_ENDS = (b"\n", b"\r", b" ")


class Page(NamedTuple):
    number: int
    """Its object number."""
    entries: Dictionary
    inherited: Dictionary
    """What is its own, or its ancestors' where it has none: boxes, rotation and resources (§7.7.3.4)."""


class Document:
    """Bytes whose cross-reference was understood and found true.

    Raises:
        Unsupported: by every method, when something is not plain.
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        self._streams: dict[int, tuple[list[bytes], bytes]] = {}
        self.references = references.read(data)
        self.catalog_number = reference(self.references.trailer.get(b"/Root"))
        self.catalog = self.dictionary(self.catalog_number)
        if self.catalog.get(b"/Type") != b"/Catalog":
            raise Unsupported("the root is not a catalog")

    @property
    def next_number(self) -> int:
        return integer(self.references.trailer[b"/Size"])

    def contained(self) -> list[bytes]:
        """What is in the object streams, each as a whole."""
        containers = {place[0] for place in self.references.places.values() if isinstance(place, tuple)}
        return [self._stream(container)[1] for container in containers]

    def dictionary(self, number: int) -> Dictionary:
        """The dictionary that is object `number`; a stream is refused."""
        return dictionary(self._object(number))

    def array(self, number: int) -> tuple[bytes, ...]:
        return array(self._object(number))

    def metadata(self) -> bytes:
        """The XMP packet of the document, unpacked, with the words around it; nothing when none can be read."""
        if b"/Metadata" not in self.catalog:
            return b""
        try:
            number = reference(self.catalog[b"/Metadata"])
            found = self._object(number)
            place = self.references.places[number]
            if isinstance(place, int) and b"/Filter" in found.partition(b"stream")[0]:
                return references.stream(self.data, place)[2]
        except Unsupported:
            return b""
        return found

    def page(self, index: int) -> Page:
        """A page by its place, counted from 0, or from the end when negative."""
        node = reference(self.catalog.get(b"/Pages"))
        entries = self.dictionary(node)
        total = integer(entries.get(b"/Count"))
        if not -total <= index < total:
            raise Unsupported("no such page")
        remaining, inherited = index % total, entries
        for _ in range(_DEEPEST_PAGE):
            if entries.get(b"/Type") == b"/Page":
                if b"/Resources" not in inherited or len(self.array_of(inherited.get(b"/MediaBox", b""))[1]) != _EDGES:
                    raise Unsupported("a page that lacks what it must have")
                return Page(node, entries, inherited)
            node, entries, remaining = self._child(entries, remaining)
            inherited = {**inherited, **entries}
        raise Unsupported("a page tree too deep")

    def _child(self, node: Dictionary, remaining: int) -> tuple[int, Dictionary, int]:
        if node.get(b"/Type") != b"/Pages":
            raise Unsupported("a page tree of something else")
        for kid in array(node.get(b"/Kids", b"")):
            number = reference(kid)
            entries = self.dictionary(number)
            pages = integer(entries.get(b"/Count")) if entries.get(b"/Type") == b"/Pages" else 1
            if remaining < pages:
                return number, entries, remaining
            remaining -= pages
        raise Unsupported("a page tree that does not count its pages")

    def _object(self, number: int) -> bytes:
        """The bytes of an object, without the words around it."""
        place = self.references.places.get(number)
        if place is None:
            raise Unsupported("a reference to nothing")
        if isinstance(place, tuple):
            return self._contained(*place, number)
        start = place + len(b"%d 0 obj" % number)
        end = self.data.find(b"endobj", start)
        if end < 0 or self.data[end + 6 : end + 7] not in _ENDS:
            raise Unsupported("an object without end")
        return self.data[start:end]

    def _contained(self, container: int, index: int, number: int) -> bytes:
        """The bytes of an object inside an object stream (§7.5.7)."""
        header, objects = self._stream(container)
        try:
            if int(header[2 * index]) != number:
                raise Unsupported("an object stream holds another object")
            start = int(header[2 * index + 1])
            stop = int(header[2 * index + 3]) if 2 * index + 3 < len(header) else len(objects)
        except (IndexError, ValueError) as error:
            raise Unsupported("an object stream without its index") from error
        return objects[start:stop]

    def _stream(self, container: int) -> tuple[list[bytes], bytes]:
        if container not in self._streams:
            self._streams[container] = self._object_stream(container)
        return self._streams[container]

    def _object_stream(self, container: int) -> tuple[list[bytes], bytes]:
        place = self.references.places.get(container)
        if not isinstance(place, int):
            raise Unsupported("an object stream that is not a plain object")
        _, entries, content = references.stream(self.data, place)
        first = integer(entries.get(b"/First"))
        header = content[:first].split()
        if (
            entries.get(b"/Type") != b"/ObjStm"
            or b"/DecodeParms" in entries
            or len(header) != 2 * integer(entries.get(b"/N"))
        ):
            raise Unsupported("an unusual object stream")
        return header, content[first:]

    def dictionary_of(self, value: bytes) -> tuple[int | None, Dictionary]:
        """A dictionary that stands directly or behind a reference; and its object number then."""
        if is_reference(value):
            number = reference(value)
            return number, self.dictionary(number)
        return None, dictionary(value)

    def array_of(self, value: bytes) -> tuple[int | None, tuple[bytes, ...]]:
        """An array that stands directly or behind a reference; and its object number then."""
        if is_reference(value):
            number = reference(value)
            return number, self.array(number)
        return None, array(value)
