"""Help is there at once and says what the exit codes mean."""

import subprocess
import sys

import pytest
from paraph.cli import COMMANDS, run

HEAVY = ("cryptography", "pyhanko", "pikepdf", "asn1crypto", "rich", "httpx2", "typst", "PIL")


def test_help_lists_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(command in said for command in COMMANDS)
    assert all(line in said for line in ("0  done", "1  the answer is no", "2  bad input", "3  a service"))


def test_help_imports_nothing_heavy() -> None:
    program = "import sys; from paraph.cli import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stderr.split()} & set(HEAVY)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert "Usage: paraph" in capsys.readouterr().out


@pytest.mark.parametrize("line", [[], ["unknown"], ["sign"], ["validate", "missing.pdf"], ["--unknown"]])
def test_what_is_not_understood_is_usage(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line) == 2
    assert "Usage" in capsys.readouterr().err
