from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.journal import queries
from paraph_server.journal.actions import Actor, record, together
from paraph_server.journal.models import Entry

Tell = Callable[[str], Entry]


@pytest.fixture
def tell(tenant: Tenant, by_alice: Actor, noon: datetime) -> Tell:
    return lambda event: record(event, tenant=tenant, subject="wfl_1", by=by_alice, at=noon, name="été")


def events(tenant: Tenant) -> list[str]:
    return list(queries.entries(tenant).order_by("sequence").values_list("event", flat=True))


def test_they_stand_in_the_order_in_which_they_were_recorded(tenant: Tenant, tell: Tell) -> None:
    tell("workflow:created")
    with together():
        tell("workflow:started")
        last = tell("step:started")
        assert events(tenant) == ["workflow:created"]
    tell("workflow:stopped")
    assert events(tenant) == ["workflow:created", "workflow:started", "step:started", "workflow:stopped"]
    assert last.sequence == 3
    assert queries.verify(tenant) == queries.head(tenant)


def test_within_another_one_they_wait_for_its_end(tenant: Tenant, tell: Tell) -> None:
    with together():
        tell("workflow:created")
        with together():
            tell("workflow:started")
        assert events(tenant) == []
        tell("step:started")
    assert events(tenant) == ["workflow:created", "workflow:started", "step:started"]
    assert queries.verify(tenant) is not None


def test_what_fails_is_left_out(tenant: Tenant, tell: Tell) -> None:
    def fail() -> None:
        with transaction.atomic(), together():
            tell("workflow:started")
            raise ZeroDivisionError

    with together():
        tell("workflow:created")
        with pytest.raises(ZeroDivisionError):
            fail()
        tell("workflow:changed")
    with pytest.raises(ZeroDivisionError):
        fail()
    assert events(tenant) == ["workflow:created", "workflow:changed"]
    assert queries.verify(tenant) is not None


def test_each_tenant_has_its_own_numbers(
    tenant: Tenant, other_tenant: Tenant, tell: Tell, by_alice: Actor, noon: datetime
) -> None:
    with every_tenant(), together():
        tell("workflow:created")
        other = record("workflow:created", tenant=other_tenant, subject="wfl_2", by=by_alice, at=noon)
        last = tell("workflow:started")
    assert (last.sequence, other.sequence) == (2, 1)
    assert queries.verify(tenant) is not None
    with tenant_context(other_tenant):
        assert queries.verify(other_tenant) is not None
