"""What is signed is what was authorised: these digests, by this client, in time."""

import uuid
from typing import Any

import psycopg
import pytest
from live import Service

SHA256 = "2.16.840.1.101.3.4.2.1"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
ONE, TWO = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
BOB = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}


@pytest.fixture
def credential(service: Service) -> str:
    request = {"requestID": uuid.uuid4().hex, "subject": BOB, "validity": 3600}
    return str(service.post("credentials/issue", request)[1]["credentialID"])


def authorised(service: Service, credential: str, *hashes: str) -> dict[str, Any]:
    """A signHash request whose digests are authorised."""
    request = {"credentialID": credential, "hashes": list(hashes), "hashAlgorithmOID": SHA256}
    status, answer = service.post("credentials/authorize", request | {"numSignatures": len(hashes)})
    assert status == 200, answer
    return request | {"SAD": answer["SAD"], "signAlgo": ECDSA_SHA256}


def refused(service: Service, request: dict[str, Any], **options: str) -> str:
    status, answer = service.post("signatures/signHash", request, **options)
    assert status == 400
    return str(answer["error_description"])


@pytest.fixture(params=["person", "seal"])
def request_for_one(request: pytest.FixtureRequest, service: Service, credential: str) -> dict[str, Any]:
    return authorised(service, credential if request.param == "person" else "seal-demo", ONE)


def test_other_digests_are_refused(service: Service, request_for_one: dict[str, Any]) -> None:
    for hashes in ([TWO], [ONE, TWO], [ONE, ONE]):
        assert "not the authorised" in refused(service, request_for_one | {"hashes": hashes})


def test_another_order_is_another_request(service: Service, credential: str) -> None:
    request = authorised(service, credential, ONE, TWO)
    assert "not the authorised" in refused(service, request | {"hashes": [TWO, ONE]})


def test_a_wrong_sad_is_refused(service: Service, request_for_one: dict[str, Any]) -> None:
    assert "SAD" in refused(service, request_for_one | {"SAD": "A" * 43})


def test_an_authorisation_for_one_credential_is_none_for_another(service: Service, credential: str) -> None:
    request = authorised(service, credential, ONE)
    assert "SAD" in refused(service, request | {"credentialID": "seal-demo"})


def test_mallory_gains_nothing_by_a_stolen_sad(service: Service, request_for_one: dict[str, Any]) -> None:
    assert "credentialID" in refused(service, request_for_one, client="mallory")


@pytest.mark.parametrize("algorithm", ["1.2.840.10045.4.3.3", "1.2.840.113549.1.1.11", "1.2.3", ""])
def test_another_algorithm_is_refused(service: Service, request_for_one: dict[str, Any], algorithm: str) -> None:
    assert "signAlgo" in refused(service, request_for_one | {"signAlgo": algorithm})


def test_it_runs_out(service: Service, request_for_one: dict[str, Any]) -> None:
    with psycopg.connect(service.database_url) as database:
        database.execute("UPDATE signing_authorisation SET expires_at = now() WHERE signed_at IS NULL")
    assert "expired" in refused(service, request_for_one)


def test_repeated_it_gives_the_same_signatures_even_when_run_out(
    service: Service, request_for_one: dict[str, Any]
) -> None:
    first = service.post("signatures/signHash", request_for_one)
    assert first[0] == 200
    with psycopg.connect(service.database_url) as database:
        database.execute("UPDATE signing_authorisation SET expires_at = now()")
    assert service.post("signatures/signHash", request_for_one) == first


def test_of_two_authorisations_for_one_person_the_first_used_wins(service: Service, credential: str) -> None:
    one, two = authorised(service, credential, ONE), authorised(service, credential, TWO)
    assert service.post("signatures/signHash", two)[0] == 200
    assert "destroyed" in refused(service, one)


def test_a_seal_is_used_again_and_again(service: Service) -> None:
    for digest in (ONE, TWO, ONE):
        assert service.post("signatures/signHash", authorised(service, "seal-demo", digest))[0] == 200


def test_an_expired_certificate_signs_no_more_and_its_key_is_destroyed(service: Service, credential: str) -> None:
    request = authorised(service, credential, ONE)
    with psycopg.connect(service.database_url) as database:
        database.execute(
            "UPDATE authority_certificate SET not_after = now() WHERE serial ="
            " (SELECT certificate_id FROM signing_credential WHERE id = %s)",
            [credential],
        )
    assert "expired" in refused(service, request)
    service.post("credentials/issue", {"requestID": uuid.uuid4().hex, "subject": BOB, "validity": 3600})
    with psycopg.connect(service.database_url) as database:
        query = "SELECT wrapped_key FROM signing_credential WHERE id = %s"
        assert database.execute(query, [credential]).fetchone() == (None,)
