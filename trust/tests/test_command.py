"""The command says what is wrong in a sentence, and what it is for without asking for anything."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError

import pytest
from live import Service, free_port


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["migrate"],
        ["ceremony"],
        ["serve"],
        ["client"],
        ["client", "add"],
        ["client", "renew"],
        ["revoke"],
        ["retire"],
    ],
)
def test_help_needs_no_options(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "paraph_trust", *arguments, "--help"]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: paraph-trust")


def test_missing_and_misspelt_options_are_named(prepared: Service) -> None:
    environment = prepared.environment | {"PARAPH_TRUST_PASPHRASE_FILE": "secret"}
    del environment["PARAPH_TRUST_KEYS_DIR"]
    done = subprocess.run(
        [sys.executable, "-m", "paraph_trust", "migrate"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "PARAPH_TRUST_KEYS_DIR Field required" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_option_that_does_not_exist_is_not_ignored(prepared: Service) -> None:
    environment = prepared.environment | {"PARAPH_TRUST_PASPHRASE_FILE": "secret"}
    done = subprocess.run(
        [sys.executable, "-m", "paraph_trust", "migrate"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "unknown options: PARAPH_TRUST_PASPHRASE_FILE" in done.stderr


def test_a_database_that_is_away_is_said_so(prepared: Service) -> None:
    environment = prepared.environment | {"PARAPH_TRUST_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "paraph_trust", "client", "add", "server"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "The database does not serve" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_passphrase_is_what_health_complains_of(prepared: Service, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("another passphrase, long enough")
    (tmp_path / "keys").symlink_to(prepared.folder / "keys")
    service = Service(tmp_path, prepared.database_url, free_port())
    service.start(healthy=False)
    try:
        with pytest.raises(HTTPError) as refusal:
            service.get("/health")
        assert refusal.value.code == 503
        assert "passphrase is wrong" in json.load(refusal.value)["error_description"]
    finally:
        service.stop()
