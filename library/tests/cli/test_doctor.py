"""`paraph doctor` collects what packages offer, each in a process of its own, and survives each of them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PACKAGE = """
import os
from paraph.cli.checks import Check

def well():
    yield Check("process", True, str(os.getpid()))

def unwell():
    yield Check("clock", True, "It is right.")
    yield Check("disk\\x1b[2J", False, "It is full.", "Buy another.")

def absent():
    yield Check("options", None, "Not used here.")

def raising():
    yield Check("first", True, "Fine.")
    raise RuntimeError("surprise")

def dying():
    print("not JSON", flush=True)
    os._exit(9)
"""
Doctor = Callable[..., tuple[int, str]]


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    """Run the doctor where only these packages offer checks."""

    def run(*offered: str, options: tuple[str, ...] = ()) -> tuple[int, str]:
        metadata = tmp_path / "clinic-1.dist-info"
        metadata.mkdir()
        (tmp_path / "clinic.py").write_text(PACKAGE)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: clinic\nVersion: 1\n")
        points = "\n".join(f"clinic-{name} = clinic:{name}" for name in offered)
        (metadata / "entry_points.txt").write_text(f"[paraph.checks]\n{points}\n")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PARAPH_")}
        done = subprocess.run(
            [sys.executable, "-m", "paraph", "doctor", *options],
            env=environment | {"PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    return run


def test_all_well_is_zero(doctor: Doctor) -> None:
    code, said = doctor("well")
    assert code == 0
    assert "ok   process" in said


def test_one_finding_is_one_and_says_what_to_do(doctor: Doctor) -> None:
    code, said = doctor("well", "unwell")
    assert code == 1
    assert "BAD  disk" in said
    assert "Buy another." in said
    assert "\x1b" not in said


def test_what_is_not_used_here_fails_nobody(doctor: Doctor) -> None:
    code, said = doctor("well", "absent")
    assert code == 0
    assert "-    options: Not used here." in said


def test_nothing_to_look_at_is_not_health(doctor: Doctor) -> None:
    code, said = doctor("absent")
    assert code == 2
    assert "Nothing is configured here" in said


@pytest.mark.parametrize("name", ["raising", "dying"])
def test_checks_that_break_off_are_a_finding(doctor: Doctor, name: str) -> None:
    code, said = doctor("well", name)
    assert code == 1
    assert "The checks" in said
    assert "ok   process" in said


def test_json_and_one_package_alone(doctor: Doctor) -> None:
    code, said = doctor("well", "unwell", options=("--json", "--only", "clinic-unwell"))
    assert code == 1
    assert [each["ok"] for each in json.loads(said)["clinic-unwell"]] == [True, False]


def test_an_unknown_package_is_usage(doctor: Doctor) -> None:
    assert doctor("well", options=("--only", "nobody"))[0] == 2
