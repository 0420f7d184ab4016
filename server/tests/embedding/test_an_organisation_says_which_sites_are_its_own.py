from datetime import datetime
from typing import Any

import pytest
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.embedding import actions
from paraph_server.embedding.models import Site
from paraph_server.journal.actions import Actor
from paraph_server.journal.models import Entry


def test_the_list_is_replaced_as_a_whole_and_the_journal_tells(api: Any, tenant: Tenant) -> None:
    for wanted in (["https://a.example", "https://B.example/"], ["https://b.example"]):
        answer = api("PATCH", f"tenants/{tenant.pk}", {"allowedOrigins": wanted})
        assert answer.status_code == 200, answer.content
    told = api("GET", f"tenants/{tenant.pk}").json()
    assert (told["id"], told["name"], told["allowedOrigins"]) == (tenant.pk, tenant.name, ["https://b.example"])
    entry = Entry.objects.filter(event="tenant:origins-allowed").latest("sequence")
    assert entry.payload.details["origins"] == ["https://b.example"]


@pytest.mark.parametrize("wanted", [["http://shop.example.org"], ["*"], ["https://a.example", ""], ["x"] * 101])
def test_one_bad_origin_changes_nothing(api: Any, tenant: Tenant, shop: str, wanted: list[str]) -> None:
    assert api("PATCH", f"tenants/{tenant.pk}", {"allowedOrigins": wanted}).status_code == 400
    assert api("GET", f"tenants/{tenant.pk}").json()["allowedOrigins"] == [shop]


def test_mallory_sees_and_changes_her_own_list_only(
    mallorys_api: Any, mallory: User, tenant: Tenant, shop: str
) -> None:
    assert mallorys_api("GET", f"tenants/{tenant.pk}").status_code == 403
    assert mallorys_api("PATCH", f"tenants/{tenant.pk}", {"allowedOrigins": []}).status_code == 403
    assert mallorys_api("GET", f"tenants/{mallory.tenant_id}").json()["allowedOrigins"] == []
    assert Site.objects.get().origin == shop


def test_two_organisations_may_share_a_site_and_do_not_see_one_another(
    other_tenant: Tenant, mallory: User, shop: str, noon: datetime
) -> None:
    with tenant_context(other_tenant):
        assert not Site.objects.exists()
        actions.allow_origins(other_tenant.pk, [shop], by=Actor("user", mallory.pk), at=noon)
        actions.allow_origins(other_tenant.pk, [], by=Actor("user", mallory.pk), at=noon)
    assert Site.objects.get().origin == shop
