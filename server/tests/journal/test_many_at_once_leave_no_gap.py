import threading
from datetime import datetime

import pytest
from django.db import connection, transaction
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.actions import Actor, record
from paraph_server.journal.queries import verify

WRITERS, ENTRIES = 4, 10


@pytest.mark.django_db(transaction=True)
def test_entries_of_concurrent_transactions_form_one_chain(tenant: Tenant, by_alice: Actor, noon: datetime) -> None:
    def write() -> None:
        with tenant_context(tenant):
            for number in range(ENTRIES):
                with transaction.atomic():
                    record("workflow:viewed", tenant=tenant, subject=f"wfl_{number}", by=by_alice, at=noon)
        connection.close()

    writers = [threading.Thread(target=write) for _writer in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    head = verify(tenant)
    assert head is not None
    assert head.sequence == WRITERS * ENTRIES
