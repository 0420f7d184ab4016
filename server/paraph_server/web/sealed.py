"""What the database keeps and must not tell whoever reads it: encrypted with the installation's key for fields."""

import base64
import functools

from cryptography.fernet import Fernet

from paraph_server.config.options import key_bytes, options


def seal(text: str) -> bytes:
    return fernet().encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    return fernet().decrypt(bytes(sealed)).decode()


@functools.cache
def fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_bytes(options().field_key)))
