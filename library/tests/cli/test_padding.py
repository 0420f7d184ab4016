"""RSA keys of today: a word about their end, and `--pss`; and one about keys that the standard does not list."""

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from paraph_testing.pki import Pki

from .conftest import PASSPHRASE


def test_an_old_padding_is_named_with_its_end(
    desk: Path, today: Pki, paraph: Callable[..., tuple[int, str, str]]
) -> None:
    seal, lock = today.rsa_seal, BestAvailableEncryption(PASSPHRASE.encode())
    bundle = pkcs12.serialize_key_and_certificates(b"seal", seal._key, seal.certificate, list(seal.chain), lock)
    (desk / "seal.p12").write_bytes(bundle)
    code, _, said = paraph("sign invoice.pdf KEY")
    assert (code, "RSA with SHA256" in said, "2029-01-01" in said) == (0, True, True)
    code, _, said = paraph("sign invoice.pdf KEY --pss --output padded.pdf")
    assert (code, "PSS with SHA256" in said) == (0, True)  # 2048 bits end, too
    assert paraph("validate padded.pdf --trust root.pem")[0] == 0


def test_an_unlisted_algorithm_is_named(desk: Path, today: Pki, paraph: Callable[..., tuple[int, str, str]]) -> None:
    seal, lock = today.ed25519_seal, BestAvailableEncryption(PASSPHRASE.encode())
    bundle = pkcs12.serialize_key_and_certificates(b"seal", seal._key, seal.certificate, list(seal.chain), lock)
    (desk / "seal.p12").write_bytes(bundle)
    code, _, said = paraph("sign invoice.pdf KEY")
    assert (code, "TS 119 312" in said) == (0, True)


def test_a_key_that_lasts_is_not_talked_about(paraph: Callable[..., tuple[int, str, str]]) -> None:
    assert paraph("sign invoice.pdf KEY") == (0, "invoice-signed.pdf\n", "")
    assert paraph("sign invoice.pdf KEY --pss --output other.pdf")[0] == 2
