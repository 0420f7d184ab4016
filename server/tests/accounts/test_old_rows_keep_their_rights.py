"""The data migration, on rows as the release before rights made them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from paraph_server.accounts import queries, rights
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.accounts.tenancy import every_tenant, tenant_context

BEFORE = [("accounts", "0002_rights")]


@pytest.fixture
def old(transactional_db: None) -> Iterator[Any]:
    """The state of the models before; everything is brought to the present afterwards."""
    executor = MigrationExecutor(connection)
    yield executor.migrate(BEFORE).apps
    present = MigrationExecutor(connection)
    present.migrate(present.loader.graph.leaf_nodes())


def test_everybody_still_does_what_everybody_did(old: Any) -> None:
    now = timezone.now()
    tenant = old.get_model("accounts", "Tenant").objects.create(name="Old SARL", created_at=now)
    with tenant_context(tenant.pk):
        group = old.get_model("accounts", "Group").objects.create(tenant=tenant, name="Old SARL", created_at=now)
        facts = {"tenant": tenant, "group": group, "created_at": now, "updated_at": now}
        old.get_model("accounts", "User").objects.create(
            email="helene@example.org", first_name="Hélène", last_name="Roy", **facts
        )
    present = MigrationExecutor(connection)
    present.migrate(present.loader.graph.leaf_nodes())

    with every_tenant():
        helene = User.objects.get(email="helene@example.org")
        assert rights.of(helene) == {Right.SEND, Right.SIGN, Right.APPROVE, Right.TEMPLATES, Right.WEBHOOKS}
        assert list(queries.colleagues(helene, "helene ROY")) == [helene]
