"""Many documents under one key: what can be made once is made once."""

from datetime import datetime

from paraph.algorithms import Digest
from paraph.cms import Template
from paraph.errors import InputError
from paraph.keys.signer import Signer
from paraph.keys.verify import verify
from paraph.pades.block import Block
from paraph.pades.complete import stamp, stamped_outside
from paraph.pades.draft import SIGNATURE, ContentsTooLarge, Statement
from paraph.pades.prepare import TOKEN_ROOM, append, check_level
from paraph.signatures import Level
from paraph.timestamps import Timestamper

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
        name: str = "",
        reason: str = "",
        location: str = "",
        block: Block | None = None,
    ) -> None:
        check_level(level)
        if level is not Level.B and timestamper is None:
            raise InputError(f"Level {level} needs a time-stamp authority.")
        self._signer, self._level, self._timestamper, self._block = signer, level, timestamper, block
        self._words = (name, reason, location)
        self._key = signer.certificate.public_key()
        self._hash = signer.algorithm.hash
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
        name, reason, location = self._words
        block = self._block and self._block.saying(name, at, reason)
        draft = append(document, Statement(SIGNATURE, at, name, reason, location), reserve=self._reserve, block=block)
        message_digest = draft.digest(document, self._hash)
        digest = Digest.of(self._template.signed_attributes(message_digest), self._hash)
        signature = self._signer.sign(digest)
        verify(self._key, digest, signature)
        token = stamp(signature, self._level, self._timestamper)
        if token:
            self._reserve = self._template.reserve(token=len(token) + _TOKEN_SLACK)
        try:
            return draft.fill(self._template.signed_data(message_digest, signature, token=token))
        except ContentsTooLarge:
            contents = self._template.signed_data(message_digest, signature)
            return stamped_outside(document, draft, contents, self._timestamper)[len(document) :]
