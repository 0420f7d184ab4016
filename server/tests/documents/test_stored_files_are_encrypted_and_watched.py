import hashlib
from pathlib import Path

import pytest
from paraph_server.documents.errors import StorageDamaged, StorageMissing
from paraph_server.documents.storage import CHUNK_BYTES, TAG_BYTES, Folder

HEADER = 40
LARGE = bytes(range(256)) * 4096 * 3  # three chunks, exactly


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, bytes(32))


def put(folder: Folder, content: bytes, tenant_id: str = "ten_1") -> str:
    with folder.receive(tenant_id, [content]) as incoming:
        incoming.keep()
        return incoming.hash


@pytest.mark.parametrize("content", [b"", b"x", LARGE, LARGE + b"x", LARGE[:-1]])
def test_what_was_kept_comes_back(folder: Folder, content: bytes) -> None:
    digest = put(folder, content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert folder.get("ten_1", digest) == content


def test_chunks_of_any_size_make_the_same_file(folder: Folder) -> None:
    with folder.receive("ten_1", [LARGE[:10], LARGE[10:11], memoryview(LARGE)[11:]]) as incoming:
        with incoming.plain() as file:
            assert file.read() == LARGE
        assert incoming.size == len(LARGE)


def test_nothing_readable_lies_on_the_disk(folder: Folder) -> None:
    digest = put(folder, b"The buyer pays one million." * 100)
    assert b"million" not in folder.path("ten_1", digest).read_bytes()


def test_what_is_not_kept_is_forgotten(folder: Folder) -> None:
    with folder.receive("ten_1", [b"refused"]):
        pass
    assert not [path for path in folder.root.rglob("*") if path.is_file()]


def flip(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def cut(data: bytes) -> bytes:
    return data[: HEADER + CHUNK_BYTES + TAG_BYTES]


def swap(data: bytes) -> bytes:
    size = CHUNK_BYTES + TAG_BYTES
    first, second = data[HEADER : HEADER + size], data[HEADER + size : HEADER + 2 * size]
    return data[:HEADER] + second + first + data[HEADER + 2 * size :]


@pytest.mark.parametrize("damage", [flip, cut, swap, lambda _: b"", lambda data: data[:HEADER], lambda data: data * 2])
def test_a_tampered_file_is_detected(folder: Folder, damage) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    digest = put(folder, LARGE)
    path = folder.path("ten_1", digest)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StorageDamaged):
        folder.get("ten_1", digest)


def test_one_file_cannot_stand_in_for_another(folder: Folder) -> None:
    first, second = put(folder, b"one hundred euros"), put(folder, b"one million euros")
    folder.path("ten_1", second).replace(folder.path("ten_1", first))
    with pytest.raises(StorageDamaged):
        folder.get("ten_1", first)


def test_a_file_of_another_tenant_cannot_be_read_even_when_copied(folder: Folder) -> None:
    digest = put(folder, b"secret")
    target = folder.path("ten_2", digest)
    target.parent.mkdir(parents=True)
    folder.path("ten_1", digest).rename(target)
    with pytest.raises(StorageDamaged):
        folder.get("ten_2", digest)


def test_a_missing_file_says_so(folder: Folder) -> None:
    with pytest.raises(StorageMissing):
        folder.get("ten_1", "0" * 64)
