"""Under dual control no single person opens a key, makes an authority or revokes one."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import est
import psycopg
import pytest
from conftest import PASSPHRASE, Database
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from live import CEREMONY, Service, free_port
from paraph_trust.ceremony import sheets
from paraph_trust.errors import InvalidRequest
from paraph_trust.keys import shares
from test_supplement import NEW_AUTHORITY

CONTROL = '\n[control]\nholders = ["Alice", "Bob", "Carol"]\nneeded = 2\n'
PLAN = CEREMONY.read_text().replace("\n[[seals]]", f"{CONTROL}\n[[seals]]")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[Service]:
    """A service whose secrets are split between Alice, Bob and Carol."""
    service = Service(tmp_path_factory.mktemp("controlled"), database(), free_port())
    (service.folder / "ceremony.toml").write_text(PLAN)
    done = service.run("ceremony", str(service.folder / "ceremony.toml"), "--sheets", str(service.folder / "sheets"))
    assert done.returncode == 0, done.stderr
    service.admit("server")
    service.start()
    yield service
    service.stop()


def of(service: Service, *numbers: int) -> list[str]:
    return [word for number in numbers for word in ("--sheet", str(service.folder / f"sheets/sheet-{number}.txt"))]


def serial(service: Service, name: str) -> str:
    command = ["openssl", "x509", "-noout", "-serial", "-in", str(service.folder / "keys/certificates" / f"{name}.pem")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().partition("=")[2]


def test_each_holder_has_a_sheet_and_the_report_names_them(other: Service) -> None:
    found = [sheets.read(path) for path in sorted((other.folder / "sheets").iterdir())]
    assert [sheet.holder for sheet in found] == ["Alice", "Bob", "Carol"]
    report = (other.folder / "keys/ceremony.md").read_text()
    assert "2 of 3 holders open the keys in files, the root's apart (Alice, Bob, Carol)" in report
    assert not any(word in report for sheet in found for word in (sheet.root, sheet.installation, sheet.token))


def test_the_services_secret_does_not_open_the_root(other: Service) -> None:
    passphrase = (other.folder / "passphrase").read_bytes()
    private = other.folder / "keys/private"
    assert load_pem_private_key((private / "issuing.pem").read_bytes(), passphrase)
    with pytest.raises(ValueError, match=r"password|deserialize"):  # once in 256 times the padding looks right
        load_pem_private_key((private / "root.pem").read_bytes(), passphrase)


@pytest.mark.parametrize("numbers", [(1, 2), (2, 3), (3, 1, 2)])
def test_any_two_unlock_it_after_a_restart(other: Service, numbers: tuple[int, ...]) -> None:
    secret = (other.folder / "passphrase").read_bytes()
    assert "It is unlocked" in other.run("unlock", *of(other, *numbers)).stderr
    (other.folder / "passphrase").unlink()
    done = other.run("unlock", *of(other, *numbers))
    assert done.returncode == 0, done.stderr
    assert (other.folder / "passphrase").read_bytes() == secret
    assert (other.folder / "passphrase").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("numbers", [(), (2,), (2, 2)])
def test_one_alone_does_not(other: Service, numbers: tuple[int, ...]) -> None:
    secret = (other.folder / "passphrase").read_bytes()
    (other.folder / "passphrase").unlink()
    try:
        refused = other.run("unlock", *of(other, *numbers))
        assert refused.returncode == 2
        assert "shares" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert not (other.folder / "passphrase").exists()
    finally:
        (other.folder / "passphrase").write_bytes(secret)


def test_a_new_authority_needs_two_approvals_and_two_holders(other: Service) -> None:
    file = other.folder / "authority.toml"
    file.write_text(NEW_AUTHORITY)
    assert "2 officers must approve" in other.run("ceremony", str(file), *of(other, 1, 2)).stderr
    assert "One more approval is missing" in other.run("approve", "ceremony", str(file), *of(other, 1)).stdout
    assert "Alice has approved this already" in other.run("approve", "ceremony", str(file), *of(other, 1)).stderr
    assert "So far: Alice." in other.run("ceremony", str(file), *of(other, 1, 2)).stderr
    assert "Nothing is missing" in other.run("approve", "ceremony", str(file), *of(other, 3)).stdout
    assert "cannot be used" in other.run("ceremony", str(file)).stderr  # without sheets, the root stays shut
    done = other.run("ceremony", str(file), *of(other, 2, 3))
    assert done.returncode == 0, done.stderr
    assert "approved by: Alice, Carol" in (other.folder / "keys/ceremony-2.md").read_text()


def test_another_file_needs_approvals_of_its_own(other: Service) -> None:
    file = other.folder / "other.toml"
    file.write_text(NEW_AUTHORITY.replace("CA 2", "CA 3"))
    assert "2 officers must approve" in other.run("ceremony", str(file), *of(other, 1, 2)).stderr


def test_an_authority_is_not_revoked_by_one(other: Service) -> None:
    number = serial(other, "issuing-2")
    revoke = ("revoke", number, "--reason", "cessationOfOperation")
    assert "2 officers must approve" in other.run(*revoke).stderr
    for holder in (1, 2):
        assert other.run("approve", "revoke", number.lower(), *of(other, holder)).returncode == 0
    assert other.run(*revoke).returncode == 0
    published = other.run("root-list", *of(other, 1, 3))
    assert published.returncode == 0, published.stderr
    assert "List 2 of the root" in published.stdout
    with psycopg.connect(other.database_url) as connection:
        query = "SELECT details->'approved' FROM log_entry WHERE event = 'certificate:revoked' AND subject = %s"
        assert connection.execute(query, [number]).fetchone() == (["Alice", "Bob"],)


def test_a_seal_is_revoked_by_one(other: Service) -> None:
    assert other.run("revoke", serial(other, "seal-demo"), "--reason", "keyCompromise").returncode == 0


def test_a_token_of_nobody_approves_nothing(other: Service, tmp_path: Path) -> None:
    forged = (other.folder / "sheets/sheet-1.txt").read_text().replace("pot_", "pot_x")
    (tmp_path / "sheet.txt").write_text(forged)
    refused = other.run("approve", "revoke", "1234", "--sheet", str(tmp_path / "sheet.txt"))
    assert refused.returncode == 2
    assert "No officer has this token" in refused.stderr


@pytest.fixture
def fresh(tmp_path: Path, database: Database) -> Service:
    (tmp_path / "ceremony.toml").write_text(PLAN)
    return Service(tmp_path, database(), free_port())


def test_nobody_chooses_the_passphrase(fresh: Service) -> None:
    (fresh.folder / "passphrase").write_text(PASSPHRASE)
    refused = fresh.run("ceremony", str(fresh.folder / "ceremony.toml"), "--sheets", str(fresh.folder / "sheets"))
    assert "nobody chooses the passphrase" in refused.stderr


def test_sheets_are_never_overwritten_and_nothing_is_left_behind(fresh: Service) -> None:
    (fresh.folder / "sheets").mkdir()
    (fresh.folder / "sheets" / "sheet-1.txt").write_text("of somebody else")
    file = str(fresh.folder / "ceremony.toml")
    assert "is not empty" in fresh.run("ceremony", file, "--sheets", str(fresh.folder / "sheets")).stderr
    assert "say with --sheets" in fresh.run("ceremony", file).stderr
    assert not (fresh.folder / "passphrase").exists()
    done = fresh.run("ceremony", file, "--sheets", str(fresh.folder / "elsewhere"))
    assert done.returncode == 0, done.stderr


def test_shares_of_two_secrets_do_not_mix() -> None:
    (_, first), (_, second) = shares.split(needed=2, holders=3), shares.split(needed=2, holders=3)
    with pytest.raises(InvalidRequest, match="shares"):
        shares.join([first[0], second[1]])


def test_a_mistyped_word_is_noticed() -> None:
    passphrase, made = shares.split(needed=2, holders=2)
    assert shares.join([made[0].upper(), "  ".join(made[1].split())]) == passphrase
    first, *others = made[0].split()
    with pytest.raises(InvalidRequest, match="shares"):
        shares.join([" ".join([*others, first]), made[1]])


def test_leave_to_enrol_needs_two_approvals(other: Service) -> None:
    file = other.folder / "seal.toml"
    file.write_text(est.SEAL)
    assert "2 officers must approve" in other.run("grant", str(file)).stderr
    for holder in (1, 2):
        assert other.run("approve", "grant", str(file), *of(other, holder)).returncode == 0
    (other.folder / "dearer.toml").write_text(est.SEAL.replace("days = 90", "days = 900"))
    assert "2 officers must approve" in other.run("grant", str(other.folder / "dearer.toml")).stderr
    assert other.run("grant", str(file)).stdout.startswith("enrolment-1:pes_")
    assert "2 officers must approve" in other.run("grant", str(file)).stderr
