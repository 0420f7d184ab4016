"""A hierarchy whose status service answers."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from paraph_testing.status import StatusService


@pytest.fixture
def service(noon: datetime) -> Iterator[StatusService]:
    with StatusService(noon) as running:
        yield running
