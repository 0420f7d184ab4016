import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from paraph_testing import postgres


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "cluster"
    postgres.stop(tmp_path / "cluster")


def postmaster(directory: Path) -> int:
    return int((directory / "postmaster.pid").read_text().split()[0])


def test_each_program_gets_its_own_database_and_no_superuser(directory: Path) -> None:
    postgres.start(directory, durable=False)
    for name in ("paraph", "paraph_trust"):
        with psycopg.connect(postgres.url(directory, name)) as connection:
            role = connection.execute(
                "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert role == (False, False)


def test_the_server_cannot_open_the_database_of_the_trust_service(directory: Path) -> None:
    address = postgres.start(directory, durable=False).replace("/paraph?", "/paraph_trust?")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(address)


def test_starting_twice_is_starting_once(directory: Path) -> None:
    postgres.start(directory, durable=False)
    first = postmaster(directory)
    postgres.start(directory, durable=False)
    assert postmaster(directory) == first


def test_data_survives_a_stop_and_a_kill(directory: Path) -> None:
    address = postgres.start(directory)
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")
    postgres.stop(directory)
    postgres.start(directory)
    os.kill(postmaster(directory), signal.SIGKILL)
    postgres.start(directory)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT text FROM note").fetchone() == ("kept",)


def test_it_ends_with_the_process_that_started_it(directory: Path) -> None:
    script = (
        "import pathlib, sys, paraph_testing.postgres as p; p.start(pathlib.Path(sys.argv[1])); print('up'); input()"
    )
    command = [sys.executable, "-u", "-c", script, str(directory)]
    owner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    owner.kill()
    owner.communicate()
    patience = time.monotonic() + 10
    while (directory / "postmaster.pid").exists() and time.monotonic() < patience:
        time.sleep(0.05)
    assert not (directory / "postmaster.pid").exists()
