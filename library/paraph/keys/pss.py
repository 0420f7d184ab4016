"""The parameters by which an RSA signature says how it was padded."""

from paraph.algorithms import SignatureAlgorithm
from paraph.formats import asn1

_MGF1 = "1.2.840.113549.1.1.8"


def parameters(algorithm: SignatureAlgorithm) -> bytes:
    """`RSASSA-PSS-params` (RFC 4055 §3.1): digest, mask generation with the same digest, a salt as long as it."""
    hashing = asn1.sequence(asn1.oid(algorithm.hash.oid), asn1.tlv(asn1.NULL))
    masking = asn1.sequence(asn1.oid(_MGF1), hashing)
    salt = asn1.integer(algorithm.hash.size)
    return asn1.sequence(asn1.explicit(0, hashing), asn1.explicit(1, masking), asn1.explicit(2, salt))
