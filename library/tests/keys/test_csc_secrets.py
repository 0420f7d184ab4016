"""PINs, one-time codes, passwords, and the URIs that never hold them."""

import json
from base64 import b64decode, b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import fetch
from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import InputError, Refused, WeakAlgorithm
from paraph.keys.csc import CscService, CscSigner, CscUri, Secret, Version
from paraph.keys.file import FileSigner
from paraph_testing.pki import Pki

DIGESTS = [Digest.of(bytes([number])) for number in range(5)]


class Provider:
    """Behind the library's one door: answers as the API says, and keeps what it was asked."""

    def __init__(self, signer: FileSigner, info: dict[str, Any]) -> None:
        self.signer, self.info = signer, info
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def post(self, url: str, body: bytes, *, content_type: str, headers: dict[str, str], **_: object) -> fetch.Answer:
        assert content_type == "application/json"
        path, asked = url.partition("/csc/")[2], json.loads(body)
        self.asked.append((path, asked))
        match path.partition("/")[2]:
            case "auth/login":
                assert b64decode(headers["Authorization"].removeprefix("Basic ")) == b"alice:lapin bleu"
                answer = {"access_token": "fresh"}
            case "credentials/info":
                certificate = b64encode(self.signer.certificate.public_bytes(Encoding.DER)).decode()
                answer = {"cert": {"certificates": [certificate]}, **self.info}
            case "credentials/authorize":
                answer = {"SAD": "leave", "expiresIn": 300}
            case "signatures/signHash":
                values = [b64decode(each) for each in asked.get("hash") or asked["hashes"]]
                signed = [self.signer.sign(Digest(self.signer.algorithm.hash, each)) for each in values]
                answer = {"signatures": [b64encode(each).decode() for each in signed]}
            case _:
                return fetch.Answer(204, "", b"")
        return fetch.Answer(200, "application/json", json.dumps(answer).encode())


def signer(
    monkeypatch: pytest.MonkeyPatch, provider: Provider, version: Version, secrets: dict[Secret, str] | None = None
) -> CscSigner:
    monkeypatch.setattr(fetch, "post", provider.post)
    service = CscService("https://sign.example.org", "token", version)
    return CscSigner(service, service.credential("seal"), secrets.__getitem__ if secrets else None)


V1 = {"PIN": {"presence": "true"}, "OTP": {"presence": "true", "type": "online"}, "authMode": "explicit"}
V2 = {"auth": {"mode": "explicit", "objects": [{"id": "PIN"}, {"id": "OTP", "generator": "sms"}]}}


@pytest.mark.parametrize(
    ("version", "info", "challenge", "handed"),
    [
        (Version.V1, V1, "v1/credentials/sendOTP", {"PIN": "1234", "OTP": "567890"}),
        (
            Version.V2,
            V2,
            "v2/credentials/getChallenge",
            {"authData": [{"id": "PIN", "value": "1234"}, {"id": "OTP", "value": "567890"}]},
        ),
    ],
)
def test_pin_and_code_go_with_each_authorisation(
    pki: Pki, monkeypatch: pytest.MonkeyPatch, version: Version, info: dict[str, Any], challenge: str, handed: object
) -> None:
    provider = Provider(pki.seal, {**info, "multisign": 2})
    given = {Secret.PIN: "1234", Secret.OTP: "567890"}
    assert len(signer(monkeypatch, provider, version, given).sign_many(DIGESTS)) == 5
    authorisations = [asked for path, asked in provider.asked if path.endswith("authorize")]
    assert [each["numSignatures"] for each in authorisations] == [2, 2, 1]
    assert all(handed.items() <= each.items() for each in authorisations)  # type: ignore[attr-defined]  # a dict
    assert [path for path, _ in provider.asked].count(challenge) == 3
    assert not any("PIN" in json.dumps(asked) for path, asked in provider.asked if "authorize" not in path)


def test_nobody_to_ask_is_said_before_anything_is_authorised(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Provider(pki.seal, V1)
    with pytest.raises(Refused, match="PIN and a OTP"):
        signer(monkeypatch, provider, Version.V1).sign(DIGESTS[0])
    assert [path for path, _ in provider.asked] == ["v1/credentials/info"]


def test_a_page_of_the_provider_is_not_walked_here(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="page of its own"):
        signer(monkeypatch, Provider(pki.seal, {"authMode": "oauth2code"}), Version.V1).sign(DIGESTS[0])


def test_a_service_that_only_pads_as_pss_is_asked_to(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Provider(pki.pss_seal, {"key": {"algo": ["1.2.840.113549.1.1.10"]}})
    remote = signer(monkeypatch, provider, Version.V2)
    assert remote.algorithm is SignatureAlgorithm.PSS_SHA256
    assert remote.sign(DIGESTS[0])
    assert provider.asked[-1][1]["signAlgoParams"]


def test_a_service_with_nothing_acceptable_is_refused(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Provider(pki.rsa_seal, {"key": {"algo": ["1.2.840.113549.1.1.5"]}})  # SHA-1
    with pytest.raises(WeakAlgorithm):
        signer(monkeypatch, provider, Version.V2).sign(DIGESTS[0])


def test_a_name_and_a_password_are_worth_a_token(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "post", Provider(pki.seal, {}).post)
    assert CscService.log_in("https://sign.example.org", "alice", "lapin bleu", Version.V1) == "fresh"


def test_a_uri_names_everything_but_secrets() -> None:
    uri = CscUri.of(
        "csc:https://sign.example.org/base/?credential=seal%202026&version=v1&user=alice&pin-source=/run/pin"
    )
    assert (uri.address, uri.credential, uri.version) == ("https://sign.example.org/base", "seal 2026", Version.V1)
    assert (uri.user, str(uri.pin_source), uri.token_source) == ("alice", "/run/pin", None)


@pytest.mark.parametrize(
    "uri",
    [
        "csc:sign.example.org",
        "csc:file:///etc/passwd",
        "csc:https://alice:secret@sign.example.org",
        "csc:https://sign.example.org?pin=1234",
        "csc:https://sign.example.org?token=x",
        "csc:https://sign.example.org?version=v3",
        "csc:https://sign.example.org?credential=a&credential=b",
        "csc:https://sign.example.org?credental=a",
        "csc:https://[",
    ],
)
def test_a_uri_that_says_too_much_or_nothing_is_refused(uri: str) -> None:
    with pytest.raises(InputError):
        CscUri.of(uri)
