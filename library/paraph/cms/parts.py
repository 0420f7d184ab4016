"""The parts of a constructed value, taken one after the other, each in the bytes that stand there."""

from bisect import insort
from collections.abc import Iterable
from typing import Self

from paraph.errors import BrokenDocument
from paraph.formats import asn1


class BrokenMessage(BrokenDocument):
    """Not a `SignedData` in DER, or a part of one that cannot be read."""

    code = "broken-message"


class Parts:
    """What a sequence or a set encloses; `end` says that nothing is left over that nobody asked for."""

    def __init__(self, content: bytes) -> None:
        self._content, self._position = content, 0

    @classmethod
    def of(cls, encoded: bytes, tag: int) -> Self:
        """Those of one value.

        Raises:
            BrokenMessage: it has another tag, or bytes behind it.
        """
        return cls(content(encoded, tag))

    def next_is(self, tag: int) -> bool:
        return self._content[self._position : self._position + 1] == bytes((tag,))

    def take(self, *tags: int) -> bytes:
        """The next part, with its tag and length; it has one of these tags."""
        try:
            found, _, end = asn1.read(self._content, self._position)
        except asn1.BrokenDer as error:
            raise BrokenMessage(f"The signature cannot be read: {error}") from None
        if tags and found not in tags:
            raise BrokenMessage("The signature holds something else than it should.")
        part = self._content[self._position : end]
        self._position = end
        return part

    def take_if(self, tag: int) -> bytes:
        """The next part if it has this tag, otherwise nothing."""
        return self.take(tag) if self.next_is(tag) else b""

    def rest(self, *tags: int) -> tuple[bytes, ...]:
        """All parts that are left; each has one of these tags."""
        found = []
        while self._position < len(self._content):
            found.append(self.take(*tags))
        return tuple(found)

    def end(self) -> None:
        """There is no further part.

        Raises:
            BrokenMessage: there is.
        """
        if self._position < len(self._content):
            raise BrokenMessage("The signature holds more than it should.")


def content(encoded: bytes, tag: int) -> bytes:
    """The contents of one value.

    Raises:
        BrokenMessage: it has another tag, or bytes behind it.
    """
    try:
        return asn1.whole(encoded, tag)
    except asn1.BrokenDer as error:
        raise BrokenMessage(f"The signature cannot be read: {error}") from None


def inserted(members: Iterable[bytes], new: Iterable[bytes]) -> tuple[bytes, ...]:
    """A SET OF with more members: in DER's order if it was, and in any case the old ones in their old order."""
    found = list(members)
    for each in new:
        insort(found, each)
    return tuple(found)
