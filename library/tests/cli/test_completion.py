"""`paraph completion`: a real shell completes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from paraph.cli import run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_PARAPH_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "offered"), [("paraph se", "seal"), ("paraph sign --le", "--level")])
def test_bash_is_offered_commands_and_options(words: str, offered: str) -> None:
    program = Path(sys.executable).with_name("paraph")
    asked = {"_PARAPH_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run([program], env=os.environ | asked, capture_output=True, text=True, check=True)
    assert f"plain,{offered}" in done.stdout.splitlines()
