"""The third verb: raise the level of what is signed already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from paraph import timestamps
from paraph.algorithms import Digest, Hash
from paraph.certs import Revocations, ValidationData, parsed
from paraph.errors import BrokenDocument, InputError, ParaphError
from paraph.formats.mapped import Data
from paraph.formats.pdf import gate
from paraph.pades import dss
from paraph.pades.draft import TIMESTAMP, ContentsTooLarge, Statement
from paraph.pades.embedded import Embedded, embedded
from paraph.pades.prepare import TOKEN_ROOM, append
from paraph.signatures import Level
from paraph.timestamps import Timestamper

_LARGEST_TOKEN = 65536


def extend(
    document: bytes,
    level: Level,
    *,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    at: datetime,
    password: str = "",
) -> bytes:
    """The document with all its signatures at `level`, if they were below; nothing that stands there is changed.

    T is reached by a document time-stamp, LT by a security store, LTA by a document time-stamp over it (EN 319 142-1
    §5.4). A document at LTA gets a further one each time, over what proves the one before: so it stays provable.

    Args:
        document: with one signature at least.
        level: T, LT or LTA.
        timestamper: needed wherever a time-stamp is missing, and for LTA.
        revocations: needed for LT and LTA.
        at: now.
        password: what opens an encrypted document.

    Raises:
        InputError: no signature, or something needed is not given.
        BrokenDocument: the document or one of its signatures cannot be read.
        NoPath: a certificate leads to no trusted root.
        Revoked: one was revoked before its use is proven.
        Unavailable: somebody who is needed did not answer; nothing was lost.
    """
    if level is Level.B:
        raise InputError(f"Signatures are extended to level {Level.T}, {Level.LT} or {Level.LTA}.")
    standing = Standing.of(document, password)
    if not all(standing.times_of(signature) for signature in standing.signatures):
        document += append_timestamp(document, timestamper, password=password)
        standing = Standing.of(document, password)
    if level is Level.T:
        return document
    if revocations is None:
        raise InputError(f"Level {level} needs to know what is trusted, to collect validation data.")
    missing = standing.needed(revocations, at) - standing.known
    if missing:
        document += dss.append(document, missing, password=password)
    if level is Level.LTA:
        document += append_timestamp(document, timestamper, password=password)
    return document


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a document and must be provable."""

    signatures: list[Embedded]
    stamps: list[Embedded]
    """Document time-stamps."""
    known: ValidationData
    """All certificates, lists and responses in it."""
    signers: dict[str, bytes]
    """The certificate of each signature, by its field, DER."""

    @classmethod
    def of(cls, document: bytes, password: str) -> Self:
        with gate.open_strictly(document, password) as pdf:
            try:
                found = embedded(pdf, document)
                tokens = [token for each in found for token in each.tokens]
                carried = [each for token in tokens for each in timestamps.certificates_in(token)]
                certificates = tuple(dict.fromkeys(der for each in found for der in each.certificates))
                signers = {each.field: each.certificate for each in found if not each.is_timestamp}
                known = dss.read(pdf) | ValidationData(certificates) | ValidationData.of(carried)
            except gate.SURPRISES as error:
                raise BrokenDocument("The PDF holds a signature that cannot be read.") from error
        signatures = [each for each in found if not each.is_timestamp]
        if not signatures:
            raise InputError("The PDF holds no signature.")
        return cls(signatures, [each for each in found if each.is_timestamp], known, signers)

    def times_of(self, one: Embedded) -> list[datetime]:
        """When it is known to have been there: its own time-stamps, and those over the document around it."""
        own = [] if one.is_timestamp else one.times
        return [*own, *(time for stamp in self.stamps if stamp.end > one.end > 0 for time in stamp.times)]

    def needed(self, revocations: Revocations, at: datetime) -> ValidationData:
        """What proves every signer and every time-stamping unit, each at the time to which its use goes back."""
        data = ValidationData()
        for one in (*self.signatures, *self.stamps):
            later = self.times_of(one)
            if not one.is_timestamp:
                signer = parsed(self.signers[one.field])
                data |= revocations.collect(signer, at=min(later), now=at, known=self.known)
                later = later[len(one.tokens) :]
            for token in one.tokens:
                unit = timestamps.read(token).certificate
                data |= revocations.collect(unit, at=min(later, default=at), now=at, known=self.known)
        return data


def append_timestamp(
    document: Data, timestamper: Timestamper | None, *, reserve: int = TOKEN_ROOM, password: str = ""
) -> bytes:
    """The bytes to append for a time-stamp over everything in the document (EN 319 142-1 §5.4.3)."""
    if timestamper is None:
        raise InputError("A time-stamp authority is needed.")
    draft = append(document, Statement(TIMESTAMP), reserve=reserve, password=password)
    token = timestamper.timestamp(Digest(Hash.SHA256, draft.digest(document)))
    try:
        return draft.fill(token)
    except ContentsTooLarge as error:
        if error.size > _LARGEST_TOKEN or error.size <= reserve:
            raise ParaphError("The time-stamp authority sends tokens that fit no document.") from error
        return append_timestamp(document, timestamper, reserve=error.size, password=password)
