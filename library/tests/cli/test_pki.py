"""A small certificate authority on the command line; OpenSSL judges what it makes."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from paraph.cli.exits import Exit

Paraph = Callable[[str], tuple[int, str, str]]
ATELIER = "--country FR --identifier NTRFR-123456789 --passphrase-file passphrase"
BOB = "--given-name Bob --surname Martin --serial-number 42 --email bob@example.org"


def openssl(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture
def authorities(paraph: Paraph, desk: Path) -> Path:
    """A root, and an authority for seals under it."""
    assert paraph(f"pki create ca --name Root {ATELIER} --crl http://example.org/root.crl --key-type P-384")[0] == 0
    line = f"pki create seals --under ca --under-passphrase-file passphrase --name Seals {ATELIER}"
    assert paraph(f"{line} --crl http://example.org/seals.crl")[0] == 0
    return desk


@pytest.fixture
def seal(paraph: Paraph, authorities: Path) -> Path:
    assert paraph(f"pki request seal --name Atelier {ATELIER} --key-type RSA-3072")[0] == 0
    code, said, error = paraph("pki issue seals seal.csr --profile seal --days 365 --passphrase-file passphrase")
    assert code == 0, error
    assert "CN=Atelier" in said
    return authorities / "seal.pem"


def test_openssl_accepts_the_request(paraph: Paraph, desk: Path) -> None:
    assert paraph(f"pki request seal --name Atelier {ATELIER}")[0] == 0
    judged = openssl("req", "-in", desk / "seal.csr", "-verify", "-noout")
    assert "verify OK" in judged.stdout + judged.stderr


def test_keys_are_for_their_owner_only_and_locked(authorities: Path, seal: Path) -> None:
    for key in (authorities / "ca" / "key.pem", authorities / "seals" / "key.pem", seal.with_suffix(".key")):
        assert key.stat().st_mode & 0o077 == 0
        assert key.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY")


@pytest.mark.parametrize(
    ("profile", "names", "purpose"),
    [
        ("seal", "--name Atelier --identifier NTRFR-123456789", "any"),
        ("timestamping", "--name Clock --organization Atelier --identifier NTRFR-123456789", "timestampsign"),
        ("responder", "--name Answers --organization Atelier --identifier NTRFR-123456789", "ocsphelper"),
        ("agent", f"{BOB} --organization Atelier --identifier NTRFR-123456789", "any"),
    ],
)
def test_openssl_accepts_the_certificate(
    paraph: Paraph, authorities: Path, profile: str, names: str, purpose: str
) -> None:
    assert paraph(f"pki request one {names} --country FR --passphrase-file passphrase")[0] == 0
    code, _, error = paraph(f"pki issue seals one.csr --profile {profile} --days 365 --passphrase-file passphrase")
    assert code == 0, error
    root, issuer = authorities / "ca" / "certificate.pem", authorities / "seals" / "certificate.pem"
    judged = openssl(
        "verify", "-x509_strict", "-purpose", purpose, "-CAfile", root, "-untrusted", issuer, authorities / "one.pem"
    )
    assert judged.stdout.strip().endswith("OK"), judged.stderr


def test_the_seal_seals(paraph: Paraph, seal: Path) -> None:
    root = (seal.parent / "ca" / "certificate.pem").rename(seal.parent / "trusted.pem")
    line = "sign invoice.pdf --key seal.key --certificates seal.pem --passphrase-file passphrase"
    assert paraph(line)[0] == 0
    assert paraph(f"validate invoice-signed.pdf --trust {root.name}")[0] == 0


def test_what_is_revoked_is_on_the_next_list(paraph: Paraph, seal: Path) -> None:
    assert paraph("pki revoke seals seal.pem --reason keyCompromise --passphrase-file passphrase")[0] == 0
    assert paraph("pki crl seals --passphrase-file passphrase")[0] == 0
    made = seal.parent / "seals" / "revoked.crl"
    openssl("crl", "-inform", "DER", "-in", made, "-out", seal.parent / "list.pem")
    root, issuer = seal.parent / "ca" / "certificate.pem", seal.parent / "seals" / "certificate.pem"
    words = ["verify", "-crl_check", "-CRLfile", seal.parent / "list.pem", "-CAfile", root, "-untrusted", issuer, seal]
    assert "certificate revoked" in openssl(*words).stderr
    code, said, _ = paraph("pki show seals/revoked.crl --json")
    assert code == 0
    assert json.loads(said)[0]["revoked"][0].endswith("(keyCompromise)")


def test_lists_are_numbered(paraph: Paraph, authorities: Path) -> None:
    for number in (1, 2, 3):
        assert paraph("pki crl seals --passphrase-file passphrase --days 30")[0] == 0
        said = openssl("crl", "-inform", "DER", "-in", authorities / "seals" / "revoked.crl", "-noout", "-text").stdout
        assert re.search(rf"X509v3 CRL Number:\s+{number}\n", said)


def test_nothing_is_revoked_twice_or_for_somebody_else(paraph: Paraph, seal: Path) -> None:
    revoke = "pki revoke seals seal.pem --passphrase-file passphrase"
    assert paraph(revoke)[0] == 0
    code, _, error = paraph(revoke)
    assert code == Exit.BAD_INPUT
    assert "already" in error
    code, _, error = paraph("pki revoke ca seal.pem --passphrase-file passphrase")
    assert code == Exit.BAD_INPUT
    assert "has not issued" in error


def test_a_line_that_a_crash_cut_off_counts_as_never_written(paraph: Paraph, seal: Path) -> None:
    with (seal.parent / "seals" / "register.jsonl").open("ab") as register:
        register.write(b'{"act": "revoked", "ser')
    assert paraph("pki revoke seals seal.pem --passphrase-file passphrase")[0] == 0
    assert paraph("pki crl seals --passphrase-file passphrase")[0] == 0


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        (
            "pki create ca --name Root --country FR --identifier NTRFR-1 --crl http://a.example/ {}",
            Exit.BAD_INPUT,
            "exists already",
        ),
        ("pki create other --country FR --name Root --crl http://a.example/ {}", Exit.BAD_INPUT, "--identifier"),
        (
            "pki create other --country Paris --name Root --identifier X --crl http://a.example/ {}",
            Exit.BAD_INPUT,
            "two letters",
        ),
        ("pki create other --country FR --name A --identifier NTRFR-1 --crl http://é.fr {}", Exit.BAD_INPUT, "address"),
        ("pki create other --country FR --name A --identifier NTRFR-1 --crl file:///x {}", Exit.BAD_INPUT, "address"),
        ("pki issue ca invoice.pdf --profile seal --days 3 {}", Exit.BAD_INPUT, "no certificate request"),
        ("pki issue seals seal.csr --profile agent --days 3 --output a.pem {}", Exit.BAD_INPUT, "givenName"),
        ("pki issue seals seal.csr --profile seal --days 9999 --output a.pem {}", Exit.BAD_INPUT, "outlive"),
        ("pki issue seals seal.csr --profile seal --days 3 {}", Exit.BAD_INPUT, "exists already"),
        ("pki issue seals seal.csr --profile person --days 3 --output a.pem {}", Exit.BAD_INPUT, "givenName"),
        ("pki crl invoices --passphrase-file passphrase", Exit.BAD_INPUT, "does not exist"),
        ("pki crl seals --passphrase-file root.pem", Exit.BAD_INPUT, "passphrase is wrong"),
        ("pki request more --country FR --given-name Bob", Exit.BAD_INPUT, "--surname, --serial-number"),
        ("pki request more --country FR --name A --identifier NTRFR-1", Exit.BAD_INPUT, "needs a passphrase"),
        ("pki show invoice.pdf", Exit.BAD_INPUT, "no certificate"),
    ],
)
def test_what_is_wrong_is_said(paraph: Paraph, seal: Path, line: str, code: int, reason: str) -> None:
    before = {path for path in seal.parent.rglob("*") if path.is_file()}
    found, _, error = paraph(line.format("--passphrase-file passphrase"))
    assert (found, reason in error) == (code, True), error
    assert {path for path in seal.parent.rglob("*") if path.is_file()} == before


def test_a_request_that_somebody_changed_is_refused(paraph: Paraph, authorities: Path) -> None:
    assert paraph(f"pki request seal --name Atelier {ATELIER}")[0] == 0
    openssl("req", "-in", authorities / "seal.csr", "-outform", "DER", "-out", authorities / "seal.der")
    forged = (authorities / "seal.der").read_bytes().replace(b"Atelier", b"Mallory")
    (authorities / "forged.csr").write_bytes(forged)
    code, _, error = paraph("pki issue seals forged.csr --profile seal --days 3 --passphrase-file passphrase")
    assert code == Exit.BAD_INPUT
    assert "not signed by the key" in error


def test_certificates_and_requests_are_told_in_words(paraph: Paraph, seal: Path) -> None:
    code, said, _ = paraph("pki show seal.pem seal.csr")
    assert code == 0
    for words in ("CN=Atelier", "CN=Seals", "RSA, 3072 bits", "content commitment", "http://example.org/seals.crl"):
        assert words in said
