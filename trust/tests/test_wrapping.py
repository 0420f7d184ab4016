"""Wrapped keys open in their own place only."""

from pathlib import Path

import pytest
from paraph_trust.errors import NotReady
from paraph_trust.keys.folder import SALT as SALT_FILE
from paraph_trust.keys.folder import KeyFolder
from paraph_trust.keys.wrapping import derive

PASSPHRASE, SALT = b"a passphrase of some length", bytes(16)


def test_a_wrapped_key_opens_in_its_place() -> None:
    wrapping = derive(PASSPHRASE, SALT)
    assert wrapping.unwrap(wrapping.wrap(b"key", place="crd_1"), place="crd_1") == b"key"


def test_it_does_not_open_in_another_place() -> None:
    wrapping = derive(PASSPHRASE, SALT)
    with pytest.raises(NotReady):
        wrapping.unwrap(wrapping.wrap(b"key", place="crd_1"), place="crd_2")


@pytest.mark.parametrize(("passphrase", "salt"), [(PASSPHRASE + b"!", SALT), (PASSPHRASE, bytes(15) + b"\1")])
def test_it_does_not_open_with_another_passphrase_or_salt(passphrase: bytes, salt: bytes) -> None:
    wrapped = derive(PASSPHRASE, SALT).wrap(b"key", place="crd_1")
    with pytest.raises(NotReady):
        derive(passphrase, salt).unwrap(wrapped, place="crd_1")


def test_a_changed_byte_is_noticed() -> None:
    wrapping = derive(PASSPHRASE, SALT)
    wrapped = bytearray(wrapping.wrap(b"key", place="crd_1"))
    wrapped[-1] ^= 1
    with pytest.raises(NotReady):
        wrapping.unwrap(bytes(wrapped), place="crd_1")


def test_a_folder_without_key_files_knows_its_passphrase(tmp_path: Path) -> None:
    KeyFolder(tmp_path, PASSPHRASE).keep_salt()
    KeyFolder(tmp_path, PASSPHRASE).unlock(apart="root")
    with pytest.raises(NotReady):
        KeyFolder(tmp_path, PASSPHRASE + b"!").unlock(apart="root")


def test_an_older_salt_goes_on(tmp_path: Path) -> None:
    (tmp_path / SALT_FILE).write_bytes(SALT)
    wrapped = derive(PASSPHRASE, SALT).wrap(b"key", place="crd_1")
    assert KeyFolder(tmp_path, PASSPHRASE).wrapping().unwrap(wrapped, place="crd_1") == b"key"
