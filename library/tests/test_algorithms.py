"""Which algorithms are accepted, by which keys, until when (TS 119 312 §8)."""

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa
from paraph.algorithms import LEGACY_ENDS, Hash, SignatureAlgorithm
from paraph.errors import WeakAlgorithm

RSA_2048, RSA_3072 = (rsa.generate_private_key(65537, size).public_key() for size in (2048, 3072))
P256 = ec.generate_private_key(ec.SECP256R1()).public_key()


@pytest.mark.parametrize(
    ("curve", "algorithm"),
    [
        (ec.SECP256R1(), SignatureAlgorithm.ECDSA_SHA256),
        (ec.SECP384R1(), SignatureAlgorithm.ECDSA_SHA384),
        (ec.SECP521R1(), SignatureAlgorithm.ECDSA_SHA512),
    ],
)
def test_each_curve_has_a_digest_as_strong_as_it(curve: ec.EllipticCurve, algorithm: SignatureAlgorithm) -> None:
    assert SignatureAlgorithm.for_key(ec.generate_private_key(curve).public_key()) is algorithm


def test_only_what_lasts_has_no_end() -> None:
    pkcs1, pss = SignatureAlgorithm.RSA_SHA256, SignatureAlgorithm.PSS_SHA256
    assert [pkcs1.ends(RSA_2048), pkcs1.ends(RSA_3072), pss.ends(RSA_2048)] == [LEGACY_ENDS] * 3
    assert pss.ends(RSA_3072) is None
    assert SignatureAlgorithm.ECDSA_SHA256.ends(P256) is None


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (rsa.generate_private_key(65537, 1024), "1024 bits is too short"),
        (ec.generate_private_key(ec.SECP256K1()), "secp256k1"),
        (ed448.Ed448PrivateKey.generate(), "kind of key"),
        (dsa.generate_private_key(2048), "kind of key"),
    ],
    ids=["short RSA", "another curve", "Ed448", "DSA"],
)
def test_what_is_weak_or_not_accepted_is_refused_with_the_reason(key: rsa.RSAPrivateKey, reason: str) -> None:
    with pytest.raises(WeakAlgorithm, match=reason):
        SignatureAlgorithm.for_key(key.public_key())


def test_sha_1_is_no_digest_algorithm() -> None:
    with pytest.raises(WeakAlgorithm, match="SHA-256"):
        Hash.from_oid("1.3.14.3.2.26")


def test_rsa_signs_with_all_that_rsa_has() -> None:
    fitting = {each for each in SignatureAlgorithm if each.fits(RSA_2048)}
    assert fitting == {each for each in SignatureAlgorithm if each.name.startswith(("RSA", "PSS"))}
    assert [each for each in SignatureAlgorithm if each.fits(P256)] == [SignatureAlgorithm.ECDSA_SHA256]
