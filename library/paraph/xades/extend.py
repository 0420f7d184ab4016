"""The third verb: raise the level of what is signed already."""

from collections.abc import Mapping
from datetime import datetime

from paraph import timestamps
from paraph.certs import Revocations, ValidationData, parsed
from paraph.errors import BrokenDocument, InputError
from paraph.formats import xml
from paraph.formats.content import Content
from paraph.formats.xml import Element
from paraph.signatures import Level
from paraph.timestamps import Timestamper
from paraph.xades.archive import archive_timestamp, signature_timestamp
from paraph.xades.draft import found, to_bytes, unchanged
from paraph.xades.names import PATHS, base64, xades, xades141
from paraph.xades.signed import ARCHIVE_TIMESTAMP, SIGNATURE_TIMESTAMP, Signed, signatures


def extend(
    signed: bytes,
    level: Level,
    *,
    contents: Mapping[str, Content] | None = None,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    at: datetime,
) -> bytes:
    """All signatures of a document at `level`, if they were below; nothing that was signed or stamped is changed.

    T is reached by a time-stamp over each signature, LT by validation data beside it, LTA by an archive time-stamp
    (EN 319 132-1 §5.3 to §5.5). What is at LTA gets a further archive time-stamp each time, over what proves the one
    before: so it stays provable.

    Args:
        signed: an XML document with one signature at least.
        level: T, LT or LTA.
        contents: what detached signatures sign, by name; needed for LTA.
        timestamper: needed wherever a time-stamp is missing, and for LTA.
        revocations: needed for LT and LTA.
        at: now.

    Raises:
        InputError: no signature, something needed is not given, or a signature that is not XAdES.
        BrokenDocument: the document or a part of a signature cannot be read.
        NoPath: a certificate leads to no trusted root.
        Revoked: one was revoked before its use is proven.
        Unavailable: somebody who is needed did not answer; nothing was lost.
    """
    if level is Level.B:
        raise InputError(f"Signatures are extended to level {Level.T}, {Level.LT} or {Level.LTA}.")
    root = xml.parse(signed)
    standing, before = signatures(root), found(root)
    if not standing:
        raise InputError("The XML holds no signature.")
    for one in standing:
        raised(one, level, contents or {}, timestamper, revocations=revocations, at=at)
    return to_bytes(unchanged(before, root))


def raised(
    one: Signed,
    level: Level,
    contents: Mapping[str, Content],
    timestamper: Timestamper | None,
    *,
    revocations: Revocations | None,
    at: datetime,
) -> None:
    """One signature with all that `level` asks for, after those that sign it: its archive time-stamp covers them."""
    if not one.stamps(ARCHIVE_TIMESTAMP):
        for each in one.countersigned:
            raised(each, level, contents, timestamper, revocations=revocations, at=at)
    if not (one.stamps(SIGNATURE_TIMESTAMP) or one.stamps(ARCHIVE_TIMESTAMP)):
        one.unsigned.append(signature_timestamp(one, _given(timestamper)))
    if level is Level.T:
        return
    if revocations is None:
        raise InputError(f"Level {level} needs to know what is trusted, to collect validation data.")
    try:
        _prove(one, revocations, at)
    except (ValueError, TypeError) as error:
        raise BrokenDocument(f"The signature cannot be read: {error}") from None
    if level is Level.LTA:
        one.unsigned.append(archive_timestamp(one, contents, _given(timestamper)))


def _prove(one: Signed, revocations: Revocations, at: datetime) -> None:
    """Add what proves the signer and every time-stamping unit, each at the time to which its use goes back."""
    known, times = one.validation_data, one.times
    signer = parsed(one.certificate)
    data = revocations.collect(signer, at=min(times), now=at, known=known)
    archives = [timestamps.read(token) for token in one.tokens(ARCHIVE_TIMESTAMP)]
    for token in one.tokens(SIGNATURE_TIMESTAMP):
        used = min((each.time for each in archives), default=at)
        data |= revocations.collect(timestamps.read(token).certificate, at=used, now=at, known=known)
    for place, each in enumerate(archives):
        used = min((later.time for later in archives[place + 1 :]), default=at)
        data |= revocations.collect(each.certificate, at=used, now=at, known=known)
    if missing := data - known:
        _add(one, missing)


def _add(one: Signed, missing: ValidationData) -> None:
    """Into the one place for values, or behind the archive time-stamp that seals that place (§5.4, §5.5.1)."""
    certificates = [xades.EncapsulatedX509Certificate(base64(each)) for each in missing.certificates]
    crls = [xades.EncapsulatedCRLValue(base64(each)) for each in missing.crls]
    ocsps = [xades.EncapsulatedOCSPValue(base64(each)) for each in missing.ocsps]
    if one.stamps(ARCHIVE_TIMESTAMP):
        parent = xades141.TimeStampValidationData()
        one.unsigned.append(parent)
    else:
        parent = one.unsigned
    if certificates:
        _child(parent, "CertificateValues").extend(certificates)
    for kind, values in (("CRLValues", crls), ("OCSPValues", ocsps)):
        if values:
            _child(_child(parent, "RevocationValues"), kind).extend(values)


def _child(parent: Element, name: str) -> Element:
    """The one of this name, or a new one; in `RevocationValues`, lists stand before responses (§5.4.2)."""
    child = parent.find(f"xades:{name}", PATHS)
    if child is None:
        child = xades(name)
        parent.insert(0, child) if name == "CRLValues" else parent.append(child)
    return child


def _given(timestamper: Timestamper | None) -> Timestamper:
    if timestamper is None:
        raise InputError("A time-stamp authority is needed.")
    return timestamper
