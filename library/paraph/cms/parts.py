"""The parts of a constructed value, taken one after the other, each in the bytes that stand there."""

from bisect import insort
from collections.abc import Iterable
from typing import Self

from paraph.formats import asn1


class Parts:
    """What a sequence or a set encloses; `end` says that nothing is left over that nobody asked for."""

    def __init__(self, content: bytes) -> None:
        self._content, self._position = content, 0

    @classmethod
    def of(cls, encoded: bytes, tag: int) -> Self:
        """Those of one value.

        Raises:
            BrokenDer: it has another tag, or bytes behind it.
        """
        return cls(asn1.whole(encoded, tag))

    def next_is(self, tag: int) -> bool:
        return self._content[self._position : self._position + 1] == bytes((tag,))

    def take(self, *tags: int) -> bytes:
        """The next part, with its tag and length; it has one of these tags."""
        found, _, end = asn1.read(self._content, self._position)
        if tags and found not in tags:
            raise asn1.BrokenDer("Not the structure that was expected.")
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
            BrokenDer: there is.
        """
        if self._position < len(self._content):
            raise asn1.BrokenDer("There is more than was expected.")


def inserted(members: Iterable[bytes], new: Iterable[bytes]) -> tuple[bytes, ...]:
    """A SET OF with more members: in DER's order if it was, and in any case the old ones in their old order."""
    found = list(members)
    for each in new:
        insort(found, each)
    return tuple(found)
