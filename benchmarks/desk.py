"""A folder with a seal's key and the root that it leads to, for benchmarks of the command line."""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from paraph_testing.status import StatusService


def furnish(folder: Path, service: StatusService) -> None:
    """Put `seal.p12`, its passphrase in `passphrase`, and `root.pem` into a folder."""
    seal = service.pki.rsa_seal
    lock = BestAvailableEncryption(b"secret")
    bundle = pkcs12.serialize_key_and_certificates(b"seal", seal._key, seal.certificate, list(seal.chain), lock)  # noqa: SLF001  it is ours
    (folder / "seal.p12").write_bytes(bundle)
    (folder / "passphrase").write_text("secret")
    (folder / "root.pem").write_bytes(service.pki.root.certificate.public_bytes(Encoding.PEM))
