"""The first verb: everything about a signature but its value."""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.certs import parsed
from paraph.cms import Template
from paraph.errors import InputError
from paraph.formats.mapped import Data
from paraph.formats.pdf import scan
from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Unsupported
from paraph.pades import lean, screening, seed
from paraph.pades.block import Block
from paraph.pades.draft import SIGNATURE, TIMESTAMP, Changes, Draft, Statement
from paraph.pades.seed import Intent
from paraph.signatures import Level, Pending

TOKEN_ROOM = 8192
"""Reserved for a time-stamp token nobody has seen yet; a larger one becomes a document time-stamp."""

_IN_FIELD = Block(1, 0, 0, 1, 1)
"""Its place and size are those of the field."""

_STATE_LIMIT = 16 << 20


def prepare(
    document: bytes,
    certificate: x509.Certificate,
    *,
    chain: Sequence[x509.Certificate] = (),
    level: Level = Level.B,
    at: datetime,
    algorithm: SignatureAlgorithm | None = None,
    name: str = "",
    reason: str = "",
    location: str = "",
    block: Block | None = None,
    field: str = "",
    certify: Changes | None = None,
    password: str = "",
    allow_misleading: bool = False,
) -> Pending:
    """Everything about a PAdES signature but its value (EN 319 142-1 §6.3).

    `at` is the claimed time; `chain` the issuing certificates, nearest first; `algorithm` the signer's where it
    is not the usual one of the key; `field` a signature field of the document, whose demands and lock are honoured, and
    in whose place the block is shown; `certify` makes a certification, the first signature, that allows nothing but
    these changes; `password` opens an encrypted document. What `Pending.digest` says is to be signed with the key
    of `certificate`.

    Raises:
        BrokenDocument: the document cannot be signed because it cannot be read.
        EncryptedDocument: a password stands in the way.
        ModificationForbidden: an earlier signature allows no further one, or none that certifies.
        MisleadingDocument: it could show later what its signer did not see; `normalise` it, or `allow_misleading`.
        Refused: the field demands something else.
        InputError: the block does not lie on its page, or its image is not a PNG; no such field.
        WeakAlgorithm: the key of the certificate is no longer acceptable.
    """
    algorithm = algorithm or SignatureAlgorithm.for_key(certificate.public_key())
    template = Template(certificate, chain, algorithm)
    statement = Statement(SIGNATURE, at, name, reason, location, certify)
    if field:
        intent = Intent(certificate, tuple(chain), algorithm.hash, level, reason, certify)
        seed.check(document, field, intent, password=password)
    draft = append(
        document,
        statement,
        reserve=template.reserve(token=0 if level is Level.B else TOKEN_ROOM),
        block=block,
        field=field,
        password=password,
        allow_misleading=allow_misleading,
    )
    attributes = template.signed_attributes(draft.digest(document, algorithm.hash))
    return Pending(
        digest=algorithm.digest(attributes),
        level=level,
        document=Digest.of(document),
        state=State(draft, certificate, tuple(chain), algorithm).to_bytes(),
    )


def append(
    document: Data,
    statement: Statement,
    *,
    reserve: int,
    block: Block | None = None,
    field: str = "",
    password: str = "",
    allow_misleading: bool = False,
) -> Draft:
    """The next revision, by the lean writer where it can, by the general one otherwise.

    A block without words of its own, and a field for which no block is given, say who signs, when and why.
    """
    if field:
        block = block or _IN_FIELD
    if block and statement.at:
        block = block.saying(statement.name, statement.at, statement.reason)
    screened = allow_misleading or statement.subfilter == TIMESTAMP
    try:
        file = Document(document)
        if not (screened or scan.is_plain(file)):
            screening.check(document, password)
        screened = True
        if not (field or password or statement.certify):
            return lean.append(file, statement, reserve=reserve, block=block)
    except Unsupported:
        pass
    if not screened:
        screening.check(document, password)
    from paraph.pades import general  # noqa: PLC0415  pyHanko loads slowly and is rarely needed

    return general.append(document, statement, reserve=reserve, block=block, field=field, password=password)


@dataclass(frozen=True, slots=True)
class State:
    """What `complete` needs besides the document, as `Pending.state` carries it."""

    draft: Draft
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithm: SignatureAlgorithm

    def to_bytes(self) -> bytes:
        facts = {
            "algorithm": self.algorithm.name,
            "length": self.draft.length,
            "room": self.draft.room,
            "head": base64.b64encode(self.draft.head).decode("ascii"),
            "tail": base64.b64encode(self.draft.tail).decode("ascii"),
            "certificates": [
                base64.b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii")
                for certificate in (self.certificate, *self.chain)
            ],
        }
        return zlib.compress(json.dumps(facts).encode("ascii"))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        try:
            facts = json.loads(zlib.decompressobj().decompress(data, _STATE_LIMIT))
            certificate, *chain = map(_certificate, facts["certificates"])
            head, tail = base64.b64decode(facts["head"]), base64.b64decode(facts["tail"])
            algorithm = SignatureAlgorithm[facts["algorithm"]]
            return cls(Draft(facts["length"], head, tail, facts["room"]), certificate, tuple(chain), algorithm)
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise InputError("This pending signature is damaged; prepare the document again.") from error


def _certificate(encoded: str) -> x509.Certificate:
    return parsed(base64.b64decode(encoded))
