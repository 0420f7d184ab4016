"""Certificates from bytes."""

from cryptography import x509

from paraph.errors import UnusableCertificate


def read(data: bytes) -> list[x509.Certificate]:
    """One certificate in DER, or one or many in PEM.

    Raises:
        UnusableCertificate: neither.
    """
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except (ValueError, x509.InvalidVersion) as error:
        raise UnusableCertificate(f"This is not a certificate in PEM or DER: {error}") from None


def parsed(encoded: bytes) -> x509.Certificate:
    """One certificate in DER, as it came along with something else.

    Raises:
        UnusableCertificate: it cannot be read.
    """
    try:
        return x509.load_der_x509_certificate(encoded)
    except (ValueError, x509.InvalidVersion) as error:
        raise UnusableCertificate(f"A certificate that came along cannot be read: {error}") from None
