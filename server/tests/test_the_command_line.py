import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.__main__ import BAD_INPUT, main
from paraph_server.accounts import access_tokens, rights
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.rights import Right
from paraph_server.accounts.sign_in import sign_in
from paraph_server.accounts.tenancy import every_tenant
from paraph_server.config.options import options
from paraph_server.embedding.queries import allowed_origins

Account = dict[str, str]


@pytest.fixture
def set_option(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Start again with another environment."""

    def set_option(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        options.cache_clear()

    yield set_option
    monkeypatch.undo()
    options.cache_clear()


@pytest.fixture
def demo_tenant(
    db: None, set_option: Callable[[str, str], None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[[str], Account]:
    set_option("PARAPH_DEMO", "true")

    def run(password: str) -> Account:
        (tmp_path / "password").write_text(password)
        capsys.readouterr()
        assert main(["demo-tenant", "--password-file", str(tmp_path / "password")]) == 0
        account: Account = json.loads(capsys.readouterr().out)
        return account

    return run


def test_the_demonstrations_account_works(demo_tenant: Callable[[str], Account]) -> None:
    account = demo_tenant("a good long password")
    now = timezone.now()
    assert sign_in(account["email"], account["password"], address="", at=now).pk == account["user_id"]
    with access_tokens.presented(account["token"], address="", at=now) as token:
        assert token.user_id == account["user_id"]


def test_asking_again_gives_the_same_account_another_password(demo_tenant: Callable[[str], Account]) -> None:
    first, second = demo_tenant("a good long password"), demo_tenant("another long password")
    assert first["user_id"] == second["user_id"]
    assert Tenant.objects.count() == 1
    assert sign_in(second["email"], "another long password", address="", at=timezone.now())


def test_no_printed_password_outside_a_demonstration(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo-tenant"]) == BAD_INPUT
    assert "PARAPH_DEMO" in capsys.readouterr().err


ORGANISATION = ["tenant", "Mairie de Bourg", "--first-name", "Zoé", "--last-name", "Lemoine", "--email"]


def test_an_organisation_begins_with_its_administrator(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ORGANISATION, "Zoe@Example.org"]) == 0
    with every_tenant():
        zoe = User.objects.get(email="zoe@example.org")
        assert Right.ADMINISTER in rights.of(zoe)
    link = capsys.readouterr().out.strip()
    assert Client().get(link.removeprefix("http://testserver")).status_code == 200


def test_an_address_that_is_taken_makes_no_organisation(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ORGANISATION, "zoe@example.org"]) == 0
    assert main([*ORGANISATION, "zoe@example.org"]) == BAD_INPUT
    assert "signs in with this address already" in capsys.readouterr().err
    assert Tenant.objects.count() == 1


def test_somebody_is_made_administrator(bob: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["administrator", bob.email]) == 0
    assert main(["administrator", bob.email]) == 0
    assert Right.ADMINISTER in rights.of(User.objects.get(pk=bob.pk))
    assert bob.memberships.count() == 1
    assert main(["administrator", "nobody@example.org"]) == BAD_INPUT
    assert "nobody@example.org" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_server_that_is_not_configured_says_what_is_missing(
    db: None, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command]) == BAD_INPUT
    assert "PARAPH_TRUST_URL" in capsys.readouterr().err


def test_a_misspelt_option_stops_every_command(
    set_option: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    set_option("PARAPH_SMPT_URL", "smtp://127.0.0.1")
    assert main(["serve"]) == BAD_INPUT
    assert "PARAPH_SMPT_URL" in capsys.readouterr().err


def test_an_operator_says_which_sites_are_a_tenants_own(tenant: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["allow-origins", tenant.pk, "https://b.example/", "http://localhost:8042"]) == 0
    assert capsys.readouterr().out.split() == ["http://localhost:8042", "https://b.example"]
    assert allowed_origins(tenant.pk) == ["http://localhost:8042", "https://b.example"]
    assert main(["allow-origins", tenant.pk, "http://b.example"]) == BAD_INPUT
    assert main(["allow-origins", "ten_unknown"]) == BAD_INPUT
    assert allowed_origins(tenant.pk) == ["http://localhost:8042", "https://b.example"]


def test_the_first_organisation_operates_the_installation_until_another_is_named(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("Marchand", "Sauvage"):
        main(["tenant", name, "--email", f"{name}@example.org", "--first-name", "A", "--last-name", name])
    first, second = Tenant.objects.order_by("created_at")
    assert (first.operates, second.operates) == (True, False)
    capsys.readouterr()
    assert main(["operators", second.pk]) == 0
    assert capsys.readouterr().out.split() == [second.pk]
    assert list(Tenant.objects.filter(operates=True)) == [second]
    assert main(["operators", "ten_unknown"]) == BAD_INPUT
