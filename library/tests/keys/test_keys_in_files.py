"""A key is found with its certificates in whatever form it lies, or the reason why not is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st
from paraph.algorithms import Digest, Hash, SignatureAlgorithm
from paraph.errors import Refused, SignatureMismatch, UnusableKey, WeakAlgorithm
from paraph.keys.file import FileSigner, load
from paraph.keys.verify import verifier, verify
from paraph_testing.pki import Pki

PASSPHRASE = b"correct horse battery staple"
LOCKED = BestAvailableEncryption(PASSPHRASE)
OPEN = NoEncryption()


def written(signer: FileSigner, encoding: Encoding, lock: KeySerializationEncryption) -> bytes:
    return signer._key.private_bytes(encoding, PrivateFormat.PKCS8, lock)


def bundle(signer: FileSigner, lock: KeySerializationEncryption) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"seal", signer._key, signer.certificate, list(signer.chain), lock)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def works(signer: FileSigner, original: FileSigner) -> bool:
    digest = Digest.of(b"The lease", signer.algorithm.hash)
    verify(original.certificate.public_key(), digest, signer.sign(digest))
    return signer.certificate == original.certificate and signer.chain == original.chain


@pytest.mark.parametrize("name", ["seal", "rsa_seal", "issuing"])
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize("lock", [OPEN, LOCKED])
def test_a_key_with_its_certificates_beside_it(
    pki: Pki, name: str, encoding: Encoding, lock: KeySerializationEncryption
) -> None:
    """The certificates come in any order."""
    original = getattr(pki, name)
    beside = pem(*reversed(original.chain), original.certificate)
    assert works(load(written(original, encoding, lock), PASSPHRASE if lock is LOCKED else None, beside), original)


@pytest.mark.parametrize("name", ["seal", "rsa_seal"])
@pytest.mark.parametrize("lock", [OPEN, LOCKED])
def test_a_pkcs12_file(pki: Pki, name: str, lock: KeySerializationEncryption) -> None:
    original = getattr(pki, name)
    assert works(load(bundle(original, lock), PASSPHRASE if lock is LOCKED else None), original)


def test_one_pem_file_with_everything(pki: Pki) -> None:
    together = pem(*pki.seal.chain) + written(pki.seal, Encoding.PEM, LOCKED) + pem(pki.seal.certificate)
    assert works(load(together, PASSPHRASE), pki.seal)


def test_a_pkcs12_file_that_openssl_wrote(pki: Pki, tmp_path: Path, openssl: Callable[..., Any]) -> None:
    (tmp_path / "key.pem").write_bytes(written(pki.seal, Encoding.PEM, OPEN) + pem(pki.seal.certificate))
    (tmp_path / "chain.pem").write_bytes(pem(*pki.seal.chain))
    made = openssl(
        *("pkcs12", "-export", "-in", tmp_path / "key.pem", "-certfile", tmp_path / "chain.pem"),
        *("-passout", f"pass:{PASSPHRASE.decode()}", "-out", tmp_path / "seal.p12"),
    )
    assert made.returncode == 0, made.stderr
    assert works(load((tmp_path / "seal.p12").read_bytes(), PASSPHRASE), pki.seal)


@pytest.mark.parametrize("passphrase", [b"wrong", None])
@pytest.mark.parametrize("form", ["pem", "der", "pkcs12"])
def test_a_wrong_or_missing_passphrase_opens_nothing(pki: Pki, form: str, passphrase: bytes | None) -> None:
    forms = {"pem": written(pki.seal, Encoding.PEM, LOCKED), "der": written(pki.seal, Encoding.DER, LOCKED)}
    data = forms.get(form) or bundle(pki.seal, LOCKED)
    with pytest.raises(UnusableKey, match="passphrase"):
        load(data, passphrase, pem(pki.seal.certificate))


def test_a_passphrase_for_an_open_key_is_a_mistake(pki: Pki) -> None:
    with pytest.raises(UnusableKey, match="takes no passphrase"):
        load(written(pki.seal, Encoding.PEM, OPEN), PASSPHRASE, pem(pki.seal.certificate))


def test_somebody_elses_certificate_does_not_fit(pki: Pki) -> None:
    with pytest.raises(UnusableKey, match="None of the certificates"):
        load(written(pki.seal, Encoding.PEM, OPEN), None, pem(pki.rsa_seal.certificate, *pki.seal.chain))


def test_a_key_without_any_certificate_signs_nothing(pki: Pki) -> None:
    with pytest.raises(UnusableKey, match="None of the certificates"):
        load(written(pki.seal, Encoding.PEM, OPEN))


def test_certificates_that_are_cut_off_are_said_to_be(pki: Pki) -> None:
    with pytest.raises(UnusableKey, match="cannot be read"):
        load(written(pki.seal, Encoding.PEM, OPEN), None, pem(pki.seal.certificate)[:-60])


def test_a_key_that_cannot_sign_here_is_refused(pki: Pki) -> None:
    other = ed448.Ed448PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, OPEN)
    with pytest.raises(UnusableKey, match="ECDSA"):
        load(other, None, pem(pki.seal.certificate))


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(public_exponent=65537, key_size=1024), ec.generate_private_key(ec.SECP256K1())],
    ids=["rsa-1024", "secp256k1"],
)
def test_a_weak_key_is_refused(pki: Pki, key: Any) -> None:
    with pytest.raises(WeakAlgorithm):
        FileSigner(key, pki.seal.certificate)


def test_another_keys_certificate_is_refused(pki: Pki) -> None:
    with pytest.raises(UnusableKey, match="another key"):
        FileSigner(ec.generate_private_key(ec.SECP256R1()), pki.seal.certificate)


def test_a_key_signs_digests_of_its_own_algorithm_only(pki: Pki) -> None:
    with pytest.raises(Refused):
        pki.seal.sign(Digest.of(b"The lease", Hash.SHA512))


@given(st.binary() | st.binary().map(lambda noise: b"-----BEGIN PRIVATE KEY-----\n" + noise))
def test_whatever_the_bytes_are_it_is_said_that_they_are_no_key(noise: bytes) -> None:
    with pytest.raises(UnusableKey):
        load(noise)


def test_an_rsa_key_signs_with_the_padding_that_was_chosen(pki: Pki) -> None:
    key, digest = pki.rsa_seal.certificate.public_key(), Digest.of(b"The lease")
    padded = pki.pss_seal.sign(digest)
    verify(key, digest, padded, algorithm=SignatureAlgorithm.PSS_SHA256)
    with pytest.raises(SignatureMismatch):
        verify(key, digest, padded)
    with pytest.raises(SignatureMismatch):
        verify(key, digest, pki.rsa_seal.sign(digest), algorithm=SignatureAlgorithm.PSS_SHA256)


def test_a_key_does_not_sign_with_another_kinds_algorithm(pki: Pki) -> None:
    for signer, algorithm in (
        (pki.seal, SignatureAlgorithm.PSS_SHA256),
        (pki.seal, SignatureAlgorithm.ECDSA_SHA384),
        (pki.rsa_seal, SignatureAlgorithm.ECDSA_SHA256),
    ):
        with pytest.raises(UnusableKey, match=algorithm.name):
            FileSigner(signer._key, signer.certificate, algorithm=algorithm)
        with pytest.raises(SignatureMismatch):
            verify(signer.certificate.public_key(), Digest.of(b"The lease"), b"value", algorithm=algorithm)


def test_a_verifier_refuses_another_value_and_another_kind_of_digest(pki: Pki) -> None:
    key, digest = pki.bob.certificate.public_key(), Digest.of(b"The lease")
    check, value = verifier(key, Hash.SHA256), pki.bob.sign(digest)
    check(digest, value)
    with pytest.raises(SignatureMismatch, match="not made by the certificate"):
        check(Digest.of(b"Another lease"), value)
    with pytest.raises(SignatureMismatch, match="another kind of digest"):
        check(Digest.of(b"The lease", Hash.SHA512), value)
