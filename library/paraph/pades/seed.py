"""What an existing signature field demands of who signs it: its seed values (ISO 32000-2 §12.7.5.5).

A wish that is not marked as required is only a wish, and does not stand in the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph import certs
from paraph.algorithms import Hash
from paraph.errors import BrokenDocument, InputError, ModificationForbidden, Refused
from paraph.formats.mapped import Data
from paraph.formats.pdf import gate
from paraph.pades.draft import Changes
from paraph.pades.fields import empty, signatures
from paraph.signatures import Level

_SUBFILTER = "/ETSI.CAdES.detached"
_PDF_2 = 3
"""The newest capabilities that a field can demand, those of PDF 2.0."""
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Required(IntFlag):
    """Which seed values bind (Table 237)."""

    FILTER = 1
    SUBFILTER = 2
    VERSION = 4
    REASONS = 8
    LEGAL_ATTESTATION = 16
    REVOCATION = 32
    DIGEST = 64
    LOCK = 128
    APPEARANCE = 256


class Wanted(IntFlag):
    """Which demands on the certificate bind (Table 238)."""

    SUBJECT = 1
    ISSUER = 2
    POLICY = 4
    NAME = 8
    USE = 32


@dataclass(frozen=True, slots=True)
class Intent:
    """How somebody is about to sign."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    digest: Hash
    level: Level
    reason: str
    certify: Changes | None


def check(document: Data, name: str, intent: Intent, *, password: str = "") -> None:
    """Whether the field is there, empty, and content with the intent.

    Raises:
        InputError: there is no such field.
        ModificationForbidden: it is signed already.
        Refused: it demands something else.
    """
    with gate.open_strictly(document, password) as pdf:
        try:
            fields = {each.name: each.entries for each in empty(pdf)}
            if name in {each.name for each in signatures(pdf)}:
                raise ModificationForbidden(f"The field {name} is signed already.")
            if name not in fields:
                there = f"; it has {', '.join(fields)}" if fields else ""
                raise InputError(f"The PDF has no signature field {name}{there}.")
            demand = next(_demands(fields[name].get("/SV", pikepdf.Dictionary()), intent), None)
            if demand is None and "/Lock" in fields[name]:
                demand = _lock(fields[name]["/Lock"])
        except gate.SURPRISES as error:
            raise BrokenDocument(gate.DAMAGED) from error
    if demand:
        raise Refused(f"The field {name} {demand}.")


def _demands(seed: pikepdf.Object, intent: Intent) -> Iterator[str]:
    """The demands that are not met, each the rest of a sentence about the field."""
    required = Required(int(seed.get("/Ff", 0)) & sum(Required))
    if Required.FILTER in required and seed.get("/Filter") != pikepdf.Name("/Adobe.PPKLite"):
        yield "demands another signature handler"
    if Required.SUBFILTER in required and _SUBFILTER not in map(str, seed.get("/SubFilter", ())):
        yield "demands another kind of signature than PAdES"
    if Required.VERSION in required and float(seed.get("/V", 1)) > _PDF_2:
        yield "demands capabilities of a later version of PDF"
    if Required.DIGEST in required and intent.digest.value not in _digests(seed):
        yield f"demands one of the digests {', '.join(map(str, seed['/DigestMethod']))}"
    if Required.REVOCATION in required and bool(seed.get("/AddRevInfo")) and intent.level in {Level.B, Level.T}:
        yield f"demands revocation information: sign at {Level.LT}"
    if Required.LEGAL_ATTESTATION in required and "/LegalAttestation" in seed:
        yield "demands a legal attestation, which Paraph does not write"
    if Required.APPEARANCE in required and "/AppearanceFilter" in seed:
        yield "demands an appearance that only its maker has"
    if Required.LOCK in required and seed.get("/LockDocument") == pikepdf.Name("/true"):
        yield from () if intent.certify is Changes.NONE else ("demands that nothing may change after it",)
    yield from _reasons(seed, intent.reason) if Required.REASONS in required else ()
    yield from _certification(seed, intent.certify)
    if int(seed.get("/TimeStamp", pikepdf.Dictionary()).get("/Ff", 0)) & 1 and intent.level is Level.B:
        yield f"demands a time-stamp: sign at {Level.T}"
    yield from _certificate(seed.get("/Cert", pikepdf.Dictionary()), intent)


def _digests(seed: pikepdf.Object) -> set[str]:
    return {str(each).lower() for each in seed.get("/DigestMethod", ())}


def _reasons(seed: pikepdf.Object, reason: str) -> Iterator[str]:
    accepted = [str(each) for each in seed.get("/Reasons", ())]
    if accepted in ([], ["."]):
        if reason:
            yield "allows no reason"
    elif reason not in accepted:
        yield f"demands one of the reasons: {'; '.join(accepted)}"


def _certification(seed: pikepdf.Object, certify: Changes | None) -> Iterator[str]:
    if "/MDP" not in seed:
        return
    wanted = int(seed["/MDP"]["/P"])
    if wanted and certify != wanted:
        yield f"demands a certification that allows {Changes(wanted).name.lower()}"
    if not wanted and certify:
        yield "is not for certifications"


def _certificate(wanted: pikepdf.Object, intent: Intent) -> Iterator[str]:
    """Demands on the signer's certificate (Table 238)."""
    binding = Wanted(int(wanted.get("/Ff", 0)) & sum(Wanted))
    certificate = intent.certificate
    if Wanted.SUBJECT in binding and _der(certificate) not in _bytes(wanted, "/Subject"):
        yield "is for the holder of another certificate"
    if Wanted.ISSUER in binding and not set(map(_der, intent.chain)) & _bytes(wanted, "/Issuer"):
        yield "is for certificates of another issuer"
    if Wanted.POLICY in binding and set(certs.policies(certificate)).isdisjoint(map(str, wanted.get("/OID", ()))):
        yield "is for certificates of another policy"
    if Wanted.NAME in binding and not any(_is_named(certificate, each) for each in wanted.get("/SubjectDN", ())):
        yield "is for somebody else"
    if Wanted.USE in binding and not any(_is_for(certificate, str(each)) for each in wanted.get("/KeyUsage", ())):
        yield "is for certificates of another use"


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _bytes(wanted: pikepdf.Object, key: str) -> set[bytes]:
    return {bytes(each) for each in wanted.get(key, ())}


def _is_named(certificate: x509.Certificate, name: pikepdf.Object) -> bool:
    """Whether the subject has all the attributes of the name, which are keyed by short names or OIDs."""
    held = {(attribute.rfc4514_attribute_name.lower(), str(attribute.value)) for attribute in certificate.subject}
    held |= {(attribute.oid.dotted_string, str(attribute.value)) for attribute in certificate.subject}
    return all((key.removeprefix("/").lower(), str(value)) in held for key, value in name.items())


def _is_for(certificate: x509.Certificate, pattern: str) -> bool:
    """Whether the key usage fits a pattern such as `01XXXXXXX`: a 1 must be there, a 0 must not, X is free."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return "1" not in pattern
    bits = [bool(getattr(usage, f"_{use}")) for use in _USES]
    return all(want not in "01" or bit == (want == "1") for want, bit in zip(pattern, bits, strict=False))


def _lock(lock: pikepdf.Object) -> str | None:
    action, changes = str(lock.get("/Action")), int(lock.get("/P", Changes.NONE))
    sound = action in {"/All", "/Include", "/Exclude"} and changes in {int(each) for each in Changes}
    return None if sound else "has a lock that cannot be read"
