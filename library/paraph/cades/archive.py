"""Archive time-stamps (EN 319 122-1 §5.5.2, §5.5.3): over the signature and all that proves it, an index names what."""

from paraph.algorithms import Digest, Hash
from paraph.cms import BrokenMessage, SignedData, SignerInfo
from paraph.cms.attributes import ARCHIVE_INDEX, ARCHIVE_TIMESTAMP
from paraph.cms.parts import Parts
from paraph.cms.signer_info import hash_of
from paraph.errors import WeakAlgorithm
from paraph.formats import asn1
from paraph.timestamps import Timestamper

HASH = Hash.SHA256
"""Of the index, of the content in it, and of what is stamped: one for all three (§5.5.3)."""


def archived(message: SignedData, place: int, content: Digest, timestamper: Timestamper) -> SignedData:
    """The message with an archive time-stamp at one of its signatures.

    Args:
        message: with everything that is to be proved.
        place: of the signature.
        content: the digest of what is signed, by `HASH`.
        timestamper: an authority.
    """
    signer = message.signer_infos[place]
    index = _index(message, signer)
    covered = b"".join((message.content_type, content.value, *signer.signed_fields, index))
    token = SignedData.parse(timestamper.timestamp(Digest.of(covered, HASH)))
    if len(token.signer_infos) != 1:
        raise BrokenMessage("The time-stamp authority sent a token that is not of one signer.")
    indexed = token.with_signer(0, token.signer_infos[0].adding(ARCHIVE_INDEX, index)).to_der()
    return message.with_signer(place, signer.adding(ARCHIVE_TIMESTAMP, indexed))


def covers(token: bytes, kind: bytes, value: bytes) -> bool:
    """Whether an archive time-stamp covers this value of an unsigned attribute, as its index says.

    What cannot be told is taken for covered: nothing under it may then be changed.

    Raises:
        BrokenMessage: its index is none.
    """
    indices = [
        index for signer in SignedData.parse(token).signer_infos for index in signer.unsigned_values(ARCHIVE_INDEX)
    ]
    if not indices:
        return True
    index = Parts.of(indices[0], asn1.SEQUENCE)
    algorithm, _, _, attributes = (index.take(asn1.SEQUENCE) for _ in range(4))
    try:
        digest = Digest.of(kind + value, hash_of(algorithm))
    except WeakAlgorithm:
        return True
    return asn1.octets(digest.value) in Parts.of(attributes, asn1.SEQUENCE).rest(asn1.OCTET_STRING)


def _index(message: SignedData, signer: SignerInfo) -> bytes:
    """`ATSHashIndexV3`: every certificate, every revocation value, every value of an unsigned attribute."""
    attributes = (_digest(each.kind, value) for each in signer.unsigned for value in each.values)
    return asn1.sequence(
        asn1.sequence(asn1.oid(HASH.oid)),
        asn1.sequence(*map(_digest, message.certificate_choices)),
        asn1.sequence(*map(_digest, message.revocation_choices)),
        asn1.sequence(*attributes),
    )


def _digest(*parts: bytes) -> bytes:
    return asn1.octets(Digest.of(b"".join(parts), HASH).value)
