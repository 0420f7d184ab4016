"""What the signatures in a document say of themselves."""

from urllib.parse import unquote

from paraph.certs import parsed
from paraph.errors import BrokenDocument
from paraph.formats import xml
from paraph.signatures import Level, Signature
from paraph.xades.names import PATHS
from paraph.xades.signed import ARCHIVE_TIMESTAMP, SIGNATURE_TIMESTAMP, Signed, family, signatures


def read(signed: bytes) -> list[Signature]:
    """The signatures, each followed by those that sign it: facts as they are claimed, nothing is judged.

    Raises:
        BrokenDocument: this is no XML, or a part of a signature cannot be read.
    """
    root = xml.parse(signed)
    try:
        return [_fact(each) for outer in signatures(root) for each in family(outer)]
    except (ValueError, TypeError) as error:
        raise BrokenDocument(f"The signature cannot be read: {error}") from None


def signed_files(signed: bytes) -> set[str]:
    """The files outside of a document that all its signatures are over.

    Raises:
        BrokenDocument: this is no XML.
    """
    over = [
        {unquote(each.get("URI", "")) for each in one.element.iterfind("ds:SignedInfo/ds:Reference", PATHS)}
        for one in signatures(xml.parse(signed))
    ]
    return set.intersection(*over) if over else set()


def _fact(one: Signed) -> Signature:
    times, known = one.times, one.validation_data
    level = Level.T if times else Level.B
    if times and (known.crls or known.ocsps):
        level = Level.LTA if one.stamps(ARCHIVE_TIMESTAMP) else Level.LT
    certificate = one.certificate
    return Signature(
        field=one.name,
        signer=parsed(certificate).subject.rfc4514_string(),
        certificate=certificate,
        level=level,
        claimed_at=one.claimed_at,
        timestamped_at=min(times, default=None),
        covers_whole_document=True,
        tokens=(*one.tokens(SIGNATURE_TIMESTAMP), *one.tokens(ARCHIVE_TIMESTAMP)),
    )
