"""The authority's side: a request comes in, a token goes out (RFC 3161 §2.4, EN 319 422 §5)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from paraph.algorithms import Digest, Hash
from paraph.cms import TIMESTAMP_INFO, Template
from paraph.formats import asn1
from paraph.keys.signer import Signer
from paraph.timestamps.request import imprint

_LONGEST_NONCE = 32  # bytes; nobody sends more, and it is echoed
_IMPRINTS = {algorithm: imprint(Digest(algorithm, bytes(algorithm.size)))[: -algorithm.size] for algorithm in Hash}
"""A `MessageImprint` up to the digest."""
_GRANTED = asn1.sequence(asn1.integer(0))
_NULL = asn1.tlv(asn1.NULL)
_ALGORITHMS = {
    asn1.oid(algorithm.oid) + parameters: (algorithm, algorithm.size)
    for algorithm in Hash
    for parameters in (b"", _NULL)
}
"""What may stand in an `AlgorithmIdentifier`; parameters are absent, or NULL (RFC 5754 §2)."""


class Failure(IntEnum):
    """Why a request is not granted: the bit of `PKIFailureInfo` (RFC 3161 §2.4.2)."""

    BAD_ALGORITHM = 0
    BAD_REQUEST = 2
    BAD_DATA_FORMAT = 5
    TIME_NOT_AVAILABLE = 14
    UNACCEPTED_POLICY = 15
    UNACCEPTED_EXTENSION = 16
    SYSTEM_FAILURE = 25


class NotGranted(Exception):
    """A request that gets no token, and why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks for."""

    digest: Digest
    nonce: bytes
    """As it was encoded, or nothing."""
    certificates: bool
    """Whether the token is to carry them."""


class Authority:
    """One time-stamping unit: its key, its policy, the accuracy it declares.

    The caller gives the time and a serial number that was never used, and answers for both.
    """

    def __init__(self, signer: Signer, *, policy: str, accuracy: timedelta) -> None:
        self._signer, self._hash = signer, signer.algorithm.hash
        self._policy = asn1.oid(policy)
        self._opening = asn1.integer(1) + self._policy
        self._accuracy = _accuracy(accuracy)
        self._templates = {
            embed: Template(
                signer.certificate, signer.chain, signer.algorithm, content_type=TIMESTAMP_INFO, embed=embed
            )
            for embed in (True, False)
        }

    def respond(self, request: bytes, *, at: datetime, serial: int) -> bytes:
        """A `TimeStampResp` with a token or, whatever was sent, a refusal in the protocol's words; never an error."""
        try:
            return self.grant(self.read(request), at=at, serial=serial)
        except NotGranted as refusal:
            return self.refuse(refusal.failure)

    def grant(self, question: Question, *, at: datetime, serial: int) -> bytes:
        """A `TimeStampResp` with a token."""
        token = self.token(
            question.digest, at=at, serial=serial, nonce=question.nonce, certificates=question.certificates
        )
        return asn1.sequence(_GRANTED, token)

    def refuse(self, failure: Failure) -> bytes:
        """A `TimeStampResp` that grants nothing."""
        words = failure.name.replace("_", " ").lower().encode()
        bits = bytearray(failure // 8 + 1)
        bits[-1] = 0x80 >> failure % 8
        unused = 7 - failure % 8
        status = asn1.sequence(
            asn1.integer(2),
            asn1.sequence(asn1.tlv(asn1.UTF8, words)),
            asn1.tlv(asn1.BIT_STRING, bytes((unused,)), bytes(bits)),
        )
        return asn1.sequence(status)

    def token(
        self, digest: Digest, *, at: datetime, serial: int, nonce: bytes = b"", certificates: bool = True
    ) -> bytes:
        """A time-stamp token over a digest; the nonce as it is encoded."""
        info = asn1.sequence(
            self._opening,
            _IMPRINTS[digest.algorithm],
            digest.value,
            asn1.integer(serial),
            asn1.tlv(asn1.GENERALIZED_TIME, _time(at)),
            self._accuracy,
            nonce,
        )
        template = self._templates[certificates]
        message_digest = hashlib.new(self._hash.value, info).digest()
        value = self._signer.sign(Digest.of(template.signed_attributes(message_digest), self._hash))
        return template.signed_data(message_digest, value, content=info)

    def read(self, request: bytes) -> Question:
        """What a `TimeStampReq` asks for.

        Raises:
            NotGranted: it is none, or asks for what this unit does not give.
        """
        try:
            fields = list(asn1.members(asn1.whole(request, asn1.SEQUENCE)))
            return self._question(fields)
        except asn1.BrokenDer:
            raise NotGranted(Failure.BAD_DATA_FORMAT) from None

    def _question(self, fields: list[tuple[int, bytes]]) -> Question:
        """RFC 3161 §2.4.1: version, messageImprint, then policy, nonce, certReq and extensions, each optional."""
        if len(fields) < 2 or fields[0] != (asn1.INTEGER, b"\x01"):  # noqa: PLR2004  the two that must be there
            raise NotGranted(Failure.BAD_REQUEST)
        digest = _digest(*fields[1])
        rest = iter(fields[2:])
        tag, value = next(rest, (0, b""))
        if tag == asn1.OID:
            if asn1.tlv(tag, value) != self._policy:
                raise NotGranted(Failure.UNACCEPTED_POLICY)
            tag, value = next(rest, (0, b""))
        nonce = b""
        if tag == asn1.INTEGER:
            if not 0 < len(value) <= _LONGEST_NONCE:
                raise NotGranted(Failure.BAD_REQUEST)
            nonce = asn1.tlv(tag, value)
            tag, value = next(rest, (0, b""))
        certificates = False
        if tag == asn1.BOOLEAN:
            certificates = value == b"\xff"
            tag, value = next(rest, (0, b""))
        if tag == 0xA0:  # noqa: PLR2004  extensions [0]
            raise NotGranted(Failure.UNACCEPTED_EXTENSION)
        if tag:
            raise NotGranted(Failure.BAD_REQUEST)
        return Question(digest, nonce, certificates)


def _digest(tag: int, content: bytes) -> Digest:
    """The digest of a `MessageImprint`."""
    fields = list(asn1.members(content))
    if tag != asn1.SEQUENCE or [kind for kind, _ in fields] != [asn1.SEQUENCE, asn1.OCTET_STRING]:
        raise NotGranted(Failure.BAD_REQUEST)
    try:
        kind, size = _ALGORITHMS[fields[0][1]]
    except KeyError:
        raise NotGranted(Failure.BAD_ALGORITHM) from None
    if len(fields[1][1]) != size:
        raise NotGranted(Failure.BAD_DATA_FORMAT)
    return Digest(kind, fields[1][1])


def _time(at: datetime) -> bytes:
    """A `GeneralizedTime` with milliseconds, no trailing zeros (RFC 3161 §2.4.2)."""
    moment = at.astimezone(UTC)
    fraction = f".{moment.microsecond // 1000:03}".rstrip("0").rstrip(".")
    return f"{moment:%Y%m%d%H%M%S}{fraction}Z".encode("ascii")


def _accuracy(accuracy: timedelta) -> bytes:
    seconds, rest = divmod(accuracy, timedelta(seconds=1))
    milliseconds = rest // timedelta(milliseconds=1)
    return asn1.sequence(
        asn1.integer(seconds) if seconds else b"",
        b"\x80" + asn1.integer(milliseconds)[1:] if milliseconds else b"",
    )
