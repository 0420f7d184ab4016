"""What the signatures in a message say of themselves."""

from datetime import datetime

from asn1crypto.core import GeneralizedTime, UTCTime

from paraph.cades.times import Stamped, stamped
from paraph.certs import Subjects, ValidationData, parsed
from paraph.cms import BrokenMessage, SignedData
from paraph.cms.attributes import ARCHIVE_TIMESTAMP, SIGNING_TIME
from paraph.cms.parts import content as value_of
from paraph.formats import asn1
from paraph.signatures import Level, Signature


def read(signed: bytes) -> list[Signature]:
    """The signatures, each followed by those that sign it: facts as they are claimed, nothing is judged.

    Raises:
        BrokenDocument: this is no signature in CMS, or one of its parts cannot be read.
    """
    message = SignedData.parse(signed)
    known = message.validation_data
    told = Subjects.of(known)
    try:
        return [_fact(one, known, told) for one in stamped(message)]
    except (ValueError, TypeError) as error:
        raise BrokenMessage(f"The signature cannot be read: {error}") from None


def _fact(one: Stamped, known: ValidationData, told: Subjects) -> Signature:
    certificate = one.info.certificate(known.certificates)
    times = one.times
    level = Level.T if times else Level.B
    if times and told.include(parsed(certificate)):
        level = Level.LTA if one.info.unsigned_values(ARCHIVE_TIMESTAMP) else Level.LT
    return Signature(
        field=one.name,
        signer=parsed(certificate).subject.rfc4514_string(),
        certificate=certificate,
        level=level,
        claimed_at=_claimed(one.info.signed_value(SIGNING_TIME)),
        timestamped_at=min(times, default=None),
        covers_whole_document=True,
        tokens=(*one.own, *one.archives),
    )


def _claimed(time: bytes | None) -> datetime | None:
    """The signing-time attribute (RFC 5652 §11.3)."""
    if time is None:
        return None
    tag, kind = (asn1.UTC_TIME, UTCTime) if time[0] == asn1.UTC_TIME else (asn1.GENERALIZED_TIME, GeneralizedTime)
    claimed = kind(contents=value_of(time, tag)).native
    return claimed if isinstance(claimed, datetime) and claimed.tzinfo else None
