"""A hierarchy whose status service answers, and the files of a lease."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from paraph.certs import Revocations
from paraph_testing.status import StatusService

Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    return {"the lease.txt": b"The lease, word for word.", "plans/été.png": b"\x89PNG\r\n\x1a\n"}


@pytest.fixture
def service(noon: datetime) -> Iterator[StatusService]:
    with StatusService(noon) as running:
        yield running


@pytest.fixture
def revocations(service: StatusService) -> Revocations:
    return Revocations(service.pki.trusted)
