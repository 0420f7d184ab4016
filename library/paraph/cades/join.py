"""Several signatures over one content, in one message (RFC 5652 §5.1)."""

from dataclasses import replace

from paraph.cms import SignedData
from paraph.cms.attributes import MESSAGE_DIGEST
from paraph.cms.parts import inserted
from paraph.errors import DigestMismatch


def join(signed: bytes, other: bytes) -> bytes:
    """One message with the signatures of both, those of `other` behind; what stands in both is there once.

    Who signs beside others neither needs their signatures nor waits for them.

    Raises:
        BrokenDocument: one of them is no signature in CMS.
        DigestMismatch: they sign different contents, or one encloses it and the other does not.
    """
    one, two = SignedData.parse(signed), SignedData.parse(other)
    if (one.content_type, one.content) != (two.content_type, two.content) or not _agree(one, two):
        raise DigestMismatch("The signatures are not over the same content, or only one of them encloses it.")
    return replace(
        one,
        version=max(one.version, two.version),
        digest_algorithms=_union(one.digest_algorithms, two.digest_algorithms),
        certificate_choices=_union(one.certificate_choices, two.certificate_choices),
        revocation_choices=_union(one.revocation_choices, two.revocation_choices),
        signer_infos=tuple(dict.fromkeys((*one.signer_infos, *two.signer_infos))),
    ).to_der()


def _union(one: tuple[bytes, ...], two: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return inserted(one, (each for each in two if each not in one))


def _agree(one: SignedData, two: SignedData) -> bool:
    """Digests by the same algorithm are the same; others cannot be compared."""
    seen: dict[bytes, bytes | None] = {}
    signers = (*one.signer_infos, *two.signer_infos)
    stated = [(each.digest_algorithm, each.signed_value(MESSAGE_DIGEST)) for each in signers]
    return all(seen.setdefault(algorithm, digest) == digest for algorithm, digest in stated)
