"""A trust service in memory: it keeps the promises of the real one, and can be told to be away.

service = SigningService(Pki())
service.away = True           # every call raises Unavailable, as a real one's absence does
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from paraph.algorithms import Digest
from paraph.errors import Refused, Unavailable
from paraph.keys.csc import Credential, NaturalPerson
from paraph.keys.file import FileSigner

from paraph_testing.cast import Person
from paraph_testing.pki import Pki


@dataclass
class _Key:
    """A key that signs once and remembers what it answered."""

    signer: FileSigner | None
    credential: Credential
    signed: dict[tuple[bytes, ...], list[bytes]] = field(default_factory=dict)


class SigningService:
    """`paraph.keys.csc.CscService` and `paraph.timestamps.Timestamper` without a network."""

    def __init__(self, authority: Pki) -> None:
        self.authority = authority
        self.away = False
        self.stamps = True
        """Whether its time-stamp authority answers."""
        self.signatures = 0
        """How many sets of signatures persons' keys have made."""
        self.sealed_with: list[str] = []
        """Which credential was asked for each set of seals."""
        self._by_request: dict[str, str] = {}
        self._keys: dict[str, _Key] = {}

    def issue(self, request_id: str, subject: NaturalPerson, *, level: str, validity: timedelta) -> Credential:  # noqa: ARG002
        self._answer()
        if request_id not in self._by_request:
            person = Person(subject.given_name, subject.surname, subject.email or "", "", subject.country)
            made, name = self.authority.person(person), f"crd_{len(self._keys)}"
            self._keys[name] = _Key(made, Credential(name, made.certificate, made.chain))
            self._by_request[request_id] = name
        return self._keys[self._by_request[request_id]].credential

    def credential(self, credential_id: str) -> Credential:
        """The seal, whatever it is called; persons' credentials come with `issue`."""
        self._answer()
        if "unknown" in credential_id:
            raise Refused("There is no such credential.")
        return Credential(credential_id, self.authority.seal.certificate, self.authority.seal.chain)

    def sign_with(self, credential: Credential, digests: Sequence[Digest], secrets: object = None) -> list[bytes]:  # noqa: ARG002  this one asks for none
        self._answer()
        key, wanted = self._keys.get(credential.id), tuple(digest.value for digest in digests)
        if key is None:
            self.sealed_with.append(credential.id)
            return [self.authority.seal.sign(digest) for digest in digests]
        if wanted not in key.signed:
            if key.signer is None:
                raise Refused("The key of this credential is destroyed.")
            key.signed[wanted] = [key.signer.sign(digest) for digest in digests]
            key.signer = None
            self.signatures += 1
        return key.signed[wanted]

    def timestamp(self, digest: Digest) -> bytes:
        if self.away or not self.stamps:
            raise Unavailable("The time-stamp authority does not answer.")
        return self.authority.timestamper(at=datetime.now(UTC)).timestamp(digest)

    def _answer(self) -> None:
        if self.away:
            raise Unavailable("The trust service does not answer.")
