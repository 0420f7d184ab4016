"""A database of its own for the tests, the fixed cast, and jobs that run when told to."""

import base64
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from paraph_testing import postgres

if TYPE_CHECKING:
    from paraph_server.accounts.models import Tenant, User
    from paraph_server.journal.actions import Actor

# ruff: noqa: PLC0415 - models can only be imported once Django is set up

PASSWORD = "correct horse battery staple"


def pytest_configure() -> None:
    """Options first, Django afterwards: models can only be imported once it is set up."""
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="paraph-tests-"))
    for name in [name for name in os.environ if name.startswith("PARAPH_")]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="paraph_server.config.settings",
        PARAPH_DATABASE_URL=postgres.temporary(),
        PARAPH_SECRET_KEY="a secret that is only good for tests",
        PARAPH_STORAGE_DIR=str(folder / "storage"),
        PARAPH_STORAGE_KEY=base64.b64encode(bytes(32)).decode(),
        PARAPH_FIELD_KEY=base64.b64encode(bytes(range(32))).decode(),
        PARAPH_PUBLIC_URL="http://testserver",
        PARAPH_MAIL_FROM="Paraph <no-reply@paraph.example>",
    )
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
    django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Let tests with real transactions empty the tables afterwards, which the journal refuses to everybody else."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        permanent = [table for table in tables if table.startswith("journal_")]
        queues = ["procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_events"]
        return [
            *(f"ALTER TABLE {table} DISABLE TRIGGER permanent_table" for table in permanent),
            *flush(self, style, [*tables, *queues], **options),
            *(f"ALTER TABLE {table} ENABLE TRIGGER permanent_table" for table in permanent),
        ]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def tenant(db: None, noon: datetime) -> "Iterator[Tenant]":
    """The tenant of Alice; the test speaks for it."""
    from paraph_server.accounts import actions
    from paraph_server.accounts.tenancy import tenant_context

    tenant = actions.create_tenant("Marchand & Co", at=noon)
    with tenant_context(tenant):
        yield tenant


@pytest.fixture
def other_tenant(db: None, noon: datetime) -> "Tenant":
    """The tenant of Mallory."""
    from paraph_server.accounts import actions

    return actions.create_tenant("Sauvage SA", at=noon)


@pytest.fixture
def alice(tenant: "Tenant", noon: datetime) -> "User":
    from paraph_server.accounts import actions
    from paraph_testing.cast import ALICE

    return actions.create_user(
        tenant,
        email=ALICE.email,
        first_name=ALICE.first_name,
        last_name=ALICE.last_name,
        password=PASSWORD,
        locale=ALICE.locale,
        at=noon,
    )


@pytest.fixture
def mallory(other_tenant: "Tenant", noon: datetime) -> "User":
    from paraph_server.accounts import actions
    from paraph_testing.cast import MALLORY

    return actions.create_user(
        other_tenant,
        email=MALLORY.email,
        first_name=MALLORY.first_name,
        last_name=MALLORY.last_name,
        password=PASSWORD,
        locale=MALLORY.locale,
        at=noon,
    )


@pytest.fixture
def by_alice(alice: "User") -> "Actor":
    from paraph_server.journal.actions import Actor

    return Actor("user", alice.pk, alice.name, address="192.0.2.1")


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Do what was deferred, in order and within the test's transaction, until nothing is left; how many were done.

    A job that fails raises here: what a worker would retry, a test wants to see.
    """
    from django.db import connection
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    def run() -> int:
        done = 0
        while job := ProcrastinateJob.objects.filter(status="todo").order_by("id").first():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            app.tasks[job.task_name].func(**job.args)
            done += 1
        return done

    return run
