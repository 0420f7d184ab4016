"""Until when a signature is provable, and what must be done before (EN 319 102-1 §5.6, long-term availability)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

from paraph import timestamps
from paraph.algorithms import SignatureAlgorithm
from paraph.certs import parsed, status
from paraph.certs.names import readable
from paraph.signatures import Level, Signature

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead of a signature that is valid now. A revocation may come earlier, as long as it is at B."""

    until: datetime
    """When it can no longer be proven as it stands."""
    because: str
    """What ends then."""
    then: Level
    """To which level to extend it before; at LTA, that is one more time-stamp."""


def outlook(signature: Signature) -> Outlook:
    """Until when the key of a signature, or what stands for it, is accepted.

    At B that is the signer's certificate. At T it is also the time-stamping unit's, for what proves both is asked from
    their issuers, who may forget what has expired. From LT on the newest time-stamp alone counts.

    Raises:
        BrokenToken: a time-stamp that cannot be read.
        WeakAlgorithm: one that nobody accepts any more.
    """
    signer = parsed(signature.certificate)
    units = [timestamps.read(token).certificate for token in signature.tokens]
    if signature.level is Level.B or not units:
        return _ending(signer, Level.T)
    newest = max((_ending(unit, Level.LTA) for unit in units), key=lambda each: each.until)
    if signature.level is not Level.T:
        return newest
    ends = [newest] if status.needs_none(signer) else [_ending(signer, Level.LT), newest]
    first = min(ends, key=lambda each: each.until)
    return Outlook(first.until, first.because, Level.LT)


def _ending(certificate: x509.Certificate, then: Level) -> Outlook:
    name = readable(certificate.subject)
    key = certificate.public_key()
    algorithm = SignatureAlgorithm.for_key(key)
    ends = algorithm.ends(key) or _EVER
    if ends < certificate.not_valid_after_utc:
        return Outlook(ends, f"{algorithm.name} of {name} is no longer accepted", then)
    return Outlook(certificate.not_valid_after_utc, f"the certificate of {name} ends", then)
