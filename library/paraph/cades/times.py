"""When a signature is known to have been there: the time-stamps beside it."""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto.core import GeneralizedTime

from paraph.cades import archive
from paraph.cms import BrokenMessage, SignedData, SignerInfo
from paraph.cms.attributes import ARCHIVE_TIMESTAMP, COUNTER_SIGNATURE, SIGNATURE_TIMESTAMP
from paraph.cms.parts import Parts
from paraph.formats import asn1


@dataclass(frozen=True, slots=True)
class Stamped:
    """A signature, or one over a signature, with the time-stamps that prove it."""

    name: str
    """Its place in the message: `1`, `2`, and `1.1` for who countersigned the first."""
    info: SignerInfo
    own: tuple[bytes, ...]
    """The tokens over its value."""
    archives: tuple[bytes, ...]
    """The archive time-stamps that cover it, oldest first; for who countersigned, those of the signature above."""

    @property
    def times(self) -> list[datetime]:
        """What they say, all of them."""
        return [time_of(token) for token in (*self.own, *self.archives)]

    @property
    def tokens(self) -> list[tuple[bytes, list[datetime]]]:
        """Each with the times of the archive time-stamps behind it."""
        later = [time_of(token) for token in self.archives]
        renewed = [(token, later[place + 1 :]) for place, token in enumerate(self.archives)]
        return [*((token, later) for token in self.own), *renewed]


def stamped(message: SignedData) -> list[Stamped]:
    """All signatures of a message, each followed by those that sign it.

    Raises:
        BrokenMessage: a part of it cannot be read.
    """
    return [each for place, info in enumerate(message.signer_infos, 1) for each in family(str(place), info)]


def family(name: str, info: SignerInfo) -> list[Stamped]:
    """A signature, and those that sign it. Whoever signs the latter is not looked for."""
    archives = tuple(sorted(info.unsigned_values(ARCHIVE_TIMESTAMP), key=time_of))
    countersigned = [
        Stamped(
            f"{name}.{place}",
            counter := SignerInfo.parse(value),
            counter.unsigned_values(SIGNATURE_TIMESTAMP),
            tuple(each for each in archives if archive.covers(each, COUNTER_SIGNATURE, value)),
        )
        for place, value in enumerate(info.unsigned_values(COUNTER_SIGNATURE), 1)
    ]
    return [Stamped(name, info, info.unsigned_values(SIGNATURE_TIMESTAMP), archives), *countersigned]


def time_of(token: bytes) -> datetime:
    """The time in a token (RFC 3161 §2.4.2); whether anybody vouches for it is not judged.

    Raises:
        BrokenMessage: this is not a token.
    """
    try:
        stated = Parts.of(SignedData.parse(token).content or b"", asn1.SEQUENCE)
        for tag in (asn1.INTEGER, asn1.OID, asn1.SEQUENCE, asn1.INTEGER):
            stated.take(tag)
        time = GeneralizedTime.load(stated.take(asn1.GENERALIZED_TIME)).native
    except ValueError as error:
        raise BrokenMessage(f"A time-stamp beside the signature cannot be read: {error}") from None
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise BrokenMessage("A time-stamp beside the signature says no time.")
    return time
