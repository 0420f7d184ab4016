"""What `paraph doctor` says of a trust service."""

import json
import subprocess
import sys
from typing import Any

import pytest
from live import Service


def doctor(environment: dict[str, str]) -> tuple[int, dict[str, dict[str, Any]]]:
    command = [sys.executable, "-m", "paraph", "doctor", "--only", "trust", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, {check["name"]: check for check in json.loads(done.stdout)["trust"]}


def test_a_service_after_its_ceremony_is_well(prepared: Service) -> None:
    code, found = doctor(prepared.environment)
    assert code == 0, found
    assert set(found) == {
        *("options", "database", "migrations", "ceremony", "keys", "certificates", "revocation lists", "log"),
    }


def test_a_wrong_passphrase_is_found(prepared: Service) -> None:
    wrong = prepared.folder / "wrong-passphrase"
    wrong.write_text("certainly not the right passphrase")
    code, found = doctor(prepared.environment | {"PARAPH_TRUST_PASSPHRASE_FILE": str(wrong)})
    assert code == 1
    assert [name for name, check in found.items() if not check["ok"]] == ["keys"]


def test_keys_that_others_can_read_are_found(prepared: Service) -> None:
    folder = prepared.folder / "keys" / "private"
    key, modes = folder / "issuing.pem", (folder.stat().st_mode, (folder / "issuing.pem").stat().st_mode)
    folder.chmod(0o755)
    key.chmod(0o644)
    try:
        code, found = doctor(prepared.environment)
    finally:
        folder.chmod(modes[0])
        key.chmod(modes[1])
    assert code == 1
    assert "issuing.pem" in found["keys"]["sentence"]


def test_a_database_that_is_away_is_found(prepared: Service) -> None:
    code, found = doctor(prepared.environment | {"PARAPH_TRUST_DATABASE_URL": "postgresql://127.0.0.1:1/none"})
    assert code == 1
    assert not found["database"]["ok"]


@pytest.mark.parametrize(
    ("options", "code"), [({}, 2), ({"PARAPH_TRUST_PUBLIC_URL": "http://trust.example.org"}, 1)], ids=["none", "some"]
)
def test_options_are_complete_or_absent(prepared: Service, options: dict[str, str], code: int) -> None:
    bare = {name: value for name, value in prepared.environment.items() if not name.startswith("PARAPH_")}
    answered, found = doctor(bare | options)
    assert (answered, list(found)) == (code, ["options"])
