"""Many documents under one key: what can be made once is made once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph import timestamps
from paraph.certs import Revocations, ValidationData
from paraph.cms import Template
from paraph.formats.mapped import Data, copied, hashed, mapped
from paraph.keys.signer import Signer
from paraph.keys.verify import verifier
from paraph.pades import dss, seed
from paraph.pades.block import Block
from paraph.pades.complete import stamp, stamped_outside
from paraph.pades.draft import SIGNATURE, Changes, ContentsTooLarge, Statement
from paraph.pades.extend import append_timestamp
from paraph.pades.prepare import TOKEN_ROOM, append
from paraph.pades.seed import Intent
from paraph.signatures import Level
from paraph.timestamps import Timestamper

if TYPE_CHECKING:
    from hashlib import _Hash

_TOKEN_SLACK = 64
"""How much longer the tokens of one authority get as its serial numbers grow."""


class Sealer:
    """Seals documents one after the other; keep one per signer and process.

    Threads gain nothing here, processes do.
    """

    def __init__(
        self,
        signer: Signer,
        *,
        level: Level = Level.B,
        timestamper: Timestamper | None = None,
        revocations: Revocations | None = None,
        name: str = "",
        reason: str = "",
        location: str = "",
        block: Block | None = None,
        field: str = "",
        certify: Changes | None = None,
        password: str = "",
        allow_misleading: bool = False,
    ) -> None:
        level.check_needs(timestamper, revocations)
        self._signer, self._level, self._timestamper, self._block = signer, level, timestamper, block
        self._revocations = revocations if level in (Level.LT, Level.LTA) else None
        self._unit: _Unit | None = None
        self._proven: tuple[ValidationData, ValidationData, ValidationData] | None = None
        self._carried = ValidationData.of((signer.certificate, *signer.chain))
        self._words = (name, reason, location, certify)
        self._field, self._password, self._allow_misleading = field, password, allow_misleading
        self._intent = Intent(signer.certificate, tuple(signer.chain), signer.algorithm.hash, level, reason, certify)
        self._hash = signer.algorithm.hash
        self._verify = verifier(signer.certificate.public_key(), self._hash, algorithm=signer.algorithm)
        self._template = Template(signer.certificate, signer.chain, signer.algorithm)
        self._reserve = self._template.reserve(token=0 if level is Level.B else TOKEN_ROOM)

    def seal(self, document: bytes, *, at: datetime) -> bytes:
        """The document with one more signature.

        Raises:
            What `prepare` and `complete` raise.
        """
        return document + self.addition(document, at=at)

    def addition(self, document: bytes, *, at: datetime) -> bytes:
        """Only what a seal appends to the document, checked before it is returned.

        Raises:
            What `prepare` and `complete` raise.
        """
        added, token = self._signature(document, at)
        if self._revocations is None or token is None:
            return added
        proof = self._proof(token, self._revocations, at)
        added += dss.append(document + added, proof, password=self._password)
        if self._level is Level.LT:
            return added
        return added + append_timestamp(document + added, self._timestamper, password=self._password)

    def seal_file(self, source: BinaryIO, target: BinaryIO, *, at: datetime) -> None:
        """Write a file and its seal to another one, which must be empty and readable, too.

        It is hashed while it is copied and read where it lies: a document of any size takes little memory.

        Raises:
            What `prepare` and `complete` raise.
        """
        state = copied(source, target, self._hash)
        with mapped(target) as document:
            added, token = self._signature(document, at, state)
        target.write(added)
        if self._revocations is None or token is None:
            return
        proof = self._proof(token, self._revocations, at)
        with mapped(target) as document:
            added = dss.append(document, proof, password=self._password)
        target.write(added)
        if self._level is Level.LTA:
            with mapped(target) as document:
                added = append_timestamp(document, self._timestamper, password=self._password)
            target.write(added)

    def _signature(self, document: Data, at: datetime, state: "_Hash | None" = None) -> tuple[bytes, bytes | None]:
        """What to append, and the time-stamp in it; `state` is that of a digest over the document."""
        if self._field:
            seed.check(document, self._field, self._intent, password=self._password)
        name, reason, location, certify = self._words
        draft = append(
            document,
            Statement(SIGNATURE, at, name, reason, location, certify),
            reserve=self._reserve,
            block=self._block,
            field=self._field,
            password=self._password,
            allow_misleading=self._allow_misleading,
        )
        message_digest = draft.digest_after(state or hashed(document, self._hash))
        digest = self._signer.algorithm.digest(self._template.signed_attributes(message_digest))
        signature = self._signer.sign(digest)
        self._verify(digest, signature)
        token = stamp(signature, self._level, self._timestamper)
        if token:
            self._reserve = self._template.reserve(token=len(token) + _TOKEN_SLACK)
        try:
            return draft.fill(self._template.signed_data(message_digest, signature, token=token)), token
        except ContentsTooLarge:
            contents = self._template.signed_data(message_digest, signature)
            return stamped_outside(document, draft, contents, self._timestamper, self._password), token

    def _proof(self, token: bytes, revocations: Revocations, at: datetime) -> ValidationData:
        """The validation data of signer and time-stamping unit that the signature does not carry; asked for once."""
        if self._unit is None or self._unit.encoded not in token:
            self._unit = _Unit.of(token)
        unit = self._unit
        ours = revocations.collect(self._signer.certificate, at=at, known=self._carried)
        theirs = revocations.collect(unit.certificate, at=at, known=unit.carried)
        if self._proven is None or self._proven[0] is not ours or self._proven[1] is not theirs:
            self._proven = ours, theirs, (ours | theirs) - (self._carried | unit.carried)
        return self._proven[2]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A time-stamping unit, read from the first of its tokens."""

    certificate: x509.Certificate
    encoded: bytes
    carried: ValidationData
    """The certificates in its tokens."""

    @classmethod
    def of(cls, token: bytes) -> "_Unit":
        certificate = timestamps.read(token).certificate
        carried = ValidationData.of(timestamps.certificates_in(token))
        return cls(certificate, certificate.public_bytes(Encoding.DER), carried)
