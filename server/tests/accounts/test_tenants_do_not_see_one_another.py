import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from paraph_server.accounts.models import Group, Tenant, User
from paraph_server.accounts.tenancy import NOBODY, current, every_tenant, tenant_context


def test_a_tenant_sees_its_own_rows_only(tenant: Tenant, other_tenant: Tenant, alice: User, mallory: User) -> None:
    assert list(User.objects.all()) == [alice]
    with tenant_context(other_tenant):
        assert list(User.objects.all()) == [mallory]
    assert list(User.objects.all()) == [alice]


def test_who_speaks_for_nobody_sees_nothing(alice: User) -> None:
    with tenant_context(NOBODY):
        assert not User.objects.exists()


def test_who_speaks_for_all_sees_all(alice: User, mallory: User) -> None:
    with every_tenant():
        assert set(User.objects.all()) == {alice, mallory}


def test_a_row_of_another_tenant_cannot_be_changed(other_tenant: Tenant, alice: User) -> None:
    with tenant_context(other_tenant):
        assert User.objects.filter(pk=alice.pk).update(first_name="Mallory") == 0


def test_a_row_cannot_be_slipped_into_another_tenant(tenant: Tenant, other_tenant: Tenant, alice: User) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Group.objects.create(tenant=other_tenant, name="ours now", created_at=alice.created_at)


def test_an_error_leaves_the_right_tenant_behind(tenant: Tenant, other_tenant: Tenant, alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), tenant_context(other_tenant):
        Tenant.objects.create(pk=tenant.pk, name="again", created_at=alice.created_at)
    assert current() == tenant.pk
    assert list(User.objects.all()) == [alice]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_opens_again_remembers(tenant: Tenant, alice: User) -> None:
    connection.close()
    assert list(User.objects.all()) == [alice]


def test_every_table_of_a_tenant_has_its_walls(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND a.attname = 'tenant_id'"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        )
        assert cursor.fetchall() == []


def test_the_platform_is_no_superuser(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
