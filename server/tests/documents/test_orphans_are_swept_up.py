import time
from datetime import datetime

import pytest
from paraph_server.accounts.models import Tenant
from paraph_server.documents import actions, queries
from paraph_server.documents.errors import StorageMissing
from paraph_server.documents.models import Part
from paraph_server.documents.storage import storage
from paraph_server.documents.tasks import DAY, sweep


@pytest.fixture
def part(tenant: Tenant, noon: datetime) -> Part:
    return actions.keep(tenant, b"kept", "a.txt", "text/plain", at=noon)


@pytest.fixture
def orphan(tenant: Tenant) -> str:
    """What a process that was killed between the file and its record leaves behind."""
    with storage().receive(tenant.pk, [b"nobody's"]) as incoming:
        incoming.keep()
        return incoming.hash


def test_old_files_without_a_record_go_and_others_stay(tenant: Tenant, part: Part, orphan: str) -> None:
    sweep.func(timestamp=int(time.time()) + 2 * DAY)
    with pytest.raises(StorageMissing):
        storage().get(tenant.pk, orphan)
    assert queries.content(part) == b"kept"


def test_what_came_today_stays(tenant: Tenant, orphan: str) -> None:
    sweep.func(timestamp=int(time.time()))
    assert storage().get(tenant.pk, orphan) == b"nobody's"
