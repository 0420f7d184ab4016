import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paraph_testing.demo import Platform, Ports
from paraph_testing.equipment import Office

DEMO = [sys.executable, "-u", "-m", "paraph_testing.demo"]


def first_port() -> int:
    """The first of a row of ports that nobody uses at this moment."""
    for port in range(20_000, 60_000, 40):
        try:
            for offset in (0, 1, 2, 3, 4, 25, 26):
                socket.create_server(("127.0.0.1", port + offset)).close()
        except OSError:
            continue
        return port
    raise AssertionError("no ports left")


@contextmanager
def demonstration(home: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running one, and what it said until it was ready."""
    environment = os.environ | {"PARAPH_HOME": str(home), "PARAPH_PORT": str(port)}
    running = subprocess.Popen(DEMO, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert running.stdout is not None
    said = ""
    for line in running.stdout:
        said += line
        if line.startswith("Keys and certificates"):
            break
    try:
        yield running, said
    finally:
        running.kill()
        running.communicate()


def can_be_tried(port: int, said: str) -> set[str]:
    """The levels for which there is a consent page; and a template with a seal, and a policy that keeps its word."""
    office = Office(f"http://127.0.0.1:{port}", said.split("Bearer ")[1].split(maxsplit=1)[0])
    assert all(each["holds"] for each in office("GET", "signaturePolicies/draft")["examples"])
    [template] = office("GET", "templates")["items"]
    assert [each["stepType"] for each in template["steps"]] == ["signature", "seal"]
    assert len(template["documents"]) == 1
    return {each["signatureLevel"] for each in office("GET", "consentPages")["items"]}


def left_running(home: Path) -> list[str]:
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in processes.splitlines() if str(home) in line]


def answers(url: str) -> bool:
    with urllib.request.urlopen(url) as answer:
        return bool(answer.status == 200)


@pytest.mark.platform
def test_it_starts_stops_cleanly_and_finds_its_data_again(tmp_path: Path) -> None:
    home, port = tmp_path / "home", first_port()
    with demonstration(home, port) as (running, first):
        assert "Paraph is ready" in first
        assert answers(f"http://127.0.0.1:{port}/sign-in/")
        assert answers(f"http://127.0.0.1:{port + 25}/")
        assert answers(f"http://127.0.0.1:{port + 2}/api/v2/.well-known/openid-configuration")
        assert can_be_tried(port, first) == {"simple", "advanced", "qualified"}
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
    assert left_running(home) == []
    began = time.monotonic()
    with demonstration(home, port) as (_, second):
        took = time.monotonic() - began
        account = re.compile("sign in as .*|Bearer .*")
        assert account.findall(second) == account.findall(first) != []
        assert took < 15  # 5 on a quiet machine


@pytest.mark.platform
def test_nothing_survives_a_killed_supervisor(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with demonstration(home, first_port()) as (running, _):
        running.kill()
        running.wait()
    patience = time.monotonic() + 20
    while left_running(home) and time.monotonic() < patience:
        time.sleep(0.2)
    assert left_running(home) == []


@pytest.mark.platform
def test_what_dies_is_started_again(tmp_path: Path) -> None:
    with Platform(tmp_path / "home", Ports.free()) as platform:
        for name in ("server", "trust", "worker", "inbox"):
            platform.children[name].kill()
        patience = time.monotonic() + 30
        while not all(child.healthy for child in platform.children.values()) and time.monotonic() < patience:
            platform.revive()
            time.sleep(0.1)
        assert all(child.healthy for child in platform.children.values())


@pytest.mark.platform
def test_secrets_are_for_the_current_user_only(tmp_path: Path) -> None:
    with Platform(tmp_path / "home", Ports.free()) as platform:
        secrets = [platform.folder / name for name in ("secrets", "trust", "storage", "inbox", "postgres", "logs")]
    assert {folder.stat().st_mode & 0o077 for folder in secrets} == {0}


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = os.environ | {"PARAPH_HOME": str(tmp_path), "PARAPH_PORT": str(port)}
        refused = subprocess.run(DEMO, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
