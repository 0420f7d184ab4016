"""What certificates of one shape have in common: built and linted once, filled in thousands of times.

Two certificates have the same shape when profile, issuer, lifetime, addresses, kind of key and kinds of name are the
same. Only then does the second one skip the linter: everything a rule looks at is in the shape, and the values that
differ (serial number, dates, names, key) are judged where they are encoded.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha1
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID

from paraph.algorithms import SignatureAlgorithm
from paraph.errors import InputError, LintFailed
from paraph.formats import asn1
from paraph.pki.lint import lint
from paraph.pki.presign import throwaway_key
from paraph.pki.profiles import Profile
from paraph.pki.subjects import Subject, mailbox, named

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_LARGEST_SERIAL = 1 << 159
_CENTURY_ENDS = 2050
_NEVER = datetime.min.replace(tzinfo=UTC)
_USAGE_PERIOD, _NAMES = asn1.oid("2.5.29.16"), asn1.oid("2.5.29.17")
_KEY_IDENTIFIER = asn1.sequence(asn1.oid("2.5.29.14"), asn1.octets(asn1.octets(bytes(20))))[:-20]
"""The extension up to its value."""
_EXTENSIONS = 0xA3
"""The tag around them."""


class Addresses(NamedTuple):
    """Where the status and the issuer of a certificate are found."""

    crl: str | None = None
    ocsp: str | None = None
    issuer: str | None = None


class Kinds(NamedTuple):
    """What kind of subject a certificate names, and what kind of key it certifies."""

    subject: type[Subject]
    has_mailbox: bool
    algorithm: SignatureAlgorithm
    key_size: int


@dataclass(slots=True, unsafe_hash=True)
class Shape:
    """Everything that the rules of the linter look at. Never changed, but frozen ones would take twice as long."""

    profile: Profile
    issuer: x509.Certificate | None = field(hash=False)
    """None for a root, which names itself. Hashing a certificate takes longer than comparing it with itself."""
    algorithm: SignatureAlgorithm
    """The issuer's."""
    kinds: Kinds
    validity: timedelta
    addresses: Addresses


class Entry(NamedTuple):
    """The values that differ between certificates of one shape."""

    serial: int
    at: datetime
    subject: Subject
    name: bytes
    """The subject's, DER."""
    mailbox: str | None
    key: PublicKey

    @classmethod
    def of(cls, subject: Subject, key: PublicKey, *, serial: int, at: datetime) -> "Entry":
        """Raises `InputError` where a certificate cannot name the subject."""
        return cls(serial, at, subject, named(subject), mailbox(subject), key)

    @property
    def start(self) -> datetime:
        """From when on the certificate is good: certificates know no parts of a second."""
        return self.at.astimezone(UTC).replace(microsecond=0)

    @property
    def kinds(self) -> Kinds:
        """Raises `WeakAlgorithm` where the key is not acceptable."""
        algorithm = SignatureAlgorithm.for_key(self.key)
        return Kinds(type(self.subject), self.mailbox is not None, algorithm, self.key.key_size)


def acceptable(key: object) -> PublicKey:
    """A key, if it is of a kind that gets certificates here.

    Raises:
        InputError: it is of another kind.
        WeakAlgorithm: it is too short, or on a curve that is not used here.
    """
    if not isinstance(key, PublicKey):
        raise InputError("This kind of key gets no certificate here; use ECDSA or RSA.")
    SignatureAlgorithm.for_key(key)
    return key


class _Dates(NamedTuple):
    """What stands in all certificates of one form that begin in the same second."""

    start: datetime
    end: datetime
    """Of that second."""
    validity: bytes = b""
    usage_period: bytes = b""


@dataclass(slots=True)
class Form:
    """The parts of a to-be-signed certificate (RFC 5280 §4.1) that its shape determines."""

    version: bytes
    algorithm: bytes
    issuer: bytes
    extensions: bytes
    validity: timedelta
    signs_for: timedelta | None
    point: int | None
    """Octets of the certified key where that is a point on a curve."""
    _frames: dict[tuple[int, ...], bytes] = field(default_factory=dict, init=False)
    """The certificate with places for what differs, by the lengths of that."""
    _dates: _Dates = field(default=_Dates(_NEVER, _NEVER), init=False)
    """The latest ones."""

    def filled(self, entry: Entry) -> bytes:
        """The to-be-signed certificate.

        Raises:
            LintFailed: the serial number is not positive or too long.
        """
        if not 0 < entry.serial < _LARGEST_SERIAL:
            raise LintFailed("The serial number must be positive and fit in 20 octets (RFC 5280 §4.1.2.2).")
        dates = self._dates
        if not dates.start <= entry.at < dates.end:
            dates = self._dates = self._dates_from(entry.start)
        key = entry.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        values = (
            asn1.integer(entry.serial),
            self.issuer or entry.name,
            dates.validity,
            entry.name,
            key,
            sha1(self._bits(key), usedforsecurity=False).digest(),  # §4.2.1.2, method 1: a name, no protection
            _mailboxes(entry.mailbox) + dates.usage_period if entry.mailbox else dates.usage_period,
        )
        lengths = tuple(map(len, values))
        return (self._frames.get(lengths) or self._frames.setdefault(lengths, self._frame(*lengths))) % values

    def _frame(self, *lengths: int) -> bytes:
        *_, identifier, own = lengths
        size = len(_KEY_IDENTIFIER) + identifier + own + len(self.extensions)
        opening = asn1.header(asn1.SEQUENCE, size)
        opening = asn1.header(_EXTENSIONS, len(opening) + size) + opening + _KEY_IDENTIFIER
        parts = (self.version, self.algorithm, b"", b"", b"", opening, b"", self.extensions)
        whole = asn1.header(asn1.SEQUENCE, sum(map(len, parts)) + sum(lengths))
        return asn1.template(whole + parts[0], *parts[1:])

    def _bits(self, key: bytes) -> bytes:
        """What the BIT STRING of a `SubjectPublicKeyInfo` holds."""
        if self.point:
            return key[-self.point :]
        (_, _), (_, bits) = asn1.members(asn1.whole(key, asn1.SEQUENCE))
        return bits[1:]

    def _dates_from(self, start: datetime) -> _Dates:
        usage_period = _usage_period(start, self.signs_for) if self.signs_for else b""
        return _Dates(start, start + timedelta(seconds=1), _validity(start, self.validity), usage_period)


@dataclass(slots=True, unsafe_hash=True)
class _Specimen:
    """A shape, and the first entry that has it."""

    shape: Shape
    entry: Entry = field(compare=False)


def form(shape: Shape, entry: Entry) -> Form:
    """The form of a shape, linted under a throw-away signature when the shape is new.

    Raises:
        LintFailed: a certificate of this shape would break a rule of its profile.
    """
    return _linted(_Specimen(shape, entry))


@lru_cache(maxsize=256)
def _linted(specimen: _Specimen) -> Form:
    shape, entry = specimen.shape, specimen.entry
    draft = _draft(shape, entry)
    lint(draft, shape.profile)
    made = _parts(draft.tbs_certificate_bytes, shape)
    if made.filled(entry) != draft.tbs_certificate_bytes:
        raise LintFailed("The certificate is not issued: its form does not give back the draft that was linted.")
    return made


def _draft(shape: Shape, entry: Entry) -> x509.Certificate:
    subject = x509.Name(list(map(x509.NameAttribute, entry.subject.names, entry.subject.values)))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(shape.issuer.subject if shape.issuer else subject)
        .public_key(entry.key)
        .serial_number(entry.serial)
        .not_valid_before(entry.start)
        .not_valid_after(entry.start + shape.validity)
    )
    for extension, critical in _extensions(shape, entry):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(throwaway_key(shape.algorithm), shape.algorithm.hash.primitive)


def _extensions(shape: Shape, entry: Entry) -> list[tuple[x509.ExtensionType, bool]]:
    """What differs comes first: the subject's key, its other names, how long its key is used."""
    found: list[tuple[x509.ExtensionType, bool]] = [(x509.SubjectKeyIdentifier.from_public_key(entry.key), False)]
    if entry.mailbox:
        found.append((x509.SubjectAlternativeName([x509.RFC822Name(entry.mailbox)]), False))
    if shape.profile.signs_for:
        period = x509.PrivateKeyUsagePeriod(entry.start, entry.start + shape.profile.signs_for)
        found.append((period, False))
    found += shape.profile.extensions()
    if shape.issuer:
        identifier = shape.issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        found.append((x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False))
    return [*found, *_located(shape.addresses)]


def _located(addresses: Addresses) -> list[tuple[x509.ExtensionType, bool]]:
    """Where the status and the issuer's certificate are found (RFC 5280 §4.2.1.13, §4.2.2.1)."""
    found: list[tuple[x509.ExtensionType, bool]] = []
    if addresses.crl:
        points = [x509.DistributionPoint([x509.UniformResourceIdentifier(addresses.crl)], None, None, None)]
        found.append((x509.CRLDistributionPoints(points), False))
    methods = (
        (AuthorityInformationAccessOID.OCSP, addresses.ocsp),
        (AuthorityInformationAccessOID.CA_ISSUERS, addresses.issuer),
    )
    access = [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for method, url in methods if url]
    return [*found, (x509.AuthorityInformationAccess(access), False)] if access else found


def _parts(tbs: bytes, shape: Shape) -> Form:
    """Take the draft apart: its eight fields in the order of RFC 5280 §4.1.2."""
    version, _, algorithm, issuer, _, _, _, extensions = asn1.members(asn1.whole(tbs, asn1.SEQUENCE))
    each = [asn1.tlv(*member) for member in asn1.members(asn1.whole(extensions[1], asn1.SEQUENCE))]
    curve = shape.kinds.algorithm.name.startswith("ECDSA")
    return Form(
        version=asn1.tlv(*version),
        algorithm=asn1.tlv(*algorithm),
        issuer=asn1.tlv(*issuer) if shape.issuer else b"",
        extensions=b"".join(each[1 + shape.kinds.has_mailbox + (shape.profile.signs_for is not None) :]),
        validity=shape.validity,
        signs_for=shape.profile.signs_for,
        point=1 + 2 * ((shape.kinds.key_size + 7) // 8) if curve else None,
    )


def _validity(start: datetime, length: timedelta) -> bytes:
    return asn1.sequence(_time(start), _time(start + length))


def _time(moment: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5)."""
    moment = moment.astimezone(UTC)
    if moment.year < _CENTURY_ENDS:
        return asn1.tlv(asn1.UTC_TIME, f"{moment:%y%m%d%H%M%SZ}".encode())
    return asn1.tlv(asn1.GENERALIZED_TIME, f"{moment:%Y%m%d%H%M%SZ}".encode())


def _usage_period(start: datetime, length: timedelta) -> bytes:
    """How long the key signs, while its certificate goes on proving what it signed (RFC 3280 §4.2.1.4)."""
    moments = (start.astimezone(UTC), (start + length).astimezone(UTC))
    written = [asn1.tlv(0x80 | place, f"{moment:%Y%m%d%H%M%SZ}".encode()) for place, moment in enumerate(moments)]
    return asn1.sequence(_USAGE_PERIOD, asn1.octets(asn1.sequence(*written)))


def _mailboxes(address: str) -> bytes:
    """The subject's alternative name: one e-mail address, `rfc822Name [1]` (RFC 5280 §4.2.1.6)."""
    return _before_mailbox(len(address)) + address.encode("ascii")


@lru_cache(maxsize=256)
def _before_mailbox(length: int) -> bytes:
    whole = asn1.sequence(_NAMES, asn1.octets(asn1.sequence(asn1.tlv(0x81, bytes(length)))))
    return whole[: len(whole) - length]
