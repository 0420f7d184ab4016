"""Issue a certificate: linted under a throw-away signature when its shape is new, then signed by the real key."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import InputError
from paraph.formats import asn1
from paraph.keys.file import FileSigner
from paraph.keys.signer import Signer
from paraph.keys.verify import verify
from paraph.pki.form import Addresses, Entry, Form, Kinds, PublicKey, Shape, acceptable, form
from paraph.pki.presign import PrivateKey, throwaway_key
from paraph.pki.profiles import Profile
from paraph.pki.subjects import Subject


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
    """A certificate for `subject`, valid from `at` on; for many, an `Issuance`.

    Raises:
        InputError: the subject cannot be named, or the certificate would outlive its issuer.
        LintFailed: the certificate would break a rule of its profile; the issuer's key has not been used.
        SignatureMismatch: the issuer's key signed something else.
        Unavailable: the key's holder did not answer.
    """
    issuance = Issuance(profile, issuer, validity=validity, crl_url=crl_url, ocsp_url=ocsp_url, ca_url=ca_url)
    return x509.load_der_x509_certificate(issuance.issue(subject, public_key, serial=serial, at=at))


class Issuance:
    """Certificates that differ in whom they name, when they begin and whose key they certify: thousands a second.

    Short-term certificates and OCSP responders name no place where their status could be asked.
    """

    def __init__(
        self,
        profile: Profile,
        issuer: Signer,
        *,
        validity: timedelta,
        crl_url: str | None = None,
        ocsp_url: str | None = None,
        ca_url: str | None = None,
    ) -> None:
        stateless = profile.short_term or profile.purpose == ExtendedKeyUsageOID.OCSP_SIGNING
        self._profile, self._issuer, self._validity = profile, issuer, validity
        self._addresses = Addresses(None if stateless else crl_url, None if stateless else ocsp_url, ca_url)
        self._latest = issuer.certificate.not_valid_after_utc - validity
        self._forms: dict[Kinds, Form] = {}

    def issue(self, subject: Subject, public_key: PublicKey, *, serial: int, at: datetime) -> bytes:
        """A certificate as DER; raises as `issue` does."""
        if at > self._latest:
            raise InputError("The certificate would outlive its issuer.")
        entry = Entry.of(subject, public_key, serial=serial, at=at)
        kinds = entry.kinds
        made = self._forms.get(kinds) or self._forms.setdefault(kinds, form(self._shape(kinds), entry))
        return _signed(made, entry, self._issuer)

    def _shape(self, kinds: Kinds) -> Shape:
        issuer = self._issuer
        return Shape(self._profile, issuer.certificate, issuer.algorithm, kinds, self._validity, self._addresses)


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
    entry = Entry.of(subject, acceptable(holder.certificate.public_key()), serial=serial, at=at)
    shape = Shape(profile, None, holder.algorithm, entry.kinds, validity, Addresses())
    return x509.load_der_x509_certificate(_signed(form(shape, entry), entry, holder))


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


def _signed(made: Form, entry: Entry, issuer: Signer) -> bytes:
    body = made.filled(entry)
    digest = Digest.of(body, issuer.algorithm.hash)
    value = issuer.sign(digest)
    if not isinstance(issuer, FileSigner):
        # The holder of a key may be far away, or wrong: nothing leaves that does not verify.
        verify(issuer.certificate.public_key(), digest, value)
    return _frame(len(body), made.algorithm, len(value)) % (body, value)


@lru_cache(maxsize=256)
def _frame(body: int, algorithm: bytes, value: int) -> bytes:
    """A certificate with places for what is signed and for the signature (RFC 5280 §4.1)."""
    bits = asn1.header(asn1.BIT_STRING, 1 + value) + b"\0"
    whole = asn1.header(asn1.SEQUENCE, body + len(algorithm) + len(bits) + value)
    return asn1.template(whole, algorithm + bits, b"")
