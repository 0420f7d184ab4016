"""Containers: files, and in `META-INF` what was signed about them (EN 319 162-1 §4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from paraph.errors import BrokenDocument, EmptyDocument, InputError
from paraph.formats import zip as archive

MIMETYPE = "mimetype"
META = "META-INF/"


class Kind(StrEnum):
    """The two kinds of container, by their media types."""

    S = "application/vnd.etsi.asic-s+zip"
    """One file and its signatures."""
    E = "application/vnd.etsi.asic-e+zip"
    """Any number of files, and signatures over some of them."""

    @property
    def extension(self) -> str:
        return ".asics" if self is Kind.S else ".asice"


@dataclass(frozen=True, slots=True)
class Container:
    """What a container holds; `having` makes another."""

    kind: Kind
    files: Mapping[str, bytes]
    """The data, by name."""
    meta: Mapping[str, bytes]
    """What lies in `META-INF`, by its full name."""

    @classmethod
    def of(cls, files: Mapping[str, bytes], kind: Kind) -> Self:
        """A container with no signature yet.

        Raises:
            InputError: no file, too many, or one whose name cannot stand in a container.
        """
        if not files:
            raise EmptyDocument("There is no file to sign.")
        if kind is Kind.S and len(files) > 1:
            raise InputError("A container of the kind ASiC-S holds one file; choose ASiC-E for several.")
        for name in files:
            archive.check_name(name)
            if name == MIMETYPE or name.upper().startswith(META):
                raise InputError(f"A file in a container may not be named {name!r}.")
        return cls(kind, dict(files), {})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What the bytes of a container hold.

        Raises:
            BrokenDocument: not a container, or a damaged one.
            TooLarge: it holds too much.
        """
        entries = archive.read(data)
        try:
            kind = Kind(entries.pop(MIMETYPE, b"").decode("ascii").strip())
        except ValueError:
            raise BrokenDocument("This ZIP file is not an ASiC container: it does not say so.") from None
        meta = {name: content for name, content in entries.items() if name.startswith(META)}
        files = {name: content for name, content in entries.items() if name not in meta}
        if not files or (kind is Kind.S and len(files) > 1):
            raise BrokenDocument("The container does not hold the files that its kind wants.")
        return cls(kind, files, meta)

    def to_bytes(self) -> bytes:
        first = {MIMETYPE: self.kind.value.encode("ascii")}
        return archive.write(first | dict(self.files) | dict(self.meta), stored=MIMETYPE)

    def having(self, meta: Mapping[str, bytes]) -> Self:
        """The same files, and these added or replaced in `META-INF`."""
        return type(self)(self.kind, self.files, {**self.meta, **meta})

    def fresh(self, pattern: str) -> str:
        """The first name of this pattern that is not taken: `META-INF/signature%03d.p7s`."""
        return next(name for number in range(1, 1000) if (name := pattern % number) not in self.meta)
