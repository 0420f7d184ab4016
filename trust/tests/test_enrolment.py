"""Bob enrols for what an officer granted, over EST (RFC 7030); what he names in his request does not matter."""

import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import est
import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from live import Service


def verified(service: Service, certificate: x509.Certificate, folder: Path) -> str:
    (folder / "issued.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    made = service.folder / "keys/certificates"
    command = ["openssl", "verify", "-x509_strict", "-CAfile", str(made / "root.pem")]
    command += ["-untrusted", str(made / "issuing.pem"), str(folder / "issued.pem")]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def enrolled(service: Service, folder: Path, order: str = est.SEAL) -> tuple[Path, x509.Certificate]:
    key = est.key(folder)
    answer = est.call(service, "simpleenroll", est.request(key), holder=est.granted(service, order))
    (certificate,) = est.certificates(answer)
    return key, certificate


@pytest.mark.parametrize("path", ["cacerts", "seal/cacerts", "agent/cacerts", "timestamping/cacerts", "ocsp/cacerts"])
def test_the_authorities_are_told_to_everyone(service: Service, path: str) -> None:
    made = service.folder / "keys/certificates"
    known = [x509.load_pem_x509_certificate((made / f"{name}.pem").read_bytes()) for name in ("root", "issuing")]
    assert sorted(est.certificates(est.call(service, path)), key=hash) == sorted(known, key=hash)


def test_the_wishes_are_a_key_on_a_curve_and_its_signature(service: Service) -> None:
    answer = est.call(service, "csrattrs")
    assert "content-type: application/csrattrs" in answer.headers
    told = est.openssl("asn1parse", "-inform", "DER", given=b64decode(answer.body)).decode()
    assert [word in told for word in ("id-ecPublicKey", "prime256v1", "ecdsa-with-SHA256")] == [True] * 3


def test_the_certificate_names_whom_the_officer_named(service: Service, tmp_path: Path) -> None:
    key, certificate = enrolled(service, tmp_path)
    assert verified(service, certificate, tmp_path).endswith("OK\n")
    subject = "CN=Seal of Atelier Bob DEMO,2.5.4.97=NTRFR-555555555,O=Atelier Bob,C=FR"
    assert certificate.subject.rfc4514_string() == subject
    private = load_pem_private_key(key.read_bytes(), None)
    encoding = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert certificate.public_key().public_bytes(*encoding) == private.public_key().public_bytes(*encoding)


@pytest.mark.parametrize("label", est.OTHERS)
def test_each_label_has_its_profile(service: Service, tmp_path: Path, label: str) -> None:
    holder, key = est.granted(service, est.OTHERS[label]), est.key(tmp_path)
    (certificate,) = est.certificates(est.call(service, f"{label}/simpleenroll", est.request(key), holder=holder))
    assert verified(service, certificate, tmp_path).endswith("OK\n")
    text = est.openssl("x509", "-text", "-noout", "-in", tmp_path / "issued.pem").decode()
    expected = {"timestamping": "Time Stamping", "ocsp": "OCSP Signing", "agent": "email:bob@example.org"}
    assert expected[label] in text
    assert ("Non Repudiation" in text) == (label == "agent")


def test_a_key_of_rsa_is_welcome(service: Service, tmp_path: Path) -> None:
    key = est.key(tmp_path, "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072")
    holder = est.granted(service, est.SEAL)
    (certificate,) = est.certificates(est.call(service, "simpleenroll", est.request(key), holder=holder))
    assert verified(service, certificate, tmp_path).endswith("OK\n")


def test_what_was_issued_is_in_the_register_and_the_log(service: Service, tmp_path: Path) -> None:
    _, certificate = enrolled(service, tmp_path)
    serial = f"{certificate.serial_number:X}"
    with psycopg.connect(service.database_url) as connection:
        events = connection.execute(
            "SELECT event FROM log_entry WHERE subject = %(serial)s OR details->>'certificate' = %(serial)s",
            {"serial": serial},
        ).fetchall()
    assert events == [("certificate:issued",), ("enrolment:used",)]
    assert service.run("revoke", serial, "--reason", "keyCompromise").returncode == 0


def test_a_lost_answer_is_given_again_and_another_key_is_refused(service: Service, tmp_path: Path) -> None:
    holder, key = est.granted(service, est.SEAL), est.key(tmp_path)
    first = est.certificates(est.call(service, "simpleenroll", est.request(key), holder=holder))
    assert est.certificates(est.call(service, "simpleenroll", est.request(key), holder=holder)) == first
    refused = est.call(service, "simpleenroll", est.request(est.key(tmp_path)), holder=holder)
    assert (refused.status, refused.text) == (400, "This enrolment was used for another key; ask for a new one.\n")
    assert "content-type: text/plain" in refused.headers


@pytest.mark.parametrize("holder", ["", "enrolment-1:pes_wrong", "enrolment-1:", "bob:\x00", "::::"])
def test_without_a_secret_nothing_is_issued(service: Service, tmp_path: Path, holder: str) -> None:
    refused = est.call(service, "simpleenroll", est.request(est.key(tmp_path)), holder=holder.replace("\x00", "\xff"))
    assert refused.status == 401
    assert "www-authenticate: basic" in refused.headers


def test_a_secret_goes_with_its_name(service: Service, tmp_path: Path) -> None:
    _, _, secret = est.granted(service, est.SEAL).partition(":")
    assert (
        est.call(service, "simpleenroll", est.request(est.key(tmp_path)), holder=f"enrolment-0:{secret}").status == 401
    )


def test_a_secret_is_not_kept(service: Service) -> None:
    _, _, secret = est.granted(service, est.SEAL).partition(":")
    with psycopg.connect(service.database_url) as connection:
        (kept,) = connection.execute(
            "SELECT string_agg(enrolment_grant::text, ' ') FROM enrolment_grant"
        ).fetchone() or ("",)
    assert "1.3.6.1.4.1.32473.1.2" in kept
    assert secret not in kept


def test_a_secret_is_good_for_some_days(service: Service, tmp_path: Path) -> None:
    holder = est.granted(service, est.SEAL)
    number = holder.partition(":")[0].removeprefix("enrolment-")
    with psycopg.connect(service.database_url) as connection:
        connection.execute("UPDATE enrolment_grant SET expires_at = now() WHERE id = %s", [number])
    refused = est.call(service, "simpleenroll", est.request(est.key(tmp_path)), holder=holder)
    assert (refused.status, refused.text) == (401, "The time of this enrolment is over; ask for a new one.\n")


def test_another_label_than_the_granted_one_is_refused(service: Service, tmp_path: Path) -> None:
    holder = est.granted(service, est.SEAL)
    refused = est.call(service, "ocsp/simpleenroll", est.request(est.key(tmp_path)), holder=holder)
    assert (refused.status, refused.text) == (400, "This enrolment is for seal, not for ocsp.\n")


@pytest.mark.parametrize("path", ["ca/simpleenroll", "ca/cacerts", "ca/csrattrs", "serverkeygen", "fullcmc"])
def test_what_is_not_offered_is_not_found(service: Service, path: str) -> None:
    body = b"" if "enroll" in path else None
    assert est.call(service, path, body).status == 404


def test_a_request_that_is_signed_by_another_key_is_refused(service: Service, tmp_path: Path) -> None:
    forged = bytearray(b64decode(est.request(est.key(tmp_path))))
    forged[-1] ^= 1
    refused = est.call(service, "simpleenroll", b64encode(forged), holder=est.granted(service, est.SEAL))
    assert refused.status == 400
    assert "not signed by the key" in refused.text


@pytest.mark.parametrize(
    "options",
    [
        ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
        ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
        ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"),
        ("-algorithm", "ED25519"),
    ],
)
def test_a_weak_or_unknown_key_is_refused_and_the_secret_remains_good(
    service: Service, tmp_path: Path, options: tuple[str, ...]
) -> None:
    holder = est.granted(service, est.SEAL)
    refused = est.call(service, "simpleenroll", est.request(est.key(tmp_path, *options)), holder=holder)
    assert refused.status == 400
    assert "key" in refused.text.lower() or "curve" in refused.text.lower()
    assert est.call(service, "simpleenroll", est.request(est.key(tmp_path)), holder=holder).status == 200


@pytest.fixture(scope="module")
def holder(service: Service) -> str:
    return est.granted(service, est.SEAL)


@pytest.mark.parametrize("body", [b"", b"{}", b"====", b"AAAA", b"\xff\xfe", b"MII" * 30_000])
def test_malformed_requests_are_refused_in_words(service: Service, holder: str, body: bytes) -> None:
    refused = est.call(service, "simpleenroll", body, holder=holder)
    assert refused.status == 400
    assert "content-type: text/plain" in refused.headers
    assert "Traceback" not in refused.text


def test_another_type_of_body_is_refused(service: Service, holder: str, tmp_path: Path) -> None:
    asked = est.request(est.key(tmp_path))
    assert est.call(service, "simpleenroll", asked, holder=holder, content_type="text/plain").status == 400
