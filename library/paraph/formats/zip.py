"""ZIP files from strangers (APPNOTE 6.3.10), and ZIP files for containers that others will read."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from paraph.errors import BrokenDocument, TooLarge

MOST_ENTRIES = 1000
LARGEST = 512 << 20
"""Bytes that all entries may take together."""
SUSPICIOUS = 1 << 20
"""Bytes above which an entry may not have been compressed more than `LARGEST_RATIO` times."""
LARGEST_RATIO = 100

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content makes the same file
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_MALFORMED = (
    BadZipFile,
    LargeZipFile,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


def read(data: bytes) -> dict[str, bytes]:
    """The files in a ZIP file, by name, in their order; folders are left out.

    Every reader must see the same files in it: entries that overlap, that share a name, or that something stands
    before, are refused.

    Raises:
        BrokenDocument: not a ZIP file, an ambiguous one, or one with names that could lead elsewhere.
        TooLarge: it holds too much, or is made to explode.
    """
    with opened(BytesIO(data)) as entries:
        return {name: file.read() for name, file in entries}


@contextmanager
def opened(archive_file: BinaryIO) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The files in an open ZIP file, each to be read before the next one is asked for; as `read`, bit by bit."""
    try:
        with ZipFile(archive_file) as archive:
            entries = archive.infolist()
            _check_size(entries)
            _check_places(archive_file, entries, archive.start_dir)
            _check_names(entries)
            yield _each(archive, entries)
    except _MALFORMED as error:
        raise BrokenDocument(f"This ZIP file cannot be read: {error}") from None


def _each(archive: ZipFile, entries: list[ZipInfo]) -> Iterator[tuple[str, IO[bytes]]]:
    for each in entries:
        if not each.is_dir():
            with archive.open(each) as file:
                yield each.filename, file


def write(files: Mapping[str, bytes], *, stored: str = "") -> bytes:
    """A ZIP file of these, in their order; the one named `stored` is not compressed."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in files.items():
            entry = ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_STORED if name == stored else ZIP_DEFLATED)
    return target.getvalue()


def _check_size(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise TooLarge(f"The ZIP file holds {len(entries)} files; {MOST_ENTRIES} are allowed.")
    if sum(each.file_size for each in entries) > LARGEST:
        raise TooLarge(f"The ZIP file holds more than {LARGEST >> 20} MB.")
    for each in entries:
        if each.file_size > SUSPICIOUS and each.file_size > LARGEST_RATIO * each.compress_size:
            raise TooLarge(f"{each.filename!r} in the ZIP file is compressed more than {LARGEST_RATIO} times.")


def _check_places(file: BinaryIO, entries: list[ZipInfo], directory: int) -> None:
    """One entry behind the other from the first byte on: nothing stands before them, or in two of them."""
    end = 0
    for each in sorted(entries, key=lambda entry: entry.header_offset):
        if each.header_offset < end or (end == 0 and each.header_offset):
            raise BrokenDocument("The ZIP file is ambiguous: its entries overlap, or something stands before them.")
        file.seek(each.header_offset + 26)
        name, extra = struct.unpack("<HH", file.read(4))
        end = each.header_offset + _LOCAL_HEADER + name + extra + each.compress_size
    if end > directory:
        raise BrokenDocument("The ZIP file is ambiguous: an entry reaches into its directory.")


def _check_names(entries: list[ZipInfo]) -> None:
    seen: set[str] = set()
    for each in entries:
        if each.orig_filename in seen:
            raise BrokenDocument(f"The ZIP file holds two files of the name {each.filename!r}.")
        seen.add(each.orig_filename)
        if each.flag_bits & _ENCRYPTED:
            raise BrokenDocument(f"{each.filename!r} in the ZIP file is encrypted.")
        if each.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BrokenDocument(f"{each.filename!r} in the ZIP file is compressed in an unusual way.")
        check_name(each.orig_filename)


def check_name(name: str) -> None:
    """A relative name that stays below the folder it is unpacked in, wherever that is.

    Raises:
        BrokenDocument: it could lead elsewhere.
    """
    parts = name.rstrip("/").split("/")
    if (
        any(part in {"", ".", ".."} for part in parts)
        or any(mark in name for mark in "\\:\0")
        or not name.isprintable()
    ):
        raise BrokenDocument(f"A file in the container may not be named {name!r}.")
