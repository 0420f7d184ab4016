"""Whatever arrives, the answer is JSON with `error` and `error_description`, and never a stack trace."""

import http.client
import json
import subprocess

import pytest
from live import Service

CALLS = [
    "credentials/list",
    "credentials/info",
    "credentials/issue",
    "credentials/authorize",
    "signatures/signHash",
    "signatures/timestamp",
]
SHA256 = "2.16.840.1.101.3.4.2.1"
ZEROES = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize("call", CALLS)
def test_without_a_token_nothing_is_told(service: Service, call: str) -> None:
    status, answer = service.post(call, {}, client="")
    assert (status, answer["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_token_opens_nothing(service: Service, call: str) -> None:
    status, answer = service.post(call, {}, client="pct_" + "A" * 43)
    assert (status, answer["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"a":' * 100_000])
def test_malformed_json_is_refused(service: Service, call: str, body: bytes) -> None:
    status, answer = service.post(call, body)
    assert (status, answer["error"]) == (400, "invalid_request")


def test_an_oversize_body_is_refused_before_it_is_sent(service: Service) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    headers = {"Authorization": f"Bearer {service.tokens['server']}", "Content-Length": "2000000"}
    connection.request("POST", "/csc/v2/credentials/list", headers=headers)
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["error"]) == (413, "invalid_request")


def test_a_body_of_unknown_length_is_refused(service: Service) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    headers = {"Authorization": f"Bearer {service.tokens['server']}", "Content-Type": "application/json"}
    connection.request("POST", "/csc/v2/credentials/list", body=iter([b"{}"]), headers=headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"hashes": ["AAAA"]}, "hashes"),
        ({"hashes": ["not base64!"]}, "hashes"),
        ({"hashes": []}, "hashes"),
        ({"hashes": [ZEROES] * 1001, "numSignatures": 1000}, "hashes"),
        ({"hashes": [7]}, "hashes"),
        ({"numSignatures": 2}, "numSignatures"),
        ({"numSignatures": True}, "numSignatures"),
        ({"numSignatures": 0}, "numSignatures"),
        ({"hashAlgorithmOID": "1.3.14.3.2.26"}, "hashAlgorithmOID"),
        ({"credentialID": "seal-demo' OR 1=1"}, "credentialID"),
        ({"credentialID": "seal-of-nobody"}, "credentialID"),
        ({"credentialID": None}, "credentialID"),
    ],
)
def test_a_wrong_parameter_is_named(service: Service, change: dict[str, object], named: str) -> None:
    request = {"credentialID": "seal-demo", "numSignatures": 1, "hashes": [ZEROES], "hashAlgorithmOID": SHA256}
    status, answer = service.post("credentials/authorize", request | change)
    assert (status, answer["error"]) == (400, "invalid_request")
    assert named in answer["error_description"]


@pytest.mark.parametrize(
    "change",
    [
        {"givenName": ""},
        {"givenName": "Bob\x00"},
        {"givenName": "Bob\u202egnol"},
        {"surname": "D" * 65},
        {"country": "France"},
        {"country": "fr"},
        {"serialNumber": "IDCFR-1\n2"},
        {"email": "bob"},
    ],
)
def test_a_person_whose_name_cannot_stand_in_a_certificate_is_refused(service: Service, change: dict[str, str]) -> None:
    subject = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"} | change
    request = {"requestID": "refused", "subject": subject, "validity": 3600}
    status, answer = service.post("credentials/issue", request)
    assert (status, answer["error"]) == (400, "invalid_request")
    assert next(iter(change)) in answer["error_description"]


@pytest.mark.parametrize("path", ["/", "/csc/v2/unknown", "/ca/nobody.cer", "/ca/../../etc/passwd.cer", "/admin/"])
def test_there_is_nothing_elsewhere(service: Service, path: str) -> None:
    answer = subprocess.run(["curl", "-s", "--path-as-is", service.url + path], capture_output=True, check=True)
    assert json.loads(answer.stdout)["error"] == "not_found"


def test_no_answer_of_these_tests_left_a_trace_in_the_log(service: Service) -> None:
    service.post("credentials/authorize", b"{")
    assert "Traceback" not in service.log()
