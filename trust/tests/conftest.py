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


def database(name: str) -> str:
    """A fresh database in the session's cluster."""
    url = os.environ["PARAPH_TRUST_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return psycopg.conninfo.make_conninfo(url, dbname=name)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service whose ceremony is done; it is not running."""
    folder = tmp_path_factory.mktemp("trust")
    (folder / "passphrase").write_text(PASSPHRASE + "\n")
    service = Service(folder, database("live"), free_port())
    for command in (("migrate",), ("ceremony", str(CEREMONY))):
        done = service.run(*command)
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
