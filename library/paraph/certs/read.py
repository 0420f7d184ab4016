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
    except ValueError as error:
        raise UnusableCertificate(f"This is not a certificate in PEM or DER: {error}") from None
