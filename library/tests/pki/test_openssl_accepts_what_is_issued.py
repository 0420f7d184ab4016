"""OpenSSL judges certificates, revocation lists and OCSP answers."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st
from paraph import pki as issuing
from paraph.keys.file import FileSigner
from paraph.pki import Revoked
from paraph.pki.ocsp import Standing
from paraph_testing.pki import Pki

DAY = timedelta(days=1)
HOLDERS = ["issuing", "responder", "timestamping_unit", "seal", "rsa_seal", "qualified", "agent", "bob"]
WHY = x509.ReasonFlags.key_compromise


def listed(pki: Pki, *revoked: Revoked) -> list[bytes]:
    """Both lists, PEM; some certificates are revoked on the issuing authority's."""
    of_root, _ = pki.revocation_lists()
    of_issuing = issuing.revocation_list(pki.issuing, revoked, at=pki.at, number=2, next_update=pki.at + DAY)
    return [x509.load_der_x509_crl(each).public_bytes(Encoding.PEM) for each in (of_root, of_issuing)]


@pytest.fixture
def verify(pki: Pki, tmp_path: Path, openssl: Callable[..., Any], pem: Callable[..., Path]) -> Callable[..., Any]:
    """Strict path validation at noon, every list consulted."""

    def run(certificate: x509.Certificate, *revoked: Revoked) -> Any:
        (tmp_path / "lists.pem").write_bytes(b"".join(listed(pki, *revoked)))
        return openssl(
            *("verify", "-x509_strict", "-crl_check_all", "-CRLfile", tmp_path / "lists.pem"),
            *("-attime", int(pki.at.timestamp()) + 60, "-CAfile", pem("root.pem", pki.root.certificate)),
            *("-untrusted", pem("issuing.pem", pki.issuing.certificate), pem("leaf.pem", certificate)),
        )

    return run


@pytest.mark.parametrize("name", HOLDERS)
def test_every_kind_of_certificate_verifies(pki: Pki, verify: Callable[..., Any], name: str) -> None:
    judged = verify(getattr(pki, name).certificate)
    assert judged.stdout.endswith(": OK\n"), judged.stderr


def test_a_revoked_certificate_does_not(pki: Pki, verify: Callable[..., Any]) -> None:
    judged = verify(pki.seal.certificate, Revoked(pki.seal.certificate.serial_number, pki.at, WHY))
    assert "certificate revoked" in judged.stderr


def test_the_others_are_not_touched_by_that(pki: Pki, verify: Callable[..., Any]) -> None:
    judged = verify(pki.bob.certificate, Revoked(pki.seal.certificate.serial_number, pki.at, WHY))
    assert judged.returncode == 0


def test_a_list_says_why_and_that_expired_certificates_stay(
    pki: Pki, tmp_path: Path, openssl: Callable[..., Any], pem: Callable[..., Path]
) -> None:
    (tmp_path / "list.pem").write_bytes(listed(pki, Revoked(7, pki.at, WHY))[1])
    said = openssl(
        *("crl", "-in", tmp_path / "list.pem", "-text", "-noout"),
        *("-CAfile", pem("issuing.pem", pki.issuing.certificate)),
    )
    assert "verify OK" in said.stderr
    assert all(words in said.stdout for words in ("Key Compromise", "CRL Number", "Authority Key Identifier"))
    assert "2.5.29.60" in said.stdout or "expiredCertsOnCRL" in said.stdout.replace(" ", "")


@pytest.mark.parametrize(
    ("standing", "words"),
    [(True, ": good"), (False, ": unknown"), (Revoked(1, Pki().at, WHY), "Reason: keyCompromise")],
)
def test_ocsp_answers_verify(
    pki: Pki,
    tmp_path: Path,
    openssl: Callable[..., Any],
    pem: Callable[..., Path],
    standing: Standing,
    words: str,
) -> None:
    issuer, seal = pem("issuing.pem", pki.issuing.certificate), pem("seal.pem", pki.seal.certificate)
    question, answer = tmp_path / "question", tmp_path / "answer"
    openssl("ocsp", "-issuer", issuer, "-cert", seal, "-reqout", question)
    answer.write_bytes(answered(pki, question.read_bytes(), standing))
    judged = openssl(
        *("ocsp", "-respin", answer, "-issuer", issuer, "-cert", seal, "-no_nonce"),
        *("-CAfile", pem("root.pem", pki.root.certificate), "-verify_other", issuer),
        *("-attime", int(pki.at.timestamp()) + 60, "-validity_period", 10**8),
    )
    assert "Response verify OK" in judged.stderr, judged.stderr
    assert words in judged.stdout


def answered(pki: Pki, question: bytes, standing: Standing) -> bytes:
    return issuing.ocsp.respond(
        question,
        pki.responder,
        issuer=pki.issuing.certificate,
        standing=lambda _: standing,
        at=pki.at,
        next_update=pki.at + DAY,
    )


def test_the_nonce_comes_back(pki: Pki) -> None:
    """RFC 9654: a nonce of up to 128 octets is echoed."""
    for nonce in (bytes(1), bytes(range(128))):
        asked = about(pki.seal).add_extension(x509.OCSPNonce(nonce), critical=False)
        response = ocsp.load_der_ocsp_response(answered(pki, asked.build().public_bytes(Encoding.DER), standing=True))
        assert response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == nonce


@pytest.mark.parametrize("nonce", [b"", bytes(129)])
def test_a_nonce_of_another_length_is_malformed(pki: Pki, nonce: bytes) -> None:
    asked = about(pki.seal).add_extension(x509.OCSPNonce(nonce), critical=False)
    response = ocsp.load_der_ocsp_response(answered(pki, asked.build().public_bytes(Encoding.DER), standing=True))
    assert response.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_an_answer_says_how_far_back_the_register_goes(pki: Pki) -> None:
    """RFC 6960 §4.4.4: until the issuer's first day."""
    question = about(pki.seal).build().public_bytes(Encoding.DER)
    response = ocsp.load_der_ocsp_response(answered(pki, question, standing=True))
    (cutoff,) = response.single_extensions
    began = pki.issuing.certificate.not_valid_before_utc
    assert cutoff.oid.dotted_string == "1.3.6.1.5.5.7.48.1.6"
    assert f"{began:%Y%m%d%H%M%SZ}".encode() in cutoff.value.public_bytes()


def test_several_certificates_are_answered_at_once(
    pki: Pki, tmp_path: Path, openssl: Callable[..., Any], pem: Callable[..., Path]
) -> None:
    issuer, question, answer = pem("issuing.pem", pki.issuing.certificate), tmp_path / "question", tmp_path / "answer"
    asked = ["-cert", pem("seal.pem", pki.seal.certificate), "-cert", pem("agent.pem", pki.agent.certificate)]
    openssl("ocsp", "-issuer", issuer, *asked, "-no_nonce", "-reqout", question)
    answer.write_bytes(answered(pki, question.read_bytes(), standing=True))
    judged = openssl(
        *(
            "ocsp",
            "-respin",
            answer,
            "-issuer",
            issuer,
            *asked,
            "-no_nonce",
            "-CAfile",
            pem("root.pem", pki.root.certificate),
        ),
        *("-verify_other", issuer, "-attime", int(pki.at.timestamp()) + 60, "-validity_period", 10**8),
    )
    assert "Response verify OK" in judged.stderr, judged.stderr
    assert judged.stdout.count(": good") == 2


def about(holder: FileSigner) -> ocsp.OCSPRequestBuilder:
    return ocsp.OCSPRequestBuilder().add_certificate(holder.certificate, holder.chain[0], hashes.SHA256())


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer_that_refuses(pki: Pki, noise: bytes) -> None:
    response = ocsp.load_der_ocsp_response(answered(pki, noise, standing=True))
    assert response.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_the_responder_speaks_for_its_own_issuer_only(pki: Pki) -> None:
    asked = about(pki.mallory).build().public_bytes(Encoding.DER)
    response = ocsp.load_der_ocsp_response(answered(pki, asked, standing=True))
    assert response.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
