"""Certificates from bytes, and what is often asked of them."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256

from paraph.errors import UnusableCertificate

BROKEN = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What `cryptography` raises over certificates, requests and lists that are not what they should be."""


def read(data: bytes) -> list[x509.Certificate]:
    """One certificate in DER, or one or many in PEM.

    Raises:
        UnusableCertificate: neither.
    """
    try:
        if b"-----BEGIN" in data:
            return [_whole(each) for each in x509.load_pem_x509_certificates(data)]
        return [_whole(x509.load_der_x509_certificate(data))]
    except BROKEN as error:
        raise UnusableCertificate(f"This is not a certificate in PEM or DER: {error}") from None


def parsed(encoded: bytes) -> x509.Certificate:
    """One certificate in DER, as it came along with something else.

    Raises:
        UnusableCertificate: it cannot be read.
    """
    try:
        return _whole(x509.load_der_x509_certificate(encoded))
    except BROKEN as error:
        raise UnusableCertificate(f"A certificate that came along cannot be read: {error}") from None


def policies(certificate: x509.Certificate) -> tuple[str, ...]:
    """The object identifiers of the policies under which it was issued (RFC 5280 §4.2.1.4)."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(each.policy_identifier.dotted_string for each in found)


def thumbprint(certificate: x509.Certificate) -> str:
    """Its SHA-256 in hexadecimal digits, by which people and programs tell it from others (RFC 8705 §3.1)."""
    return certificate.fingerprint(SHA256()).hex()


def _whole(certificate: x509.Certificate) -> x509.Certificate:
    """It, decoded: the library puts that off until somebody asks, in the middle of something else."""
    _ = certificate.subject, certificate.issuer, certificate.extensions
    return certificate
