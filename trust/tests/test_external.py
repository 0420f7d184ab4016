"""Another authority certifies keys of ours: a company's root above our issuing authority, a provider's above a seal."""

import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import PASSPHRASE, Database
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from live import CEREMONY, Service, free_port
from paraph import timestamps
from paraph.algorithms import Digest
from paraph.certs import TrustStore

NOW = datetime.now(UTC)
DIGEST = Digest.of(b"The lease")
USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
ISSUES, SIGNS, STAMPS = {"key_cert_sign", "crl_sign"}, {"content_commitment"}, {"digital_signature"}


class Company:
    """Carol's company has a root of its own, and an authority under it."""

    def __init__(self, name: str = "Carol & Co", *, ended: bool = False) -> None:
        self._root_key, self._key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256R1())
        root, middle = _name(f"{name} Root"), _name(f"{name} Policy CA")
        since = NOW - timedelta(days=4000 if ended else 100)
        until = NOW - timedelta(days=1) if ended else NOW + timedelta(days=9000)
        self.root = _certificate(root, self._root_key.public_key(), root, self._root_key, ISSUES, since, until)
        self.middle = _certificate(middle, self._key.public_key(), root, self._root_key, ISSUES, since, until)

    @property
    def fingerprint(self) -> str:
        return self.root.fingerprint(hashes.SHA256()).hex()

    def certify(self, csr: bytes, usages: set[str], *, purpose: bool = False, ended: bool = False) -> bytes:
        """What the company sends back: the certificate, its issuer, the root."""
        asked = x509.load_pem_x509_csr(csr)
        until = NOW - timedelta(hours=1) if ended else NOW + timedelta(days=5000)
        made = _certificate(
            *(
                asked.subject,
                asked.public_key(),
                self.middle.subject,
                self._key,
                usages,
                NOW - timedelta(days=9),
                until,
            ),
            purpose=purpose,
        )
        return b"".join(each.public_bytes(Encoding.PEM) for each in (self.root, made, self.middle))


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"), x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    key: object,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    usages: set[str],
    since: datetime,
    until: datetime,
    *,
    purpose: bool = False,
) -> x509.Certificate:
    assert isinstance(key, ec.EllipticCurvePublicKey)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), since, until)
        .add_extension(x509.BasicConstraints(ca=usages == ISSUES, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{name: name in usages for name in USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(authority, critical=False)
    )
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def plan(company: Company) -> str:
    """The demonstration's file, with the company's root in the place of one of ours."""
    before, _, after = CEREMONY.read_text().partition("[root]")
    _, _, after = after.partition("[issuing]")
    return f'{before}[external]\nroot_sha256 = "{company.fingerprint}"\n\n[issuing]{after}'


def bought(company: Company) -> str:
    """A supplement: a unit and a seal that the company certifies."""
    external = f'{{ root_sha256 = "{company.fingerprint}" }}'
    return f"""
title = "A unit and a seal that Carol certifies"
officer = "Alice"
witnesses = ["Bob"]
[timestamping]
name = "Unit of Alice"
key = "P-256"
days = 1
policy = "0.4.0.2023.1.1"
accuracy_ms = 500
external = {external}
[[seals]]
credential = "seal-bought"
name = "Seal of Alice"
key = "P-256"
days = 1
policies = ["1.3.6.1.4.1.32473.1.2"]
clients = ["server"]
external = {external}
[seals.organisation]
name = "Alice SARL"
country = "FR"
identifier = "NTRFR-111111111"
"""


def perform(service: Service, text: str) -> str:
    (service.folder / "ceremony.toml").write_text(text)
    done = service.run("ceremony", str(service.folder / "ceremony.toml"))
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(service: Service, name: str) -> bytes:
    return (service.folder / f"keys/requests/{name}.csr").read_bytes()


def imported(service: Service, answer: bytes) -> subprocess.CompletedProcess[str]:
    (service.folder / "answer.pem").write_bytes(answer)
    return service.run("import", str(service.folder / "answer.pem"))


def certificate(service: Service, name: str) -> Path:
    return service.folder / f"keys/certificates/{name}.pem"


@pytest.fixture(scope="module")
def company() -> Company:
    return Company()


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory, database: Database, company: Company) -> Service:
    """A service whose ceremony made a key for an authority that the company has yet to certify."""
    folder = tmp_path_factory.mktemp("external")
    (folder / "passphrase").write_text(PASSPHRASE)
    service = Service(folder, database(), free_port())
    assert f"Have the requests in {folder}/keys/requests certified (issuing)" in perform(service, plan(company))
    service.admit("server")
    return service


@pytest.fixture(scope="module")
def under(asking: Service, company: Company) -> Iterator[Service]:
    """The service under the company's root, answering."""
    done = imported(asking, company.certify(asked(asking, "issuing"), ISSUES))
    assert done.returncode == 0, done.stderr
    assert "issuing is in use; see" in done.stdout
    asking.start()
    yield asking
    asking.stop()


def refusals(company: Company, csr: bytes) -> dict[str, bytes]:
    """Answers that must not be taken, by what is said of them."""
    mallory, ended = Company("Carol & Co"), Company(ended=True)
    good = company.certify(csr, ISSUES)
    other = ec.generate_private_key(ec.SECP256R1())
    foreign = x509.CertificateSigningRequestBuilder(_name("Mallory")).sign(other, hashes.SHA256())
    return {
        "lacks the root": mallory.certify(csr, ISSUES),
        "awaits one": company.certify(foreign.public_bytes(Encoding.PEM), ISSUES),
        "not a certificate": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "not that of an authority": company.certify(csr, SIGNS),
        "No valid path": company.certify(csr, ISSUES, ended=True),
        "No valid path ": good[: good.rindex(b"-----BEGIN")],
        "lacks the root ": ended.certify(csr, ISSUES),
    }


def test_nothing_is_taken_that_does_not_fit(asking: Service, company: Company) -> None:
    for why, answer in refusals(company, asked(asking, "issuing")).items():
        refused = imported(asking, answer)
        assert refused.returncode == 2, why
        assert why.strip() in refused.stderr
    assert not certificate(asking, "issuing").exists()


def test_the_request_is_one_that_openssl_understands(asking: Service) -> None:
    command = [
        "openssl",
        "req",
        "-verify",
        "-noout",
        "-subject",
        "-in",
        str(asking.folder / "keys/requests/issuing.csr"),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "verify OK" in said.stderr + said.stdout
    assert "CN = Paraph Issuing CA DEMO" in said.stdout
    assert "awaits its certificate: requests/issuing.csr" in (asking.folder / "keys/ceremony.md").read_text()


@pytest.mark.parametrize("name", ["issuing", "ocsp", "timestamping", "seal-demo"])
def test_everything_verifies_under_the_companys_root(under: Service, name: str) -> None:
    command = ["openssl", "verify", "-x509_strict", "-CAfile", str(certificate(under, "external"))]
    command += ["-untrusted", str(certificate(under, "external-2")), "-untrusted", str(certificate(under, "issuing"))]
    verdict = subprocess.run([*command, str(certificate(under, name))], capture_output=True, text=True, check=False)
    assert verdict.stdout.endswith("OK\n"), verdict.stderr


def test_bob_signs_under_the_companys_root(under: Service) -> None:
    subject = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}
    status, answer = under.post("credentials/issue", {"requestID": "1", "subject": subject, "validity": 3600})
    assert status == 200
    assert len(answer["cert"]["certificates"]) == 4


def test_its_lists_and_answers_are_ours_and_the_roots_are_not(under: Service) -> None:
    assert under.get("/crl/issuing.crl")
    command = ["openssl", "ocsp", "-url", f"{under.url}/ocsp", "-CAfile", str(certificate(under, "external"))]
    command += ["-verify_other", str(certificate(under, "external-2")), "-issuer", str(certificate(under, "issuing"))]
    command += ["-cert", str(certificate(under, "seal-demo"))]
    assert "seal-demo.pem: good" in subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_the_same_answer_again_changes_nothing(under: Service, company: Company) -> None:
    answer = b"".join(certificate(under, name).read_bytes() for name in ("issuing", "external-2", "external"))
    again = imported(under, answer)
    assert "issuing is in use" in again.stdout
    assert "external-3" not in {path.stem for path in (under.folder / "keys/certificates").iterdir()}
    assert imported(under, company.certify(asked(under, "issuing"), ISSUES)).returncode == 2


def test_the_report_tells_where_it_comes_from(under: Service) -> None:
    report = (under.folder / "keys/import-issuing.md").read_text()
    assert [f"## {name}\n" in report for name in ("external", "external-2", "issuing", "ocsp", "seal-demo")] == [
        True
    ] * 5
    assert "CN=Carol & Co Root" in report


def test_a_unit_and_a_seal_are_bought(under: Service) -> None:
    provider = Company("Provider")
    assert "(seal-bought, timestamping-2)" in perform(under, bought(provider))
    purposeless = imported(under, provider.certify(asked(under, "timestamping-2"), STAMPS))
    assert "its one purpose" in purposeless.stderr
    assert "is an authority" in imported(under, provider.certify(asked(under, "seal-bought"), ISSUES)).stderr
    for name, usages in {"timestamping-2": STAMPS, "seal-bought": SIGNS}.items():
        done = imported(under, provider.certify(asked(under, name), usages, purpose=usages == STAMPS))
        assert done.returncode == 0, done.stderr
    body = {"hash": b64encode(DIGEST.value).decode(), "hashAlgorithmOID": DIGEST.algorithm.oid}
    token = b64decode(under.post("signatures/timestamp", body)[1]["timestamp"])
    proved = timestamps.verify(token, DIGEST, trusted=TrustStore((provider.root,)))
    assert "Unit of Alice" in proved.certificate.subject.rfc4514_string()
    assert "seal-bought" in under.post("credentials/list", {})[1]["credentialIDs"]
    shown = under.post("credentials/info", {"credentialID": "seal-bought", "certificates": "chain"})[1]
    assert len(shown["cert"]["certificates"]) == 3
    assert under.answers()


def test_under_dual_control_two_officers_approve_the_answer(
    tmp_path: Path, database: Database, company: Company
) -> None:
    service, sheets = Service(tmp_path, database(), free_port()), tmp_path / "sheets"
    controlled = plan(company).replace("\n[[seals]]", '\n[control]\nholders = ["Alice", "Bob"]\n\n[[seals]]')
    (tmp_path / "ceremony.toml").write_text(controlled)
    assert service.run("ceremony", str(tmp_path / "ceremony.toml"), "--sheets", str(sheets)).returncode == 0
    brought = [sheets / "sheet-1.txt", sheets / "sheet-2.txt"]
    (tmp_path / "passphrase").unlink()  # the machine starts anew while the company takes its time
    unlocked = service.run("unlock", *(word for sheet in brought for word in ("--sheet", str(sheet))))
    assert unlocked.returncode == 0, unlocked.stderr
    answer = company.certify(asked(service, "issuing"), ISSUES)
    assert "2 officers must approve" in imported(service, answer).stderr
    for sheet in brought:
        assert service.run("approve", "import", str(tmp_path / "answer.pem"), "--sheet", str(sheet)).returncode == 0
    assert "2 officers must approve" in imported(service, company.certify(asked(service, "issuing"), ISSUES)).stderr
    assert imported(service, answer).returncode == 0
    assert "approved by: Alice, Bob" in (tmp_path / "keys/import-issuing.md").read_text()
