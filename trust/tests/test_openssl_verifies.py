"""OpenSSL judges what the service issues: chains, lists, OCSP answers, time-stamps."""

import subprocess
from pathlib import Path

import pytest
from live import Service


def run(*command: str | Path, check: bool = True) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def certificates(service: Service) -> Path:
    return service.folder / "keys" / "certificates"


@pytest.fixture
def lists(service: Service, tmp_path: Path) -> Path:
    """Both revocation lists in one PEM file."""
    pem = ""
    for name in ("root", "issuing"):
        (tmp_path / "crl").write_bytes(service.get(f"/crl/{name}.crl"))
        pem += run("openssl", "crl", "-inform", "DER", "-in", tmp_path / "crl")
    (tmp_path / "lists.pem").write_text(pem)
    return tmp_path / "lists.pem"


@pytest.mark.parametrize("name", ["issuing", "ocsp", "timestamping", "seal-demo"])
def test_certificates_verify_with_the_lists(certificates: Path, lists: Path, name: str) -> None:
    verdict = run(
        *("openssl", "verify", "-x509_strict", "-crl_check_all", "-CRLfile", lists),
        *("-CAfile", certificates / "root.pem", "-untrusted", certificates / "issuing.pem"),
        certificates / f"{name}.pem",
    )
    assert verdict.endswith("OK\n")


def test_the_issuers_are_where_the_certificates_say(service: Service, certificates: Path, tmp_path: Path) -> None:
    (tmp_path / "issuing.cer").write_bytes(service.get("/ca/issuing.cer"))
    subject = ("-noout", "-fingerprint", "-sha256")
    served = run("openssl", "x509", "-inform", "DER", "-in", tmp_path / "issuing.cer", *subject)
    assert served == run("openssl", "x509", "-in", certificates / "issuing.pem", *subject)


@pytest.mark.parametrize("name", ["timestamping", "seal-demo"])
def test_ocsp_says_good(service: Service, certificates: Path, name: str) -> None:
    verdict = run(
        *("openssl", "ocsp", "-url", f"{service.url}/ocsp", "-CAfile", certificates / "root.pem"),
        *("-issuer", certificates / "issuing.pem", "-cert", certificates / f"{name}.pem"),
    )
    assert "Response verify OK" in verdict
    assert f"{name}.pem: good" in verdict


def test_ocsp_answers_by_get(service: Service, certificates: Path, tmp_path: Path) -> None:
    run(
        *("openssl", "ocsp", "-no_nonce", "-reqout", tmp_path / "request"),
        *("-issuer", certificates / "issuing.pem", "-cert", certificates / "timestamping.pem"),
    )
    encoded = run("openssl", "base64", "-A", "-in", tmp_path / "request").strip()
    (tmp_path / "response").write_bytes(service.get(f"/ocsp/{encoded.replace('+', '%2B').replace('=', '%3D')}"))
    verdict = run(
        *("openssl", "ocsp", "-respin", tmp_path / "response", "-CAfile", certificates / "root.pem"),
        *("-issuer", certificates / "issuing.pem", "-cert", certificates / "timestamping.pem"),
    )
    assert "timestamping.pem: good" in verdict


def test_ocsp_knows_no_foreign_serial_number(service: Service, certificates: Path) -> None:
    verdict = run(
        *("openssl", "ocsp", "-url", f"{service.url}/ocsp", "-CAfile", certificates / "root.pem"),
        *("-issuer", certificates / "issuing.pem", "-serial", "0x1234"),
    )
    assert "0x1234: unknown" in verdict


def test_a_time_stamp_by_curl_verifies(service: Service, certificates: Path, tmp_path: Path) -> None:
    document, query, reply = (tmp_path / name for name in ("document", "query", "reply"))
    document.write_bytes(b"The lease ends on 31 December.")
    run("openssl", "ts", "-query", "-data", document, "-sha256", "-cert", "-out", query)
    header = "Content-Type: application/timestamp-query"
    run("curl", "-sf", "-H", header, "--data-binary", f"@{query}", f"{service.url}/tsa", "-o", reply)
    verdict = run(
        *("openssl", "ts", "-verify", "-queryfile", query, "-in", reply),
        *("-CAfile", certificates / "root.pem", "-untrusted", certificates / "issuing.pem"),
    )
    assert "Verification: OK" in verdict
    document.write_bytes(b"The lease ends on 30 December.")
    verdict = run(
        *("openssl", "ts", "-verify", "-data", document, "-in", reply),
        *("-CAfile", certificates / "root.pem", "-untrusted", certificates / "issuing.pem"),
        check=False,
    )
    assert "Verification: FAILED" in verdict


@pytest.mark.parametrize("query", [b"", b"hello", b"\x30\x80", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_time_stamp_request_is_refused_in_the_protocols_words(
    service: Service, tmp_path: Path, query: bytes
) -> None:
    (tmp_path / "query").write_bytes(query)
    header = "Content-Type: application/timestamp-query"
    run(
        "curl",
        "-sf",
        "-H",
        header,
        "--data-binary",
        f"@{tmp_path}/query",
        f"{service.url}/tsa",
        "-o",
        tmp_path / "reply",
    )
    assert "Status: Rejected" in run("openssl", "ts", "-reply", "-in", tmp_path / "reply", "-text")


def test_a_sha1_digest_gets_no_time_stamp(service: Service, tmp_path: Path) -> None:
    run("openssl", "ts", "-query", "-digest", "00" * 20, "-sha1", "-out", tmp_path / "query")
    header = "Content-Type: application/timestamp-query"
    run(
        "curl",
        "-sf",
        "-H",
        header,
        "--data-binary",
        f"@{tmp_path}/query",
        f"{service.url}/tsa",
        "-o",
        tmp_path / "reply",
    )
    text = run("openssl", "ts", "-reply", "-in", tmp_path / "reply", "-text")
    assert "unrecognized or unsupported algorithm" in text.lower()


@pytest.mark.parametrize("request_bytes", [b"", b"hello", b"\x30\x80"])
def test_what_is_no_ocsp_request_is_called_malformed(service: Service, tmp_path: Path, request_bytes: bytes) -> None:
    (tmp_path / "request").write_bytes(request_bytes)
    header = "Content-Type: application/ocsp-request"
    target = tmp_path / "response"
    run("curl", "-sf", "-H", header, "--data-binary", f"@{tmp_path}/request", f"{service.url}/ocsp", "-o", target)
    assert "malformedrequest" in run("openssl", "ocsp", "-respin", target, "-resp_text", check=False).lower()
