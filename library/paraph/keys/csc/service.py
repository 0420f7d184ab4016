"""A signing service, as one of its clients sees it."""

import json
from base64 import b64encode
from collections.abc import Sequence
from copy import copy
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Protocol

from paraph import fetch
from paraph.algorithms import Digest
from paraph.errors import Refused, Unavailable
from paraph.keys import pss
from paraph.keys.csc import answers
from paraph.keys.csc.credential import Credential, Otp, Secret, Secrets
from paraph.keys.csc.version import Version
from paraph.keys.verify import verify

_MOST_PAGES = 100


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


class CscService:
    """A signing service, as one of its clients sees it.

    Nothing is sent twice by itself, but every call may be repeated: asked the same again, the trust service answers the
    same, so that a caller who crashed between asking and writing down simply asks again.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None,
        version: Version = Version.V2,
        *,
        reachable: fetch.Reachable | None = None,
    ) -> None:
        self._base_url, self._version = f"{base_url.rstrip('/')}/csc/{version}", version
        self._authorization, self._reachable = f"Bearer {token}" if token else "", reachable

    @classmethod
    def log_in(cls, base_url: str, user: str, password: str, version: Version = Version.V2) -> str:
        """The access token for a name and a password (v1 §11.2, HTTP Basic).

        Raises:
            Refused: the service does not know them.
            Unavailable: it did not answer.
        """
        service = cls(base_url, None, version)
        service._authorization = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        return answers.text(service._call("auth/login"), "access_token")

    def info(self) -> dict[str, Any]:
        """What the service says of itself (§11.1): its name, its methods, how it authenticates."""
        return self._call("info")

    def credentials(self) -> list[str]:
        """The identifiers of all credentials of this client (§11.4)."""
        found: list[str] = []
        page: dict[str, object] = {}
        for _ in range(_MOST_PAGES):
            answer = self._call("credentials/list", **page)
            found += answers.texts(answer.get("credentialIDs"))
            if not answer.get("nextPageToken"):
                break
            page = {"pageToken": answers.text(answer, "nextPageToken")}
        return found

    def issue(self, request_id: str, subject: NaturalPerson, *, level: str, validity: timedelta) -> Credential:
        """A new key with a certificate in a person's name; the same one whenever `request_id` is the same.

        Args:
            request_id: of this request.
            subject: whom it names.
            level: of the signature that they were identified for, which decides on the policy: `simple`, `advanced`.
            validity: of the certificate.

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
            level=level,
        )
        certificate, *chain = answers.certificates(answer)
        return Credential(answers.text(answer, "credentialID"), certificate, tuple(chain))

    def credential(self, credential_id: str) -> Credential:
        """The certificates behind an identifier (§11.5).

        Raises:
            Refused: there is no such credential for this client.
            Unavailable: the service did not answer.
        """
        answer = self._call("credentials/info", credentialID=credential_id, certificates="chain", authInfo=True)
        return Credential.of(credential_id, answer)

    def sign(self, credential_id: str, digests: Sequence[Digest]) -> list[bytes]:
        """One signature for each digest, in their order; see `sign_with`."""
        return self.sign_with(self.credential(credential_id), digests)

    def sign_with(
        self, credential: Credential, digests: Sequence[Digest], secrets: Secrets | None = None
    ) -> list[bytes]:
        """Authorise (§11.6), have signed (§11.10), and check each value against the certificate.

        Every authorisation names its digests, and is used at once and for them alone.

        Args:
            credential: whose key signs.
            digests: by the hash of its algorithm.
            secrets: whom to ask for a PIN or a one-time code, where the credential wants them.

        Raises:
            Refused: the credential may not sign this, or not any more; or nobody is there to be asked.
            SignatureMismatch: what came back was not made by the credential's key.
            Unavailable: the service did not answer, or not as the API says.
        """
        if credential.mode == "oauth2code":
            raise Refused("The signing service authorises signatures on a page of its own, not through this call.")
        most = credential.most
        return [
            signature
            for first in range(0, len(digests), most)
            for signature in self._signed(credential, digests[first : first + most], secrets)
        ]

    def _signed(self, credential: Credential, digests: Sequence[Digest], secrets: Secrets | None) -> list[bytes]:
        wanted = {"credentialID": credential.id, **self._version.digests(digests)}
        given = self._version.secrets(self._asked(credential, secrets))
        leave = self._call("credentials/authorize", numSignatures=len(digests), **wanted, **given)
        return self._have_signed(credential, digests, SAD=answers.text(leave, "SAD"))

    def sign_with_leave(self, credential: Credential, digests: Sequence[Digest], leave: str) -> list[bytes]:
        """Have signed what a person has authorised on the service's own page, and check each value (§11.10).

        In version 1 the leave is sent as the SAD, in version 2 it is the access token of the call.

        Args:
            credential: whose key signs.
            digests: those that the leave was given for, all of them.
            leave: the access token of the scope `credential`; see `oauth`.

        Raises:
            Refused: the leave was given for something else, or is used up.
            SignatureMismatch: what came back was not made by the credential's key.
            Unavailable: the service did not answer, or not as the API says.
        """
        if self._version is Version.V1:
            return self._have_signed(credential, digests, SAD=leave)
        bearer = copy(self)
        bearer._authorization = f"Bearer {leave}"  # noqa: SLF001  it is one of us
        return bearer._have_signed(credential, digests)  # noqa: SLF001

    def _have_signed(self, credential: Credential, digests: Sequence[Digest], **given: str) -> list[bytes]:
        algorithm = credential.algorithm
        parameters = {"signAlgoParams": b64encode(pss.parameters(algorithm)).decode()} if algorithm.is_pss else {}
        answer = self._call(
            "signatures/signHash",
            credentialID=credential.id,
            signAlgo=credential.sign_algorithm,
            **self._version.digests(digests),
            **given,
            **parameters,
        )
        signatures = answers.binaries(answer.get("signatures"))
        if len(signatures) != len(digests):
            raise Unavailable("The signing service gave another number of signatures than was asked for.")
        for digest, signature in zip(digests, signatures, strict=True):
            verify(credential.certificate.public_key(), digest, signature, algorithm=algorithm)
        return signatures

    def _asked(self, credential: Credential, secrets: Secrets | None) -> dict[str, str]:
        """The secrets for one authorisation; a code that the service sends is ordered first."""
        wanted = [Secret.PIN] * credential.pin + [Secret.OTP] * bool(credential.otp)
        if not wanted:
            return {}
        if secrets is None:
            raise Refused(f"The credential is used with a {' and a '.join(wanted)}, and nobody was asked for it.")
        if credential.otp is Otp.ONLINE:
            self._call(self._version.challenge, credentialID=credential.id)
        return {each.value: secrets(each) for each in wanted}

    def _call(self, name: str, **parameters: object) -> dict[str, Any]:
        answer = fetch.post(
            f"{self._base_url}/{name}",
            json.dumps(parameters).encode(),
            content_type="application/json",
            headers={"Authorization": self._authorization} if self._authorization else {},
            reachable=self._reachable,
        )
        return {} if answer.status == HTTPStatus.NO_CONTENT else answers.granted(answer)
