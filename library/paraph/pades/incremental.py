"""pyHanko's incremental writer, kept from changing what nobody asked it to change.

Import it where it is needed: pyHanko takes a third of a second to load.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, Self

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from paraph.errors import EncryptedDocument
from paraph.formats.mapped import Data
from paraph.formats.pdf import gate
from paraph.formats.pdf.grammar import Unsupported, text
from paraph.formats.pdf.references import inflate

_STREAM = b"\nstream\n"


class Written(generic.PdfObject):
    """An object whose bytes are already there; it remembers where it was written."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.offset = 0

    def write_to_stream(self, stream: IO[bytes], handler: Any = None, container_ref: Any = None) -> None:  # noqa: ARG002  pyHanko's signature
        self.offset = stream.tell()
        stream.write(self.body)


class Writer(IncrementalPdfFileWriter):
    """Appends what it is given; version, information and XMP metadata of the document stay as they are.

    Without this pyHanko would date the metadata, which belong to whoever made the document, and in PDF/A must agree.
    """

    @classmethod
    def open(cls, document: Data, password: str) -> Self:
        """A writer behind a document that the gate has let through.

        Raises:
            EncryptedDocument: it does not open with this password.
        """
        reader = PdfFileReader(gate.readable(document), strict=False)
        if reader.encrypted and reader.decrypt(password).status is AuthStatus.FAILED:
            raise EncryptedDocument(gate.WRONG_PASSWORD)
        writer = cls(reader.stream, prev=reader)
        if writer._need_mac_on_write:
            raise EncryptedDocument(
                "The PDF carries a message authentication code (ISO/TS 32004), which signing breaks."
            )
        return writer

    def metadata(self) -> bytes:
        """The XMP packet of the document, unpacked; nothing when none can be read, or it is encrypted."""
        if "/Metadata" not in self.root or self.security_handler is not None:
            return b""
        packet = self.root["/Metadata"]
        if not isinstance(packet, generic.StreamObject):
            return b""
        encoded: bytes = packet.encoded_data
        try:
            return inflate(encoded, str(packet["/Filter"]).encode()) if "/Filter" in packet else encoded
        except Unsupported:
            return b""

    def ensure_output_version(self, version: object) -> None:
        pass

    def _update_meta(self) -> None:
        pass

    def _write_header(self, stream: IO[bytes]) -> None:
        """Only the revision is written; the document goes before it as it is."""
        if not stream.tell():
            raise ValueError("a revision of nothing")
        self.input_stream.seek(-1, 2)
        if self.input_stream.read(1) not in b"\r\n":
            stream.write(b"\n")

    def revision(self, length: int) -> bytes:
        """The bytes to append to a document of this length."""
        output = _Behind(length)
        self.write(output)  # type: ignore[no-untyped-call]  # pyHanko's
        return output.getvalue()

    def put(self, body: bytes, number: int) -> None:
        """Add an object from its bytes, encrypted where the document is."""
        self.add_object(Written(body) if self.security_handler is None else self._parsed(body, number), idnum=number)

    def _parsed(self, body: bytes, number: int) -> Any:
        head, is_stream, rest = body.partition(_STREAM)
        parsed: Any = generic.read_object(BytesIO(head + b"\n"), generic.Reference(number, 0, self))
        if not is_stream:
            return parsed
        del parsed["/Length"]
        return generic.StreamObject(parsed, encoded_data=rest.removesuffix(b"\nendstream"))

    def strings(self, number: int) -> Callable[[str], bytes]:
        """How text strings are written inside object `number`."""
        if self.security_handler is None:
            return text
        handler, reference = self.security_handler, generic.Reference(number, 0, self)

        def encrypted(value: str) -> bytes:
            output = BytesIO()
            generic.TextStringObject(value).write_to_stream(output, handler, reference)
            return output.getvalue()

        return encrypted


class _Behind(BytesIO):
    """Counts from the end of the document."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self._length = length

    def tell(self) -> int:
        return self._length + super().tell()
