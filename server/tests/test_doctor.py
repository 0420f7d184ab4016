"""What `paraph doctor` says of a server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import fetch
from paraph.timestamps import LocalTimestamper
from paraph_server import checks, trust
from paraph_server.checks import Probe, examined
from paraph_server.config.options import Options
from paraph_server.documents.storage import Folder
from paraph_testing.pki import Pki
from pytest_django.fixtures import Settings


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run with other options."""

    def configure(**changed: object) -> None:
        changed_options = Options().model_copy(update=changed)
        monkeypatch.setattr(checks, "options", lambda: changed_options)

    return configure


def found(name: str) -> tuple[bool | None, str]:
    (probe,) = (probe for probe in checks.PROBES if probe.name == name)
    check = examined(probe)
    return check.ok, check.sentence


def test_an_installation_that_is_not_configured_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"PARAPH_TRUST_DATABASE_URL": "postgresql:///trust", "PATH": "/bin"})
    (check,) = checks.checks()
    assert (check.name, check.ok) == ("options", None)


def test_incomplete_options_are_named() -> None:
    (check,) = checks.checks()
    assert check.ok is False
    assert "PARAPH_TRUST_URL" in check.sentence


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["database", "migrations"])
def test_the_database_of_the_tests_is_well(name: str) -> None:
    assert found(name)[0]


@pytest.mark.django_db
def test_no_worker_is_found() -> None:
    ok, sentence = found("workers")
    assert ok is False
    assert "No worker" in sentence


def test_storage_is_tried_and_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paraph_server.documents.storage.storage", lambda: Folder(tmp_path, bytes(32)))
    ok, sentence = found("storage")
    assert ok, sentence
    assert list(tmp_path.iterdir()) == []


def test_storage_that_cannot_be_written_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("paraph_server.documents.storage.storage", lambda: Folder(tmp_path / "file", bytes(32)))
    assert found("storage")[0] is False


@pytest.mark.parametrize(("began", "ok"), [(0, True), (365 * 20 - 390, False)], ids=["lasts", "runs out"])
def test_roots_that_run_out_are_found(
    configured: Callable[..., None],
    tmp_path: Path,
    began: int,
    ok: bool,  # noqa: FBT001  a case of the table
) -> None:
    pki = Pki(datetime.now(UTC) - timedelta(days=began))
    (tmp_path / "root.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    configured(trust_roots=tmp_path / "root.pem")
    assert found("roots")[0] is ok


@pytest.mark.parametrize(
    ("minutes", "says"), [(0, "the clocks agree"), (5, "s apart"), (-5, "s apart")], ids=["right", "fast", "slow"]
)
def test_clocks_that_differ_are_found(monkeypatch: pytest.MonkeyPatch, minutes: int, says: str) -> None:
    """The authority's clock, against that of this host; its accuracy is a second."""
    pki = Pki()
    local = pki.timestamper()
    stamper = LocalTimestamper(local._authority, lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    monkeypatch.setattr(trust, "timestamper", lambda: stamper)
    monkeypatch.setattr(trust, "trusted", lambda: pki.trusted)
    ok, sentence = found("time-stamps")
    assert ok is (minutes == 0)
    assert says in sentence


def test_a_time_stamp_of_strangers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "timestamper", Pki().timestamper)
    monkeypatch.setattr(trust, "trusted", lambda: Pki().trusted)
    assert found("time-stamps")[0] is False


@pytest.mark.parametrize("name", ["mail server", "trust service"])
def test_services_that_are_away_are_found(configured: Callable[..., None], settings: Settings, name: str) -> None:
    """Nobody listens on port 1."""
    configured(trust_url="http://127.0.0.1:1")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert found(name)[0] is False


def test_a_trust_service_that_is_unwell_is_found(
    configured: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(trust_url="http://trust.example.org")
    monkeypatch.setattr(fetch, "get", lambda _: fetch.Answer(503, "application/json", b"{}"))
    assert found("trust service") == (False, "The trust service says that it is not well (HTTP status 503).")


def test_a_missing_seal_is_found(configured: Callable[..., None]) -> None:
    configured(seal_credential="")
    assert found("seal")[0] is False


def test_every_probe_says_what_to_do() -> None:
    assert all(isinstance(probe, Probe) and probe.remedy.endswith(".") for probe in checks.PROBES)
