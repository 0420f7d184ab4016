"""A cluster of PostgreSQL for the session, one live service with its ceremony done, and its two clients.

`server` is the platform's client; Mallory has a client of her own.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import psycopg
import pytest
from live import CEREMONY, Service, free_port
from paraph_testing import postgres
from psycopg import sql

PASSPHRASE = "correct horse battery staple, and more"


def pytest_configure() -> None:
    """Set the options before Django reads them; what runs in this process uses a database of its own."""
    home = Path(tempfile.mkdtemp(prefix="paraph-trust-"))
    (home / "passphrase").write_text(PASSPHRASE)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "paraph_trust.config.settings",
        "PARAPH_TRUST_DATABASE_URL": postgres.temporary(),
        "PARAPH_TRUST_KEYS_DIR": str(home / "keys"),
        "PARAPH_TRUST_PASSPHRASE_FILE": str(home / "passphrase"),
        "PARAPH_TRUST_PUBLIC_URL": "http://127.0.0.1:8001",
    }
    django.setup()


class Database:
    """Makes migrated databases in the session's cluster, each a copy of the first."""

    def __init__(self, url: str) -> None:
        self._url, self._made = url, 0

    def __call__(self) -> str:
        self._made += 1
        return self.create(f"live_{self._made}", sql.SQL("TEMPLATE migrated"))

    def create(self, name: str, how: sql.SQL) -> str:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), how))
        return psycopg.conninfo.make_conninfo(self._url, dbname=name)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Databases, as `paraph-trust migrate` leaves them."""
    made = Database(os.environ["PARAPH_TRUST_DATABASE_URL"])
    migrated = Service(tmp_path_factory.mktemp("migrated"), made.create("migrated", sql.SQL("")), 0)
    done = migrated.run("migrate")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Service:
    """A service whose ceremony is done; it is not running."""
    folder = tmp_path_factory.mktemp("trust")
    (folder / "passphrase").write_text(PASSPHRASE + "\n")
    service = Service(folder, database(), free_port())
    done = service.run("ceremony", str(CEREMONY))
    assert done.returncode == 0, done.stderr
    service.admit("server")
    service.admit("mallory")
    return service


@pytest.fixture(scope="session")
def service(prepared: Service) -> Iterator[Service]:
    """The service, answering."""
    prepared.start()
    yield prepared
    prepared.stop()
