"""What stands around a signature value (RFC 5652 §11, EN 319 122-1 §5): attributes and the names of algorithms, DER."""

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.formats import asn1
from paraph.keys import pss

CONTENT_TYPE = asn1.oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = asn1.oid("1.2.840.113549.1.9.4")
SIGNING_TIME = asn1.oid("1.2.840.113549.1.9.5")
COUNTER_SIGNATURE = asn1.oid("1.2.840.113549.1.9.6")
ALGORITHM_PROTECTION = asn1.oid("1.2.840.113549.1.9.52")  # RFC 6211
SIGNATURE_TIMESTAMP = asn1.oid("1.2.840.113549.1.9.16.2.14")  # RFC 3161 appendix A
SIGNING_CERTIFICATE_V2 = asn1.oid("1.2.840.113549.1.9.16.2.47")  # RFC 5035
ARCHIVE_TIMESTAMP = asn1.oid("0.4.0.1733.2.4")  # archive-time-stamp-v3, EN 319 122-1 §5.5.3
ARCHIVE_INDEX = asn1.oid("0.4.0.19122.1.5")  # ats-hash-index-v3, EN 319 122-1 §5.5.2


def attribute(kind: bytes, value: bytes) -> bytes:
    """An `Attribute` with one value."""
    return asn1.sequence(kind, asn1.tlv(asn1.SET, value))


def digest_algorithm(algorithm: SignatureAlgorithm) -> bytes:
    return asn1.sequence(asn1.oid(algorithm.hash.oid))


def signature_algorithm(algorithm: SignatureAlgorithm) -> bytes:
    """RFC 4055 §5 wants NULL parameters for RSA, §3.1 those of PSS; RFC 5758 §3.2 none for ECDSA."""
    parameters = asn1.tlv(asn1.NULL) if algorithm.name.startswith("RSA") else b""
    return asn1.sequence(asn1.oid(algorithm.oid), pss.parameters(algorithm) if algorithm.is_pss else parameters)


def algorithm_protection(algorithm: SignatureAlgorithm) -> bytes:
    """`CMSAlgorithmProtection`: what the signature rests on cannot be exchanged for something weaker (RFC 6211 §2)."""
    named = asn1.tlv(0xA1, asn1.whole(signature_algorithm(algorithm), asn1.SEQUENCE))
    return attribute(ALGORITHM_PROTECTION, asn1.sequence(digest_algorithm(algorithm), named))


def signing_certificate(der: bytes, issuer: bytes, serial: bytes, algorithm: SignatureAlgorithm) -> bytes:
    """`SigningCertificateV2` with one certificate (RFC 5035 §3); SHA-256 is the default and then left out (DER)."""
    named = digest_algorithm(algorithm) if algorithm.hash.value != "sha256" else b""
    identifier = asn1.sequence(named, asn1.octets(Digest.of(der, algorithm.hash).value), issuer_serial(issuer, serial))
    return attribute(SIGNING_CERTIFICATE_V2, asn1.sequence(asn1.sequence(identifier)))


def issuer_serial(issuer: bytes, serial: bytes) -> bytes:
    """`IssuerSerial` (RFC 5035 §5): the name of an issuer and the number that it gave."""
    return asn1.sequence(asn1.sequence(asn1.explicit(4, issuer)), serial)
