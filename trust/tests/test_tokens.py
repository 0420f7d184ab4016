"""Keys on tokens, with SoftHSM 2: made there by the ceremony, used from there, destroyed there, never in a file."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from urllib.error import HTTPError

import pytest
from conftest import PASSPHRASE, Database
from live import CEREMONY, Service, free_port
from paraph.keys import onboard
from paraph.keys.new import KeyType
from paraph.keys.sessions import start_anew
from paraph.keys.uri import Pkcs11Uri
from paraph_testing.token import MODULE, PIN, Token
from paraph_trust.ceremony.plan import read
from paraph_trust.errors import InvalidRequest
from test_doctor import doctor
from test_external import SIGNS, Company, asked, bought, imported, perform
from test_openssl_verifies import (  # noqa: F401  the same judge judges what tokens sign
    certificates,
    lists,
    run,
    test_a_time_stamp_by_curl_verifies,
    test_certificates_verify_with_the_lists,
    test_ocsp_says_good,
)

pytestmark = pytest.mark.skipif(
    not (MODULE.exists() and shutil.which("softhsm2-util")), reason="softhsm2 is not installed"
)
NAMES = ["root", "issuing", "ocsp", "timestamping", "seal-demo"]
ROOT_PIN = "87654321"
SHA256 = "2.16.840.1.101.3.4.2.1"
BOB = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}


class Held(Service):
    """A service whose keys are on the token Vault, and the root's on the token Safe, which has a PIN of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        super().__init__(folder, database_url, free_port())
        (folder / "passphrase").write_text(PASSPHRASE)
        (folder / "pin").write_text(f"{PIN}\n")
        (folder / "root-pin").write_text(f"{ROOT_PIN}\n")
        self.vault, self.safe = Token(folder, "Vault"), Token(folder, "Safe", pin=ROOT_PIN)
        self.options["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        self.options["PARAPH_TRUST_PIN_FILE"] = str(folder / "pin")

    def uri(self, name: str) -> str:
        own = f"&pin-source={self.folder}/root-pin" if name == "root" else ""
        return (self.safe if name == "root" else self.vault).uri(name) + own

    def plan(self, text: str | None = None, **kinds: str) -> str:
        """A ceremony's file, with every key on its token."""
        made, name = list[str](), ""
        for line in (text or CEREMONY.read_text()).splitlines():
            if section := re.match(r'\[(\w+)\]$|credential = "(.+)"$', line):
                name = section[1] or section[2]
            if line.startswith("key ="):
                made += [f'key = "{kinds[name]}"' if name in kinds else line, f'token = "{self.uri(name)}"']
            else:
                made.append(line)
        return "\n".join(made)

    def has(self, name: str) -> bool:
        """Whether its token has a key of this name."""
        os.environ["SOFTHSM2_CONF"] = self.options["SOFTHSM2_CONF"]
        start_anew(str(MODULE))
        return onboard.exists(Pkcs11Uri.of(self.uri(name)), ROOT_PIN if name == "root" else PIN)

    def stamped(self) -> tuple[int, dict[str, str]]:
        digest = b64encode(sha256(b"The lease").digest()).decode()
        return self.post("signatures/timestamp", {"hash": digest, "hashAlgorithmOID": SHA256})

    def said_of_its_health(self) -> str:
        with pytest.raises(HTTPError) as refusal:
            self.get("/health")
        assert refusal.value.code == 503
        return str(json.load(refusal.value)["error_description"])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[Held]:
    """It answers, and no private key lies in a file."""
    held = Held(tmp_path_factory.mktemp("held"), database())
    perform(held, held.plan(**{"seal-demo": "RSA-3072"}))
    held.admit("server")
    held.start()
    yield held
    held.stop()


@pytest.fixture
def fresh(tmp_path: Path, database: Database) -> Held:
    """Before its ceremony."""
    return Held(tmp_path, database())


def refused(service: Held, text: str) -> tuple[int, str]:
    (service.folder / "ceremony.toml").write_text(text)
    done = service.run("ceremony", str(service.folder / "ceremony.toml"))
    return done.returncode, done.stderr


# ---------------------------------------------------------------- made and used there


def test_no_key_lies_in_a_file(service: Held) -> None:
    assert all(service.has(name) for name in NAMES)
    kept = {path.name for path in (service.folder / "keys/private").iterdir()}
    assert kept == {*(f"{name}.uri" for name in NAMES), "wrapping.salt"}


def test_the_report_tells_where_each_key_is(service: Held) -> None:
    report = (service.folder / "keys/ceremony.md").read_text()
    for token, count in ((service.safe, 1), (service.vault, 4)):
        line = (
            f"- kept: on the token {token.label}, serial number {token.serial}, SoftHSM project, SoftHSM v2; made there"
        )
        assert report.count(line) == count
    assert "PKCS#8" not in report


def test_a_seal_signs(service: Held, certificates: Path, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "lease").write_bytes(b"The lease")
    digest = b64encode(sha256(b"The lease").digest()).decode()
    request = {"credentialID": "seal-demo", "hashes": [digest], "hashAlgorithmOID": SHA256}
    sad = service.post("credentials/authorize", request | {"numSignatures": 1})[1]["SAD"]
    status, answer = service.post("signatures/signHash", request | {"SAD": sad, "signAlgo": "1.2.840.113549.1.1.11"})
    assert status == 200, answer
    (tmp_path / "signature").write_bytes(b64decode(answer["signatures"][0]))
    run("openssl", "x509", "-in", certificates / "seal-demo.pem", "-pubkey", "-noout", "-out", tmp_path / "public")
    verdict = run(
        *("openssl", "dgst", "-sha256", "-verify", tmp_path / "public"),
        *("-signature", tmp_path / "signature", tmp_path / "lease"),
    )
    assert "Verified OK" in verdict


def test_many_are_served_at_once(service: Held) -> None:
    """By several threads, with keys of different kinds on one token."""

    def ask(number: int) -> int:
        if number % 2:
            return service.stamped()[0]
        return service.post("credentials/issue", {"requestID": str(number), "subject": BOB, "validity": 3600})[0]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(80))) == {200}


def test_a_token_that_was_away_is_used_again(service: Held) -> None:
    before = service.get("/crl/issuing.crl")
    service.vault.remove()
    try:
        assert "The private key of issuing cannot be used: No token is there" in service.said_of_its_health()
        status, answer = service.stamped()
        assert (status, answer["error"]) == (503, "temporarily_unavailable")
        assert service.get("/crl/issuing.crl") == before
        code, found = doctor(service.environment)
        assert (code, found["keys"]["ok"]) == (1, False)
        assert "is it plugged in?" in found["keys"]["sentence"]
    finally:
        service.vault.insert()
    assert service.stamped()[0] == 200
    assert service.answers()
    assert doctor(service.environment)[0] == 0


def test_without_the_roots_token_everything_goes_on(service: Held) -> None:
    service.safe.remove()
    try:
        assert service.answers()
        code, found = doctor(service.environment)
        assert code == 0
        assert "kept elsewhere" in found["keys"]["sentence"]
    finally:
        service.safe.insert()


# ---------------------------------------------------------------- later


def test_a_successor_is_made_and_the_predecessor_destroyed(service: Held) -> None:
    perform(service, CEREMONY.with_name("token.toml").read_text())
    assert service.stamped()[0] == 200
    service.vault.remove()
    other = Token(service.folder, "Vault")
    said = service.run("retire", "timestamping")
    assert (said.returncode, "no such key on the token" in said.stderr) == (3, True)
    other.remove()
    service.vault.insert()
    assert "timestamping" in service.run("retire", "timestamping").stdout
    assert not service.has("timestamping")
    assert service.has("timestamping-2")
    assert not (service.folder / "keys/private/timestamping.uri").exists()
    assert service.stamped()[0] == 200


def test_another_authority_certifies_a_key_on_a_token(service: Held) -> None:
    provider = Company("Provider")
    seal = bought(provider).partition("[timestamping]")[0] + "[[seals]]" + bought(provider).partition("[[seals]]")[2]
    perform(service, service.plan(seal))
    csr = service.folder / "keys/requests/seal-bought.csr"
    assert "verify OK" in run("openssl", "req", "-verify", "-noout", "-in", csr)
    assert "on the token Vault" in (service.folder / "keys/ceremony-3.md").read_text()
    assert imported(service, provider.certify(asked(service, "seal-bought"), SIGNS)).returncode == 0
    assert "seal-bought" in service.post("credentials/list", {})[1]["credentialIDs"]
    assert doctor(service.environment)[0] == 0


# ---------------------------------------------------------------- what goes wrong


def test_a_name_that_is_taken_stops_the_ceremony_and_undoes_it(fresh: Held) -> None:
    onboard.generate(Pkcs11Uri.of(fresh.uri("timestamping")), PIN, KeyType.P256)
    code, said = refused(fresh, fresh.plan())
    assert (code, "has a key timestamping already" in said) == (2, True)
    assert [name for name in NAMES if fresh.has(name)] == ["timestamping"]
    assert not list((fresh.folder / "keys").iterdir())


def test_one_that_fails_half_way_leaves_no_key_behind(fresh: Held) -> None:
    code, said = refused(fresh, fresh.plan().replace("days = 365\n", "days = 36500\n"))
    assert (code, "outlive its issuer" in said) == (2, True)
    assert not any(fresh.has(name) for name in NAMES)
    perform(fresh, fresh.plan())


def test_what_one_left_that_was_killed_is_destroyed_by_the_next(fresh: Held) -> None:
    """And nothing else is: another key under that name was never this ceremony's."""
    file = fresh.folder / "ceremony.toml"
    file.write_text(fresh.plan(ocsp="RSA-3072", timestamping="RSA-3072"))
    command = [sys.executable, "-m", "paraph_trust", "ceremony", str(file)]
    dying = subprocess.Popen(command, env=fresh.environment, stderr=subprocess.DEVNULL)
    while not (fresh.folder / "keys/draft/ocsp.uri").exists():
        assert dying.poll() is None
        time.sleep(0.01)
    dying.kill()
    dying.wait()
    assert fresh.has("root")
    assert fresh.has("issuing")
    onboard.generate(Pkcs11Uri.of(fresh.uri("issuing")), PIN, KeyType.P256)
    assert "has a key issuing already" in refused(fresh, fresh.plan())[1]
    assert [name for name in NAMES if fresh.has(name)] == ["issuing"]
    onboard.destroy(Pkcs11Uri.of(fresh.uri("issuing")), PIN)
    perform(fresh, fresh.plan())


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [("pin", "4321", "PIN is wrong"), ("root-pin", None, "The PIN cannot be read")],
    ids=["wrong", "missing"],
)
def test_a_pin_that_does_not_open_the_token_is_said(fresh: Held, file: str, content: str | None, why: str) -> None:
    (fresh.folder / file).write_text(content) if content else (fresh.folder / file).unlink()
    code, said = refused(fresh, fresh.plan())
    assert (code, why in said) == (3, True), said
    (fresh.folder / "pin").write_text(PIN)
    (fresh.folder / "root-pin").write_text(ROOT_PIN)
    perform(fresh, fresh.plan())


def test_a_token_that_is_away_is_said(fresh: Held) -> None:
    fresh.vault.remove()
    code, said = refused(fresh, fresh.plan())
    assert (code, "The private key of issuing cannot be used: No token is there" in said) == (3, True)
    fresh.vault.insert()
    perform(fresh, fresh.plan())


def test_a_pin_that_was_refused_is_not_tried_again(fresh: Held) -> None:
    """However often somebody asks how the service is: a token counts."""
    perform(fresh, fresh.plan())
    (fresh.folder / "pin").write_text("4321")
    fresh.start(healthy=False)
    try:
        assert "It was tried once" in fresh.said_of_its_health()
        for _ in range(3):
            assert "is not tried again" in fresh.said_of_its_health()
    finally:
        fresh.stop()


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("pkcs11:token=Vault;object=root", "names no module"),
        ("pkcs11:token=Vault?module-path=/m.so", "object= names the key"),
        ("pkcs11:token=Vault;object=root;id=%01?module-path=/m.so", "gives it its id="),
        ("pkcs11:token=Vault;object=root?module-path=/m.so&pin-value=1234", "A PIN does not belong"),
        ("file:root.pem", "not a pkcs11"),
    ],
)
def test_a_uri_that_names_no_new_key_is_refused(uri: str, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why):
        read(CEREMONY.read_text().replace('key = "P-384"', f'key = "P-384"\ntoken = "{uri}"', 1))
