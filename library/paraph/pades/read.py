"""What the signatures of a document say of themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
from asn1crypto import cms, core, tsp, x509
from cryptography.x509 import load_der_x509_certificate

from paraph.errors import BrokenDocument
from paraph.formats.pdf import gate
from paraph.pades.fields import Filled, signatures
from paraph.signatures import Level, Signature

_UNREADABLE = "The PDF holds a signature that cannot be read."


def read(document: bytes) -> list[Signature]:
    """The signatures in a document, in the order of its form: facts as they are claimed, nothing is judged.

    Document time-stamps are not listed; they raise the level of the signatures that stand before them.

    Raises:
        BrokenDocument: the document or one of its signatures cannot be read.
    """
    with gate.open_strictly(document) as pdf:
        try:
            found = [_Found.of(field) for field in signatures(pdf)]
            revoked = _offline_revocation(pdf)
            stamps = [one for one in found if one.is_timestamp]
            return [_fact(one, stamps, revoked, len(document)) for one in found if not one.is_timestamp]
        except gate.SURPRISES as error:
            raise BrokenDocument(_UNREADABLE) from error


@dataclass(frozen=True, slots=True)
class _Found:
    field: str
    value: pikepdf.Object
    contents: cms.SignedData
    end: int
    """Where its second byte range ends; -1 when the ranges are of no sound shape."""

    @classmethod
    def of(cls, field: Filled) -> "_Found":
        contents = cms.ContentInfo.load(bytes(field.value["/Contents"]))
        if contents["content_type"].native != "signed_data" or len(contents["content"]["signer_infos"]) != 1:
            raise ValueError("not one signer's signed data")
        first, length, second, rest = (int(number) for number in field.value["/ByteRange"])
        sound = first == 0 <= length < second and rest >= 0
        return cls(field.name, field.value, contents["content"], second + rest if sound else -1)

    @property
    def is_timestamp(self) -> bool:
        return self.value.get("/SubFilter") == pikepdf.Name("/ETSI.RFC3161")

    @property
    def signer(self) -> cms.SignerInfo:
        signer: cms.SignerInfo = self.contents["signer_infos"][0]
        return signer

    def certificate(self) -> bytes:
        """The certificate that the signer's identifier names, DER."""
        for choice in self.contents["certificates"] or ():
            if choice.name == "certificate" and _names(self.signer["sid"].chosen, choice.chosen):
                return bytes(choice.chosen.dump())
        raise ValueError("a signature without its certificate")

    def token_time(self) -> datetime | None:
        """The time of the signature time-stamp, the oldest when there are several."""
        times = [
            _time_of(token["content"])
            for attribute in self.signer["unsigned_attrs"] or ()
            if attribute["type"].native == "signature_time_stamp_token"
            for token in attribute["values"]
        ]
        return min(times, default=None)


def _names(identifier: cms.IssuerAndSerialNumber | core.OctetString, certificate: x509.Certificate) -> bool:
    if isinstance(identifier, cms.IssuerAndSerialNumber):
        same_serial = identifier["serial_number"].native == certificate.serial_number
        return bool(same_serial and identifier["issuer"] == certificate.issuer)
    return bool(identifier.native == certificate.key_identifier)


def _time_of(token: cms.SignedData) -> datetime:
    info: tsp.TSTInfo = token["encap_content_info"]["content"].parsed
    time = info["gen_time"].native
    if not isinstance(time, datetime):
        raise TypeError("a time-stamp without time")
    return time


def _fact(one: _Found, stamps: list[_Found], revoked: bool, length: int) -> Signature:  # noqa: FBT001  a fact of the document
    certificate = one.certificate()
    later = [_time_of(stamp.contents) for stamp in stamps if stamp.end > one.end > 0]
    times = [time for time in (one.token_time(), *later) if time]
    level = Level.T if times else Level.B
    if times and revoked:
        level = Level.LTA if later else Level.LT
    return Signature(
        field=one.field,
        signer=load_der_x509_certificate(certificate).subject.rfc4514_string(),
        certificate=certificate,
        level=level,
        claimed_at=_claimed(one),
        timestamped_at=min(times, default=None),
        covers_whole_document=one.end == length,
    )


def _claimed(one: _Found) -> datetime | None:
    """`/M`, a date such as `D:20261123120000+01'00'` (ISO 32000-2 §7.9.4), or the signing-time attribute."""
    written = str(one.value.get("/M", "")).removeprefix("D:").replace("'", "")
    try:
        claimed = datetime.strptime(written[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        sign, hours, minutes = written[14:15], int(written[15:17] or 0), int(written[17:19] or 0)
    except ValueError:
        return None
    offset = timedelta(hours=hours, minutes=minutes) * {"+": 1, "-": -1}.get(sign, 0)
    return claimed.replace(tzinfo=timezone(offset))


def _offline_revocation(pdf: pikepdf.Pdf) -> bool:
    """Whether a document security store brings revocation data (EN 319 142-1 §5.4.2.2)."""
    store = pdf.Root.get("/DSS")
    return store is not None and any(len(store.get(key, ())) > 0 for key in ("/CRLs", "/OCSPs"))
