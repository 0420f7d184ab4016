"""Any file can be signed: in which format, and the verbs for whatever is given.

A PDF is signed as PAdES, XML as XAdES, a container gets a further signature, everything else is put into one (ASiC-E).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath

from paraph import asic, cades, pades, xades
from paraph.certs import Revocations
from paraph.errors import BrokenDocument, InputError
from paraph.formats import xml
from paraph.keys.signer import Signer
from paraph.signatures import Level, Signature
from paraph.timestamps import Timestamper

_PDF_HEADER = 1024
"""Bytes among which `%PDF-` is looked for, as readers do (ISO 32000-1, implementation note 13)."""


class Format(StrEnum):
    """The formats of EN 319 122, 132, 142 and 162."""

    PADES = "PAdES"
    XADES = "XAdES"
    CADES = "CAdES"
    ASIC_S = "ASiC-S"
    ASIC_E = "ASiC-E"

    @classmethod
    def fitting(cls, name: str, content: bytes) -> "Format":
        """The one in which a file is signed best: its content decides, but what is called a PDF must be one."""
        if _is_pdf(content) or name.lower().endswith(".pdf"):
            return cls.PADES
        if _is_zip(content):
            return _container(content) or cls.ASIC_E
        return cls.XADES if _is_xml(content) else cls.ASIC_E

    @classmethod
    def of(cls, signed: bytes) -> "Format":
        """The one of the signatures in a file.

        Raises:
            BrokenDocument: it is of no format in which signatures are.
        """
        if _is_pdf(signed):
            return cls.PADES
        if _is_zip(signed) and (kind := _container(signed)):
            return kind
        if signed[:1] == b"\x30":
            return cls.CADES
        if _is_xml(signed):
            return cls.XADES
        raise BrokenDocument("This is no PDF, no XML, no signature in CMS and no ASiC container.")


def name_of(name: str, content: bytes, how: Format, *, enclose: bool = False) -> str:
    """What to call the file that `sign` makes of one of this name."""
    path = PurePath(name)
    if how is Format.CADES:
        return f"{name}.{'p7m' if enclose else 'p7s'}"
    if how is Format.XADES and (enclose or not _is_xml(content)):
        return f"{name}.xml"
    if how in (Format.ASIC_S, Format.ASIC_E) and not (_is_zip(content) and _container(content)):
        return name + _kind(how).extension
    return f"{path.stem}-signed{path.suffix}"


def sign(
    name: str,
    content: bytes,
    signer: Signer,
    *,
    how: Format | None = None,
    enclose: bool = False,
    at: datetime,
    level: Level = Level.B,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
) -> bytes:
    """A file signed in the format that fits it, or in another one.

    Args:
        name: of the file, as signatures beside it and containers call it.
        content: all of it.
        signer: whose signature it becomes.
        how: the format; the fitting one when nothing is said.
        enclose: put the file into the signature (CAdES, XAdES), which otherwise stands beside it.
        at: the claimed time.
        level: see `pades.sign` for this and what is needed for it.
        timestamper: from T on.
        revocations: from LT on.

    Raises:
        InputError: the file cannot be signed in this format.
        ParaphError: whatever the format's own `sign` raises.
    """
    how = how or Format.fitting(name, content)
    match how:
        case Format.PADES:
            return pades.sign(content, signer, at=at, level=level, timestamper=timestamper, revocations=revocations)
        case Format.XADES:
            given = content if enclose or _is_xml(content) else {name: content}
            return xades.sign(
                given, signer, at=at, level=level, timestamper=timestamper, revocations=revocations, enveloping=enclose
            )
        case Format.CADES:
            return cades.sign(
                content, signer, at=at, level=level, timestamper=timestamper, revocations=revocations, attached=enclose
            )
    standing = _is_zip(content) and _container(content)
    return asic.sign(
        content if standing else {name: content},
        signer,
        kind=_kind(how),
        at=at,
        level=level,
        timestamper=timestamper,
        revocations=revocations,
    )


def extend(
    signed: bytes,
    level: Level,
    *,
    contents: Mapping[str, bytes] | None = None,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    at: datetime,
    password: str = "",
) -> bytes:
    """The signatures in a file at `level`, as its format's `extend` does it.

    Detached ones sign `contents`, by name; `password` opens an encrypted PDF.
    """
    how, beside = Format.of(signed), contents or {}
    match how:
        case Format.PADES:
            return pades.extend(
                signed, level, timestamper=timestamper, revocations=revocations, at=at, password=password
            )
        case Format.XADES:
            return xades.extend(signed, level, contents=beside, timestamper=timestamper, revocations=revocations, at=at)
        case Format.CADES:
            if len(beside) > 1:
                raise InputError("A signature in CMS signs one file; name only that one.")
            content = next(iter(beside.values()), None)
            return cades.extend(signed, level, content=content, timestamper=timestamper, revocations=revocations, at=at)
    return asic.extend(signed, level, timestamper=timestamper, revocations=revocations, at=at)


def read(signed: bytes, *, password: str = "") -> list[Signature]:
    """What the signatures in a file say of themselves; nothing is judged. `password` opens an encrypted PDF.

    Raises:
        BrokenDocument: it is of no format in which signatures are, or damaged.
    """
    match Format.of(signed):
        case Format.PADES:
            return pades.read(signed, password=password)
        case Format.XADES:
            return xades.read(signed)
        case Format.CADES:
            return cades.read(signed)
    return asic.read(signed)


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:_PDF_HEADER]


def _is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def _is_xml(content: bytes) -> bool:
    """Whether it is XML that can be signed; what has a document type declaration is signed as it lies."""
    if not content[:_PDF_HEADER].lstrip(b"\xef\xbb\xbf\xff\xfe\x00\t\r\n ").startswith(b"<"):
        return False
    try:
        xml.parse(content)
    except BrokenDocument:
        return False
    return True


def _container(content: bytes) -> Format | None:
    """Which container it is, by the type that its first entry states (EN 319 162-1 annex A.1)."""
    stated = {kind: b"mimetype" + kind.value.encode("ascii") for kind in asic.Kind}
    if content[30:].startswith(stated[asic.Kind.S]):
        return Format.ASIC_S
    return Format.ASIC_E if content[30:].startswith(stated[asic.Kind.E]) else None


def _kind(how: Format) -> asic.Kind:
    return asic.Kind.S if how is Format.ASIC_S else asic.Kind.E
