"""A program that listens."""

from collections.abc import Iterator

import pytest
from paraph_testing.listener import Listener


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as running:
        yield running
