"""The question to a time-stamp authority, and the token in its answer (RFC 3161 §2.4)."""

from datetime import datetime

from asn1crypto import cms, tsp

from paraph.algorithms import Digest, Hash
from paraph.errors import BrokenToken, DigestMismatch, Refused
from paraph.formats import asn1

_GRANTED = {"granted", "granted_with_mods"}


def request(digest: Digest, *, nonce: int | None = None, policy: str | None = None, certificates: bool = True) -> bytes:
    """A `TimeStampReq`, DER; `certificates` asks the authority to put its own into the token."""
    return asn1.sequence(
        asn1.integer(1),
        imprint(digest),
        asn1.oid(policy) if policy else b"",
        b"" if nonce is None else asn1.integer(nonce),
        b"\x01\x01\xff" if certificates else b"",
    )


def imprint(digest: Digest) -> bytes:
    """A `MessageImprint`."""
    algorithm = asn1.sequence(asn1.oid(digest.algorithm.oid), asn1.tlv(asn1.NULL))
    return asn1.sequence(algorithm, asn1.octets(digest.value))


def token_of(response: bytes, request: bytes) -> bytes:
    """The token of a `TimeStampResp`, if it answers `request`. Its signature is not judged here.

    Raises:
        Refused: the authority said no; the message carries its words.
        BrokenToken: the response is not one, or answers another nonce.
        DigestMismatch: the token is for another digest.
    """
    try:
        # asn1crypto's own TimeStampResp takes the token for mandatory, and so cannot read a refusal.
        answer = [asn1.tlv(*member) for member in asn1.members(asn1.whole(response, asn1.SEQUENCE))]
        asked = tsp.TimeStampReq.load(request, strict=True)
        status = tsp.PKIStatusInfo.load(answer[0], strict=True)
        if status["status"].native not in _GRANTED:
            words = ", ".join([*(status["status_string"].native or []), *sorted(status["fail_info"].native or [])])
            raise Refused(f"The time-stamp authority refused: {words or status['status'].native}.")
        token = answer[1]
        stated = info(token)
        if stated["nonce"].native != asked["nonce"].native:
            raise BrokenToken("The time-stamp answers another request: its nonce differs.")
        if stated["message_imprint"]["hashed_message"].native != asked["message_imprint"]["hashed_message"].native:
            raise DigestMismatch("The time-stamp is for another digest.")
    except (ValueError, TypeError, KeyError, IndexError, asn1.BrokenDer) as error:
        raise BrokenToken(f"This is not a time-stamp response: {error}") from None
    return token


def info(token: bytes) -> tsp.TSTInfo:
    """The `TSTInfo` inside a token; asn1crypto raises `ValueError` where it is broken."""
    message = cms.ContentInfo.load(token, strict=True)
    if message["content_type"].native != "signed_data":
        raise BrokenToken("The token is not a signed message.")
    enclosed = message["content"]["encap_content_info"]
    if enclosed["content_type"].native != "tst_info" or enclosed["content"].native is None:
        raise BrokenToken("The token encloses no time-stamp.")
    stated: tsp.TSTInfo = tsp.TSTInfo.load(enclosed["content"].contents, strict=True)
    return stated


def time_of(token: bytes) -> datetime:
    """When a token says that it was made; nothing is judged.

    Raises:
        BrokenToken: this is not a token.
    """
    try:
        time = info(token)["gen_time"].native
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise BrokenToken(f"This is not a time-stamp token: {error}") from None
    if not isinstance(time, datetime):
        raise BrokenToken("The time-stamp token tells no time.")
    return time


def algorithm_of(token: bytes) -> Hash:
    """The digest algorithm of what a token stamps.

    Raises:
        BrokenToken: this is not a token.
        WeakAlgorithm: the algorithm is no longer accepted.
    """
    try:
        return Hash.from_oid(info(token)["message_imprint"]["hash_algorithm"]["algorithm"].dotted)
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenToken(f"This is not a time-stamp token: {error}") from None
