"""Keys that a far service holds: a client of the Cloud Signature Consortium's API v2.

`CscService.issue` alone is Paraph's own: it asks the trust service for a key in a person's name that signs once. The
rest works with any provider that authorises by bearer token.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

from cryptography import x509

from paraph import fetch
from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import Refused, Unavailable
from paraph.keys.verify import verify


class NaturalPerson(Protocol):
    """Whose name stands in a certificate; `paraph.pki.PersonSubject` is one."""

    @property
    def given_name(self) -> str: ...

    @property
    def surname(self) -> str: ...

    @property
    def country(self) -> str: ...

    @property
    def serial_number(self) -> str: ...

    @property
    def email(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Credential:
    """A key at the service, known by its identifier and certificates."""

    id: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def expires(self) -> datetime:
        return self.certificate.not_valid_after_utc

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return SignatureAlgorithm.for_key(self.certificate.public_key())


class CscService:
    """A signing service, as one of its clients sees it.

    Nothing is sent twice by itself, but every call may be repeated: asked the same again, the trust service answers the
    same, so that a caller who crashed between asking and writing down simply asks again.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = f"{base_url.rstrip('/')}/csc/v2"
        self._token = token

    def issue(self, request_id: str, subject: NaturalPerson, *, validity: timedelta) -> Credential:
        """A new key with a certificate in a person's name; the same one whenever `request_id` is the same.

        Raises:
            Refused: the subject fits no certificate, or the identifier was used for another person.
            Unavailable: the service did not answer.
        """
        person = {
            "givenName": subject.given_name,
            "surname": subject.surname,
            "country": subject.country,
            "serialNumber": subject.serial_number,
        }
        answer = self._call(
            "credentials/issue",
            requestID=request_id,
            subject=person | ({"email": subject.email} if subject.email else {}),
            validity=int(validity.total_seconds()),
        )
        return _credential(_text(answer, "credentialID"), answer)

    def credential(self, credential_id: str) -> Credential:
        """The certificates behind an identifier (§11.5).

        Raises:
            Refused: there is no such credential for this client.
            Unavailable: the service did not answer.
        """
        answer = self._call("credentials/info", credentialID=credential_id, certificates="chain")
        return _credential(credential_id, answer)

    def sign(self, credential_id: str, digests: Sequence[Digest]) -> list[bytes]:
        """One signature for each digest, in their order; see `sign_with`."""
        return self.sign_with(self.credential(credential_id), digests)

    def sign_with(self, credential: Credential, digests: Sequence[Digest]) -> list[bytes]:
        """Authorise (§11.6), have signed (§11.10), and check each value against the certificate.

        Raises:
            Refused: the credential may not sign this, or not any more.
            SignatureMismatch: what came back was not made by the credential's key.
            Unavailable: the service did not answer, or not as the API says.
        """
        algorithm = credential.algorithm
        wanted: dict[str, object] = {
            "credentialID": credential.id,
            "hashes": [b64encode(digest.value).decode() for digest in digests],
            "hashAlgorithmOID": algorithm.hash.oid,
        }
        leave = self._call("credentials/authorize", numSignatures=len(digests), **wanted)
        answer = self._call("signatures/signHash", SAD=_text(leave, "SAD"), signAlgo=algorithm.value, **wanted)
        signatures = _binaries(answer.get("signatures"))
        if len(signatures) != len(digests):
            raise Unavailable("The signing service gave another number of signatures than was asked for.")
        for digest, signature in zip(digests, signatures, strict=True):
            verify(credential.certificate.public_key(), digest, signature)
        return signatures

    def _call(self, name: str, **parameters: object) -> dict[str, Any]:
        answer = fetch.post(
            f"{self._base_url}/{name}",
            json.dumps(parameters).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self._token}"},
        )
        read = _object(answer.body)
        if answer.status == HTTPStatus.OK:
            return read
        sentence = f"The signing service answered {answer.status}: {read.get('error_description', 'no reason given')}"
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unavailable(sentence)
        raise Refused(sentence)


class CscSigner:
    """One credential of a service as a signer."""

    def __init__(self, service: CscService, credential: Credential) -> None:
        self._service, self._credential = service, credential

    @property
    def certificate(self) -> x509.Certificate:
        return self._credential.certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return self._credential.chain

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._credential.algorithm

    def sign(self, digest: Digest) -> bytes:
        return self.sign_many([digest])[0]

    def sign_many(self, digests: Sequence[Digest]) -> list[bytes]:
        """All signatures under one authorisation, in the order of the digests."""
        return self._service.sign_with(self._credential, digests)


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise Unavailable("The signing service did not answer with a JSON object.")
    return read


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise Unavailable(f"The signing service gave no {name}.")
    return value


def _binaries(values: Any) -> list[bytes]:
    try:
        return [b64decode(value, validate=True) for value in values]
    except (TypeError, ValueError):
        raise Unavailable("The signing service answered with something that is not base64.") from None


def _credential(credential_id: str, answer: Mapping[str, Any]) -> Credential:
    stated = answer.get("cert")
    encoded = _binaries(stated.get("certificates") if isinstance(stated, dict) else None)
    try:
        certificate, *chain = [x509.load_der_x509_certificate(each) for each in encoded]
    except ValueError:
        raise Unavailable("The signing service gave no certificate that can be read.") from None
    return Credential(credential_id, certificate, tuple(chain))
