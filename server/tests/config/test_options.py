import base64
from pathlib import Path

import pytest
from paraph_server.config.options import BadOptions, Options, unknown_names
from pydantic import ValidationError

KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    values = {
        "SECRET_KEY": "s",
        "STORAGE_KEY": KEY,
        "FIELD_KEY": KEY,
        "TRUST_URL": "http://127.0.0.1:8001",
        "TRUST_TOKEN": "t",
        "TRUST_ROOTS": str(tmp_path / "root.pem"),
        "TSA_URL": "http://127.0.0.1:8001/tsa",
    }
    monkeypatch.delenv("PARAPH_PUBLIC_URL")
    for name, value in values.items():
        monkeypatch.setenv(f"PARAPH_{name}", value)
    return monkeypatch


def test_a_complete_environment_is_enough(environment: pytest.MonkeyPatch) -> None:
    assert Options().complete().public_url == "http://127.0.0.1:8000"


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("PARAPH_SECRET_KEY")
    environment.delenv("PARAPH_TSA_URL")
    with pytest.raises(BadOptions, match="PARAPH_SECRET_KEY, PARAPH_TSA_URL"):
        Options().complete()


def test_a_secret_may_lie_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from the file\n")
    environment.delenv("PARAPH_TRUST_TOKEN")
    environment.setenv("PARAPH_TRUST_TOKEN_FILE", str(tmp_path / "token"))
    assert Options().complete().trust_token.get_secret_value() == "from the file"


def test_a_file_that_is_not_there_yet_is_a_secret_not_set_yet(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.delenv("PARAPH_TRUST_TOKEN")
    environment.setenv("PARAPH_TRUST_TOKEN_FILE", str(tmp_path / "later"))
    with pytest.raises(BadOptions, match="PARAPH_TRUST_TOKEN"):
        Options().complete()


@pytest.mark.parametrize(
    ("name", "value"),
    [("STORAGE_KEY", "short"), ("FIELD_KEY", "é" * 32), ("PUBLIC_URL", "sign.example.org"), ("DEMO", "perhaps")],
)
def test_a_wrong_value_is_refused_at_the_start(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(f"PARAPH_{name}", value)
    with pytest.raises(ValidationError):
        Options()


def test_secrets_do_not_show(environment: pytest.MonkeyPatch) -> None:
    assert KEY not in repr(Options())


def test_a_misspelt_name_is_refused() -> None:
    names = {
        "PARAPH_SMPT_URL": "x",
        "PARAPH_SMTP_URL": "x",
        "PARAPH_TRUST_KEYS_DIR": "x",
        "PARAPH_API": "x",
        "PARAPH_TOKEN_FILE": "x",
        "PARAPH_SECRET_KEY_FILE": "x",
    }
    assert unknown_names(names) == ["PARAPH_SMPT_URL"]


def test_certificates_are_shown_on_the_platforms_own_host(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PARAPH_PUBLIC_URL", "https://sign.example.org")
    environment.setenv("PARAPH_CLIENT_CERTIFICATE_URL", "https://sign.example.org:8443/")
    assert Options().complete().certificate_url == "https://sign.example.org:8443"
    environment.setenv("PARAPH_CLIENT_CERTIFICATE_URL", "https://cards.example.org")
    with pytest.raises(BadOptions, match="on the host of"):
        Options().complete()


def test_certificates_need_a_proxy_and_authorities(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("PARAPH_CLIENT_CERTIFICATE_ROOTS", str(tmp_path / "browsers.pem"))
    assert not Options().client_certificates
    environment.setenv("PARAPH_CLIENT_CERTIFICATE_PROXIES", "10.1.0.5")
    assert Options().client_certificates
