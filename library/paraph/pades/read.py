"""What the signatures of a document say of themselves."""

from datetime import UTC, datetime, timedelta, timezone

from paraph.certs import Subjects, ValidationData, parsed
from paraph.errors import BrokenDocument, BrokenToken
from paraph.formats.pdf import gate
from paraph.pades import dss
from paraph.pades.embedded import Embedded, embedded
from paraph.signatures import Level, Signature

_UNREADABLE = "The PDF holds a signature that cannot be read."


def read(document: bytes, *, password: str = "") -> list[Signature]:
    """The signatures in a document, in the order of its form: facts as they are claimed, nothing is judged.

    Document time-stamps are not listed; they raise the level of the signatures that stand before them.

    Raises:
        BrokenDocument: the document or one of its signatures cannot be read.
        EncryptedDocument: `password` does not open it.
    """
    with gate.open_strictly(document, password) as pdf:
        try:
            found = embedded(pdf, document)
            stamps = [one for one in found if one.is_timestamp]
            told = Subjects.of(dss.read(pdf))
            archived = Subjects.of(_stored_by(document, max((one.end for one in stamps), default=0), password))
            return [_fact(one, stamps, told, archived, len(document)) for one in found if not one.is_timestamp]
        except (*gate.SURPRISES, BrokenToken) as error:
            raise BrokenDocument(_UNREADABLE) from error


def _stored_by(document: bytes, end: int, password: str) -> ValidationData:
    """The validation data in what stands before `end`, where the last document time-stamp ends."""
    if end <= 0:
        return ValidationData()
    with gate.open_strictly(document[:end], password) as earlier:
        return dss.read(earlier)


def _fact(one: Embedded, stamps: list[Embedded], told: Subjects, archived: Subjects, length: int) -> Signature:
    certificate = parsed(one.certificate)
    later = [stamp for stamp in stamps if stamp.end > one.end > 0]
    times = [*one.times, *(time for stamp in later for time in stamp.times)]
    level = Level.T if times else Level.B
    if times and told.include(certificate):
        level = Level.LTA if later and archived.include(certificate) else Level.LT
    return Signature(
        field=one.field,
        signer=certificate.subject.rfc4514_string(),
        certificate=one.certificate,
        level=level,
        claimed_at=_claimed(one),
        timestamped_at=min(times, default=None),
        covers_whole_document=one.end == length,
        tokens=(*one.tokens, *(stamp.encoded for stamp in later)),
        reason=one.reason,
    )


def _claimed(one: Embedded) -> datetime | None:
    """`/M`, a date such as `D:20261123120000+01'00'` (ISO 32000-2 §7.9.4), or the signing-time attribute."""
    written = one.claimed.removeprefix("D:").replace("'", "")
    try:
        claimed = datetime.strptime(written[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        sign, hours, minutes = written[14:15], int(written[15:17] or 0), int(written[17:19] or 0)
    except ValueError:
        return None
    offset = timedelta(hours=hours, minutes=minutes) * {"+": 1, "-": -1}.get(sign, 0)
    return claimed.replace(tzinfo=timezone(offset))
