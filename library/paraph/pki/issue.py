"""Issue a certificate: linted under a throw-away signature when its shape is new, then signed by the real key."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import InputError
from paraph.formats import asn1
from paraph.keys.file import FileSigner
from paraph.keys.signer import Signer
from paraph.keys.verify import verify
from paraph.pki.form import Addresses, Entry, PublicKey, Shape, acceptable, form
from paraph.pki.presign import PrivateKey, throwaway_key
from paraph.pki.profiles import Profile
from paraph.pki.subjects import Subject, mailbox, named


def issue(
    profile: Profile,
    subject: Subject,
    public_key: PublicKey,
    *,
    issuer: Signer,
    serial: int,
    at: datetime,
    validity: timedelta,
    crl_url: str | None = None,
    ocsp_url: str | None = None,
    ca_url: str | None = None,
) -> x509.Certificate:
    """A certificate for `subject`, valid from `at` on.

    Short-term certificates and OCSP responders name no place where their status could be asked.

    Raises:
        InputError: the subject cannot be named, or the certificate would outlive its issuer.
        LintFailed: the certificate would break a rule of its profile; the issuer's key has not been used.
        SignatureMismatch: the issuer's key signed something else.
        Unavailable: the key's holder did not answer.
    """
    if at + validity > issuer.certificate.not_valid_after_utc:
        raise InputError("The certificate would outlive its issuer.")
    stateless = profile.short_term or profile.purpose == ExtendedKeyUsageOID.OCSP_SIGNING
    addresses = Addresses(None if stateless else crl_url, None if stateless else ocsp_url, ca_url)
    entry = _entry(subject, public_key, serial, at)
    shape = _shape(
        profile,
        entry,
        issuer=issuer.certificate,
        algorithm=issuer.algorithm,
        validity=validity,
        addresses=addresses,
    )
    return _signed(shape, entry, issuer)


def self_issue(
    profile: Profile, subject: Subject, key: PrivateKey | Signer, *, serial: int, at: datetime, validity: timedelta
) -> x509.Certificate:
    """A root's own certificate.

    Args:
        profile: the root's.
        subject: whom it names.
        key: the root's, or its holder, who has a certificate that stands in (`stand_in`).
        serial: its number.
        at: from when on it is good.
        validity: for how long.

    Raises:
        InputError: the subject cannot be named.
        LintFailed: the certificate would break a rule of its profile.
    """
    holder = FileSigner(key, stand_in(key.public_key())) if isinstance(key, PrivateKey) else key
    entry = _entry(subject, acceptable(holder.certificate.public_key()), serial, at)
    shape = _shape(profile, entry, issuer=None, algorithm=holder.algorithm, validity=validity, addresses=Addresses())
    return _signed(shape, entry, holder)


def stand_in(key: PublicKey) -> x509.Certificate:
    """A certificate that shows a key's public half until it has its own."""
    algorithm = SignatureAlgorithm.for_key(key)
    nobody = x509.Name([])
    return (
        x509.CertificateBuilder(nobody, nobody, key, 1)
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2000, 1, 1, tzinfo=UTC))
        .sign(throwaway_key(algorithm), algorithm.hash.primitive)
    )


def _entry(subject: Subject, public_key: PublicKey, serial: int, at: datetime) -> Entry:
    start = at.astimezone(UTC).replace(microsecond=0)
    attributes = subject.attributes
    return Entry(serial, start, attributes, named(attributes), public_key, mailbox(subject))


def _shape(
    profile: Profile,
    entry: Entry,
    *,
    issuer: x509.Certificate | None,
    algorithm: SignatureAlgorithm,
    validity: timedelta,
    addresses: Addresses,
) -> Shape:
    key = (SignatureAlgorithm.for_key(entry.key), entry.key.key_size)  # raises WeakAlgorithm
    names = tuple([kind for kind, _ in entry.attributes])
    return Shape(profile, issuer, algorithm, key, names, entry.mailbox is not None, validity, addresses)


def _signed(shape: Shape, entry: Entry, issuer: Signer) -> x509.Certificate:
    made = form(shape, entry)
    body = made.filled(entry)
    digest = Digest.of(body, issuer.algorithm.hash)
    value = issuer.sign(digest)
    if not isinstance(issuer, FileSigner):
        # The holder of a key may be far away, or wrong: nothing leaves that does not verify.
        verify(issuer.certificate.public_key(), digest, value)
    return x509.load_der_x509_certificate(asn1.sequence(body, made.algorithm, asn1.tlv(asn1.BIT_STRING, b"\0", value)))
