"""Where the bytes lie: under their SHA-256, tenant by tenant, encrypted.

A file is AES-256-GCM in chunks of one mebibyte, under a key of its own derived from the installation's (HKDF, salted,
bound to the tenant). Each chunk is bound to its place and the last one says that it is the last, so that chunks cannot
be swapped, repeated or cut off; and the whole must hash to the name it is asked for by.

    magic (8 bytes) ‖ salt (32) ‖ chunk…        chunk = GCM(nonce: place (11 bytes) ‖ last? (1)) ‖ tag (16)
"""

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from paraph.formats.mapped import Data, mapped

from paraph_server.config.options import key_bytes, options
from paraph_server.documents.errors import StorageDamaged, StorageMissing

MAGIC = b"paraph\x00\x01"
SALT_BYTES = 32
CHUNK_BYTES = 2**20
TAG_BYTES = 16
IN_MEMORY = 8 * 2**20
"""Bytes of a file that is looked at without going to the disk."""


class Folder:
    """Files in a folder: `<tenant>/<first two digits of the digest>/<digest>`."""

    def __init__(self, root: Path, key: bytes) -> None:
        self.root = root
        self._key = key

    @contextmanager
    def receive(self, tenant_id: str, chunks: Iterable[bytes | memoryview]) -> Iterator["Incoming"]:
        """Take in a file, chunk by chunk; it is forgotten unless it is kept."""
        place = self.root / tenant_id
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=place, prefix=".incoming-")
        try:
            with os.fdopen(descriptor, "w+b") as file:
                yield Incoming(self, tenant_id, Path(name), file, chunks)
        finally:
            Path(name).unlink(missing_ok=True)

    def stream(self, tenant_id: str, digest: str) -> Iterator[bytes]:
        """The bytes, in chunks. A fault may show only at the end: whoever hands them on must let the error break off.

        Raises:
            StorageMissing: there is no such file.
            StorageDamaged: it was altered, cut off or put in the place of another.
        """
        try:
            file = self.path(tenant_id, digest).open("rb")
        except FileNotFoundError:
            raise StorageMissing(digest) from None
        with file:
            actual = hashlib.sha256()
            for chunk in self.decrypt(tenant_id, file, digest):
                actual.update(chunk)
                yield chunk
        if actual.hexdigest() != digest:
            raise StorageDamaged(digest)

    def get(self, tenant_id: str, digest: str) -> bytes:
        """The bytes at once; raises as `stream` does."""
        content = BytesIO()
        for chunk in self.stream(tenant_id, digest):
            content.write(chunk)
        return content.getvalue()

    def forget(self, tenant_id: str, *, older_than: float, unless: Callable[[set[str]], set[str]]) -> int:
        """Remove what nobody kept a record of, if its time stamp (Unix) is older; how many files that were.

        Such files remain when a process is killed, or a transaction rolled back, after the bytes had arrived.
        `unless` says which of some digests are still known.
        """
        old = [
            path for path in (self.root / tenant_id).rglob("*") if path.is_file() and path.stat().st_mtime < older_than
        ]
        known = unless({path.name for path in old})
        orphans = [path for path in old if path.name not in known]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def path(self, tenant_id: str, digest: str) -> Path:
        return self.root / tenant_id / digest[:2] / digest

    # ------------------------------------------------------------ encryption

    def encrypt(self, tenant_id: str, chunks: Iterable[bytes | memoryview], file: BinaryIO) -> None:
        salt = os.urandom(SALT_BYTES)
        cipher = self._cipher(tenant_id, salt)
        file.write(MAGIC + salt)
        file.writelines(
            cipher.encrypt(_nonce(place, last=last), chunk, None) for place, last, chunk in _numbered(_even(chunks))
        )

    def decrypt(self, tenant_id: str, file: BinaryIO, name: str) -> Iterator[bytes]:
        header = file.read(len(MAGIC) + SALT_BYTES)
        if not header.startswith(MAGIC) or len(header) != len(MAGIC) + SALT_BYTES:
            raise StorageDamaged(name)
        cipher = self._cipher(tenant_id, header[len(MAGIC) :])
        encrypted = iter(functools.partial(file.read, CHUNK_BYTES + TAG_BYTES), b"")
        place = -1
        for place, last, chunk in _numbered(encrypted):
            try:
                yield cipher.decrypt(_nonce(place, last=last), chunk, None)
            except InvalidTag:
                raise StorageDamaged(name) from None
        if place < 0:
            raise StorageDamaged(name)

    def _cipher(self, tenant_id: str, salt: bytes) -> AESGCM:
        key = HKDF(SHA256(), length=32, salt=salt, info=b"paraph storage " + tenant_id.encode()).derive(self._key)
        return AESGCM(key)


class Incoming:
    """A file that has arrived, encrypted in its tenant's folder, and is not kept yet."""

    def __init__(
        self, folder: Folder, tenant_id: str, path: Path, file: BinaryIO, chunks: Iterable[bytes | memoryview]
    ) -> None:
        self._folder, self._tenant_id, self._path, self._file = folder, tenant_id, path, file
        self._digest = hashlib.sha256()
        self.size = 0
        folder.encrypt(tenant_id, self._measured(chunks), file)

    @property
    def hash(self) -> str:
        return self._digest.hexdigest()

    @contextmanager
    def plain(self) -> Iterator[BinaryIO]:
        """What arrived, once more; see `in_the_clear`."""
        self._file.seek(0)
        with in_the_clear(self._folder.decrypt(self._tenant_id, self._file, self.hash), self.size) as file:
            yield file

    def keep(self) -> None:
        """Give it its name, in one step; when this returns, it survives a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())
        path = self._folder.path(self._tenant_id, self.hash)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self._path.replace(path)
        _settle(path.parent)

    def _measured(self, chunks: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
        for chunk in chunks:
            self.size += len(chunk)
            self._digest.update(chunk)
            yield chunk


@contextmanager
def in_the_clear(chunks: Iterable[bytes], size: int) -> Iterator[BinaryIO]:
    """The bytes as an open file: in memory while they are few, else on the disk, without a name and gone afterwards."""
    with BytesIO() if size <= IN_MEMORY else tempfile.TemporaryFile() as file:
        file.writelines(chunks)
        file.seek(0)
        yield file


@contextmanager
def data(file: BinaryIO) -> Iterator[Data]:
    """What is in such a file, for those who look at it anywhere."""
    if isinstance(file, BytesIO):
        yield file.getvalue()
        return
    with mapped(file) as content:
        yield content


def _even(chunks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """The same bytes in pieces of `CHUNK_BYTES`, the last one shorter; nothing is one empty piece."""
    pending = bytearray()
    for chunk in chunks:
        pending += chunk
        while len(pending) > CHUNK_BYTES:
            yield bytes(pending[:CHUNK_BYTES])
            del pending[:CHUNK_BYTES]
    yield bytes(pending)


def _numbered(chunks: Iterable[bytes]) -> Iterator[tuple[int, bool, bytes]]:
    """Each piece with its place, and whether it is the last."""
    place, held = 0, None
    for chunk in chunks:
        if held is not None:
            yield place, False, held
            place += 1
        held = chunk
    if held is not None:
        yield place, True, held


def _nonce(place: int, *, last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([last])


def _settle(folder: Path) -> None:
    """A name is only safe once its folder has been written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@functools.cache
def storage() -> Folder:
    """The storage of this installation."""
    return Folder(options().storage_dir, key_bytes(options().storage_key))
