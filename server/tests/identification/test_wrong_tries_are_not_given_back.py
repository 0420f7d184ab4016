from datetime import datetime

import pytest
from django.db import transaction
from paraph_server.accounts.models import Tenant
from paraph_server.identification.actions import issue_code, verify_code
from paraph_server.identification.errors import WrongCode
from paraph_server.identification.models import Code
from paraph_testing.cast import BOB


@pytest.mark.django_db(transaction=True)
def test_a_try_is_committed_though_it_is_refused(tenant: Tenant, noon: datetime) -> None:
    issue_code(tenant, subject="rcp_bob", channel="email", address=BOB.email, at=noon)
    with pytest.raises(WrongCode):
        verify_code(tenant, subject="rcp_bob", code="no", at=noon)
    assert Code.objects.get().tries == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_could_take_it_back_is_refused(tenant: Tenant, noon: datetime) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        verify_code(tenant, subject="rcp_bob", code="no", at=noon)
