"""Let `cryptography` build a structure, and whoever holds the key sign it.

The builders sign only with keys in memory. So a structure is first signed with a throw-away key of the issuer's kind,
which also gives something to lint before the real key has signed anything; then its signature is exchanged.
"""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.formats import asn1
from paraph.keys.signer import Signer

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def throwaway_key(algorithm: SignatureAlgorithm) -> PrivateKey:
    """A key that protects nothing."""
    match algorithm:
        case SignatureAlgorithm.ECDSA_SHA256:
            return ec.generate_private_key(ec.SECP256R1())
        case SignatureAlgorithm.ECDSA_SHA384:
            return ec.generate_private_key(ec.SECP384R1())
        case SignatureAlgorithm.ECDSA_SHA512:
            return ec.generate_private_key(ec.SECP521R1())
        case _:
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def resign(structure: bytes, signer: Signer) -> bytes:
    """Exchange the signature of a signed structure: `SEQUENCE { tbs, algorithm, BIT STRING, … }`."""
    content = asn1.whole(structure, asn1.SEQUENCE)
    _, _, end_of_body = asn1.read(content)
    _, _, end_of_algorithm = asn1.read(content, end_of_body)
    _, _, end_of_value = asn1.read(content, end_of_algorithm)
    value = signer.sign(Digest.of(content[:end_of_body], signer.algorithm.hash))
    return asn1.sequence(content[:end_of_algorithm], asn1.tlv(asn1.BIT_STRING, b"\0", value), content[end_of_value:])
