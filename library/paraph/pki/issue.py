"""Issue a certificate: built, linted under a throw-away signature, then signed by the real key."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import InputError
from paraph.keys.file import FileSigner
from paraph.keys.signer import Signer
from paraph.keys.verify import verify
from paraph.pki.lint import lint
from paraph.pki.presign import PrivateKey, resign, throwaway_key
from paraph.pki.profiles import Profile
from paraph.pki.subjects import Subject

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class _Addresses:
    crl: str | None = None
    ocsp: str | None = None
    issuer: str | None = None


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
    addresses = _Addresses(None if stateless else crl_url, None if stateless else ocsp_url, ca_url)
    builder = _builder(profile, subject, public_key, serial=serial, at=at, validity=validity)
    builder = builder.issuer_name(issuer.certificate.subject).add_extension(
        _issued_by(issuer.certificate), critical=False
    )
    builder = _located(builder, addresses)
    return _signed(builder, profile, issuer)


def self_issue(
    profile: Profile, subject: Subject, key: PrivateKey, *, serial: int, at: datetime, validity: timedelta
) -> x509.Certificate:
    """A root's own certificate.

    Raises:
        InputError: the subject cannot be named.
        LintFailed: the certificate would break a rule of its profile.
    """
    builder = _builder(profile, subject, key.public_key(), serial=serial, at=at, validity=validity)
    builder = builder.issuer_name(subject.distinguished_name)
    algorithm = SignatureAlgorithm.for_key(key.public_key())
    draft = builder.sign(throwaway_key(algorithm), algorithm.hash.primitive)
    return _signed(builder, profile, FileSigner(key, draft))


def _builder(
    profile: Profile, subject: Subject, public_key: PublicKey, *, serial: int, at: datetime, validity: timedelta
) -> x509.CertificateBuilder:
    SignatureAlgorithm.for_key(public_key)  # raises WeakAlgorithm
    start = at.astimezone(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject.distinguished_name)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(start + validity)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    for extension, critical in profile.extensions():
        builder = builder.add_extension(extension, critical=critical)
    if subject.email and subject.email.isascii():
        names = x509.SubjectAlternativeName([x509.RFC822Name(subject.email)])
        builder = builder.add_extension(names, critical=False)
    return builder


def _issued_by(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _located(builder: x509.CertificateBuilder, addresses: _Addresses) -> x509.CertificateBuilder:
    """Say where the status and the issuer's certificate are found (RFC 5280 §4.2.1.13, §4.2.2.1)."""
    if addresses.crl:
        points = [x509.DistributionPoint([x509.UniformResourceIdentifier(addresses.crl)], None, None, None)]
        builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
    access = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
        for method, url in (
            (AuthorityInformationAccessOID.OCSP, addresses.ocsp),
            (AuthorityInformationAccessOID.CA_ISSUERS, addresses.issuer),
        )
        if url
    ]
    return builder.add_extension(x509.AuthorityInformationAccess(access), critical=False) if access else builder


def _signed(builder: x509.CertificateBuilder, profile: Profile, issuer: Signer) -> x509.Certificate:
    algorithm = issuer.algorithm
    draft = builder.sign(throwaway_key(algorithm), algorithm.hash.primitive)
    lint(draft, profile)
    certificate = x509.load_der_x509_certificate(resign(draft.public_bytes(Encoding.DER), issuer))
    # The holder of a key may be far away, or wrong: nothing leaves that does not verify.
    digest = Digest.of(certificate.tbs_certificate_bytes, algorithm.hash)
    verify(issuer.certificate.public_key(), digest, certificate.signature)
    return certificate
