"""docs/examples/first-signature.sh, as a newcomer runs it, with Bob signing meanwhile."""

import os
import subprocess
from pathlib import Path

import pytest
from paraph import pades
from paraph_testing import pdfs, visitor
from paraph_testing.cast import BOB
from paraph_testing.demo import Platform, Ports

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "first-signature.sh"


@pytest.mark.platform
def test_the_example_leads_to_a_first_signature(tmp_path: Path) -> None:
    (tmp_path / "contract.pdf").write_bytes(pdfs.contract())
    with Platform(tmp_path / "home", Ports.free()) as platform:
        command = [EXAMPLE, "contract.pdf", platform.account.token]
        environment = os.environ | {"PARAPH_API": f"{platform.url}/api"}
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as example:
            visitor.sign(platform, BOB)
            said, _ = example.communicate(timeout=120)
            assert example.returncode == 0, said
    [signature] = pades.read((tmp_path / "signed.pdf").read_bytes())
    assert "CN=Bob Durand" in signature.signer
    assert b"evidence.json" in (tmp_path / "evidence.pdf").read_bytes()
