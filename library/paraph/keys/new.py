"""Keys that are made here, and the files that keep them."""

from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from paraph.keys.file import PrivateKey


class KeyType(StrEnum):
    """The kinds of key that are made (TS 119 312)."""

    P256 = "P-256"
    P384 = "P-384"
    RSA3072 = "RSA-3072"

    def generate(self) -> PrivateKey:
        match self:
            case KeyType.P256:
                return ec.generate_private_key(ec.SECP256R1())
            case KeyType.P384:
                return ec.generate_private_key(ec.SECP384R1())
            case KeyType.RSA3072:
                return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def locked(key: PrivateKey, passphrase: bytes) -> bytes:
    """The key as a file keeps it: PKCS#8 in PEM, encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
