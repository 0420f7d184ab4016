"""A client of the CSC API believes nothing: not the status, not the form, not the signatures of what answers."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import Refused, SignatureMismatch, Unavailable
from paraph.keys.csc import CscService, CscSigner
from paraph.keys.file import FileSigner

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE, ANNEX = Digest.of(b"The lease"), Digest.of(b"The annex")


class Provider(HTTPServer):
    """Signs as the API says, unless a test gave it other words for a call."""

    def __init__(self, signer: FileSigner) -> None:
        super().__init__(("127.0.0.1", 0), Reception)
        self.signer = signer
        self.instead: dict[str, tuple[int, bytes]] = {}
        self.requests: list[tuple[str, str, dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, call: str, asked: dict[str, Any]) -> dict[str, Any]:
        certificate = b64encode(self.signer.certificate.public_bytes(Encoding.DER)).decode()
        match call:
            case "/csc/v2/credentials/info":
                return {"cert": {"certificates": [certificate]}, "multisign": 10}
            case "/csc/v2/credentials/authorize":
                return {"SAD": "leave", "expiresIn": 300}
        digests = [Digest(LEASE.algorithm, self.decoded(value)) for value in asked["hashes"]]
        return {"signatures": [b64encode(self.signer.sign(digest)).decode() for digest in digests]}

    @staticmethod
    def decoded(value: str) -> bytes:
        return next(each.value for each in (LEASE, ANNEX) if b64encode(each.value).decode() == value)


class Reception(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, self.headers["Authorization"], asked))
        usual = (200, json.dumps(self.server.answer(self.path, asked)).encode())
        status, body = self.server.instead.get(self.path.rpartition("/")[2], usual)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bob")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, NOON, NOON + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    provider = Provider(FileSigner(key, certificate))
    thread = Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    provider.shutdown()
    thread.join()
    provider.server_close()


@pytest.fixture
def service(provider: Provider) -> CscService:
    return CscService(provider.url, "secret")


def test_digests_are_authorised_then_signed(provider: Provider, service: CscService) -> None:
    assert len(service.sign("seal-1", [LEASE, ANNEX])) == 2
    (_, authorisation, info), (_, _, authorize), (_, _, sign) = provider.requests
    assert authorisation == "Bearer secret"
    assert info == {"credentialID": "seal-1", "certificates": "chain", "authInfo": True}
    assert authorize["numSignatures"] == 2
    assert sign["SAD"] == "leave"
    assert sign["hashes"] == authorize["hashes"] == [b64encode(each.value).decode() for each in (LEASE, ANNEX)]
    assert sign["hashAlgorithmOID"] == LEASE.algorithm.oid
    assert sign["signAlgo"] == SignatureAlgorithm.ECDSA_SHA256.value


def test_a_credential_is_a_signer(provider: Provider, service: CscService) -> None:
    signer = CscSigner(service, service.credential("seal-1"))
    assert signer.certificate == provider.signer.certificate
    assert signer.algorithm is SignatureAlgorithm.ECDSA_SHA256
    assert signer.sign(LEASE)


def test_a_refusal_carries_the_services_words(provider: Provider, service: CscService) -> None:
    provider.instead["authorize"] = (400, b'{"error": "invalid_request", "error_description": "Too late."}')
    with pytest.raises(Refused, match="Too late"):
        service.sign("seal-1", [LEASE])


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("info", (503, b'{"error": "server_error"}')),
        ("info", (502, b"<html>Bad gateway</html>")),
        ("info", (200, b"")),
        ("info", (200, b"[]")),
        ("info", (200, b"{}")),
        ("info", (200, b'{"cert": []}')),
        ("info", (200, b'{"cert": {"certificates": []}}')),
        ("info", (200, b'{"cert": {"certificates": ["AAAA"]}}')),
        ("info", (200, b'{"cert": {"certificates": "AAAA"}}')),
        ("info", (200, b'{"cert": {"certificates": [7]}}')),
        ("authorize", (200, b"{}")),
        ("authorize", (200, b'{"SAD": 7}')),
        ("signHash", (200, b"{}")),
        ("signHash", (200, b'{"signatures": []}')),
        ("signHash", (200, b'{"signatures": ["not base64"]}')),
    ],
)
def test_what_the_api_does_not_say_counts_as_no_answer(
    provider: Provider, service: CscService, call: str, answer: tuple[int, bytes]
) -> None:
    provider.instead[call] = answer
    with pytest.raises(Unavailable):
        service.sign("seal-1", [LEASE])


def test_a_signature_over_something_else_is_noticed(provider: Provider, service: CscService) -> None:
    other = b64encode(provider.signer.sign(ANNEX)).decode()
    provider.instead["signHash"] = (200, json.dumps({"signatures": [other]}).encode())
    with pytest.raises(SignatureMismatch):
        service.sign("seal-1", [LEASE])


def test_a_service_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        CscService("http://127.0.0.1:1", "secret").sign("seal-1", [LEASE])
