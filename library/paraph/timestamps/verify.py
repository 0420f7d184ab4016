"""Check what a time-stamp token proves (EN 319 102-1 §5.4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms, tsp
from asn1crypto.core import SetOf
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from paraph.algorithms import Digest, Hash
from paraph.certs import TrustStore, parsed, path
from paraph.errors import BrokenToken, DigestMismatch, NoPath
from paraph.keys.verify import verify as verify_value
from paraph.timestamps.request import info


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a token proves."""

    time: datetime
    serial: int
    policy: str
    accuracy: timedelta
    certificate: x509.Certificate
    """Of the time-stamping unit."""


def verify(token: bytes, digest: Digest, *, trusted: TrustStore) -> Timestamp:
    """Check a time-stamp token and return what it proves.

    Certificates are judged at the token's own time, not now: a token outlives its signer.

    Raises:
        BrokenToken: not a time-stamp token, or one without its signer's certificate.
        DigestMismatch: the token speaks of another document.
        SignatureMismatch: the unit did not sign it.
        NoPath: no path leads from its signer to `trusted`.
        WeakAlgorithm: it rests on an algorithm that is no longer accepted.
    """
    found = read(token)
    _same(info(token), digest)
    path(found.certificate, intermediates=certificates_in(token), trusted=trusted, at=found.time)
    return found


def read(token: bytes) -> Timestamp:
    """What a token says, signed by a time-stamping unit; whether anybody trusts the unit is not judged.

    Raises:
        BrokenToken: not a time-stamp token, or one without its signer's certificate.
        DigestMismatch: its content was changed.
        SignatureMismatch: the unit did not sign it.
        NoPath: its signer is no time-stamping unit.
        WeakAlgorithm: it rests on an algorithm that is no longer accepted.
    """
    try:
        stated = info(token)
        unit = _signed_by(cms.ContentInfo.load(token, strict=True)["content"], certificates_in(token))
        time = stated["gen_time"].native
        found = Timestamp(time, stated["serial_number"].native, stated["policy"].dotted, _accuracy(stated), unit)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise BrokenToken(f"This is not a time-stamp token: {error}") from None
    _is_timestamping_unit(unit)
    return found


def certificates_in(token: bytes) -> list[x509.Certificate]:
    """The certificates that a token carries, the unit's among them.

    Raises:
        BrokenToken: not a time-stamp token.
    """
    try:
        message = cms.ContentInfo.load(token, strict=True)["content"]
        return [parsed(each.chosen.dump()) for each in message["certificates"] or () if each.name == "certificate"]
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise BrokenToken(f"This is not a time-stamp token: {error}") from None


def _same(stated: tsp.TSTInfo, digest: Digest) -> None:
    imprint = stated["message_imprint"]
    same_algorithm = imprint["hash_algorithm"]["algorithm"].dotted == digest.algorithm.oid
    if not same_algorithm or imprint["hashed_message"].native != digest.value:
        raise DigestMismatch("The time-stamp is for another document.")


def _signed_by(message: cms.SignedData, certificates: list[x509.Certificate]) -> x509.Certificate:
    """The certificate whose key signed the message, as its signed attributes name it (RFC 3161 §2.4.2)."""
    if len(message["signer_infos"]) != 1:
        raise BrokenToken("A time-stamp token has exactly one signer.")
    signer = message["signer_infos"][0]
    attributes = {each["type"].dotted: each["values"] for each in signer["signed_attrs"]}
    if len(attributes) != len(signer["signed_attrs"]):
        raise BrokenToken("A signed attribute stands twice.")
    algorithm = Hash.from_oid(signer["digest_algorithm"]["algorithm"].dotted)
    enclosed = message["encap_content_info"]["content"].contents
    if attributes["1.2.840.113549.1.9.4"][0].native != Digest.of(enclosed, algorithm).value:
        raise DigestMismatch("The token’s content was changed.")
    if attributes["1.2.840.113549.1.9.3"][0].native != "tst_info":
        raise BrokenToken("The token signs another kind of content.")
    unit = _named(attributes, certificates)
    signed = Digest.of(signer["signed_attrs"].untag().dump(), algorithm)
    verify_value(unit.public_key(), signed, signer["signature"].native)
    return unit


def _named(attributes: dict[str, SetOf], certificates: list[x509.Certificate]) -> x509.Certificate:
    """The certificate that signing-certificate-v2 names (RFC 5816)."""
    if "1.2.840.113549.1.9.16.2.47" not in attributes:
        raise BrokenToken("The token does not name its signing certificate (signing-certificate-v2).")
    identifier = attributes["1.2.840.113549.1.9.16.2.47"][0]["certs"][0]
    algorithm = Hash.from_oid(identifier["hash_algorithm"]["algorithm"].dotted).primitive
    for certificate in certificates:
        if certificate.fingerprint(algorithm) == identifier["cert_hash"].native:
            return certificate
    raise BrokenToken("The token lacks its signer’s certificate.")


def _is_timestamping_unit(unit: x509.Certificate) -> None:
    """RFC 3161 §2.3: the key has this one purpose, and says so critically."""
    try:
        usage = unit.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise NoPath("The token’s signer is not a time-stamping unit.")


def _accuracy(stated: tsp.TSTInfo) -> timedelta:
    accuracy = stated["accuracy"].native or {}
    return timedelta(
        seconds=accuracy.get("seconds") or 0,
        milliseconds=accuracy.get("millis") or 0,
        microseconds=accuracy.get("micros") or 0,
    )
