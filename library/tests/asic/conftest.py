"""The files of a lease."""

import pytest

Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    return {"the lease.txt": b"The lease, word for word.", "plans/été.png": b"\x89PNG\r\n\x1a\n"}
