"""A smart card in a virtual reader: the applet of NIST SP 800-73-4 (PIV), spoken to through `pcscd` by any driver.

    with Reader(), Card(pki.agent) as card:
        …                                  # OpenSC's module finds it: `OPENSC`
        card.pull_out()

The reader is Debian's `vsmartcard-vpcd`; its own card emulator does not run with today's Python. Of PIV, there is what
signing takes: the certificate of the signature key (9C), its PIN with a counter, and the signature itself.
"""

import socket
import struct
import subprocess
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from paraph.keys.file import FileSigner

OPENSC = Path("/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so")
DRIVER = Path("/etc/reader.conf.d/vpcd")
PIN, TRIES = "123456", 3

_ALONE = get_context("spawn")
_PORT = 35963
_PATIENCE = 30.0  # seconds
_GIVE_ATR = 4
"""What the reader says in one byte; the others are power and reset."""
_ATR = bytes.fromhex("3B 8F 80 01 80 4F 0C A0 00 00 03 08 00 00 00 00 00 00 00 C5".replace(" ", ""))
_APPLET = bytes.fromhex("A000000308000010000100")
_OK, _NOT_FOUND, _LOCKED, _NO_PIN, _UNKNOWN = 0x9000, 0x6A82, 0x6983, 0x6982, 0x6D00
_WRONG = 0x63C0


class Reader:
    """`pcscd` with the virtual reader in it; needs root, and that no other one runs."""

    def __enter__(self) -> Self:
        self._daemon = subprocess.Popen(
            ["pcscd", "--foreground"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + _PATIENCE
        while not _listens() and time.monotonic() < until:
            time.sleep(0.1)
        return self

    def __exit__(self, *exception: object) -> None:
        self._daemon.terminate()
        self._daemon.wait(10)


def _listens() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", _PORT)) == 0


class Card:
    """A card with one key, for signatures, that wants its PIN before each of them.

    It is a process of its own: drivers hold Python still while they wait for it.
    """

    def __init__(self, signer: FileSigner) -> None:
        key = signer._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())  # noqa: SLF001  it moves onto the card
        self._content = (key, signer.certificate.public_bytes(Encoding.DER))
        self._tries, self._signatures = _ALONE.Value("i", TRIES), _ALONE.Value("i", 0)
        self._seen = _ALONE.Event()

    @property
    def tries(self) -> int:
        """How many wrong PINs it still takes."""
        return int(self._tries.value)

    @property
    def signatures(self) -> int:
        """How many it has made."""
        return int(self._signatures.value)

    def __enter__(self) -> Self:
        self.put_in()
        return self

    def __exit__(self, *exception: object) -> None:
        self.pull_out()

    def put_in(self) -> None:
        self._seen.clear()
        state = (self._tries, self._signatures, self._seen)
        self._process = _ALONE.Process(target=_run, args=(*self._content, *state), daemon=True)
        self._process.start()
        if not self._seen.wait(_PATIENCE):
            raise RuntimeError("pcscd does not see the card.")
        time.sleep(1)  # until it tells others of it

    def pull_out(self) -> None:
        self._process.kill()
        self._process.join()
        time.sleep(1)


def _run(key: bytes, certificate: bytes, tries: Any, signatures: Any, seen: Any) -> None:
    with socket.create_connection(("127.0.0.1", _PORT)) as line:
        _Applet(load_der_private_key(key, None), certificate, tries, signatures, seen).serve(line)


class _Applet:
    """What runs on the card."""

    def __init__(self, key: Any, certificate: bytes, tries: Any, signatures: Any, seen: Any) -> None:
        self._key, self._certificate, self._seen = key, certificate, seen
        self._tries, self._signatures = tries, signatures
        self._answer, self._command, self._verified = b"", b"", False

    # ------------------------------------------------------------ the line

    def serve(self, line: socket.socket) -> None:
        try:
            while True:
                said = _read(line, struct.unpack("!H", _read(line, 2))[0])
                if said == bytes([_GIVE_ATR]):
                    _write(line, _ATR)
                    self._seen.set()
                elif len(said) == 1:
                    self._verified = False
                else:
                    _write(line, self._carry_out(said))
        except OSError:
            return

    def _carry_out(self, command: bytes) -> bytes:
        """One APDU (ISO 7816-4), short, perhaps chained; its answer, with what is left to be fetched."""
        chained, instruction = command[0] & 0x10, command[1]
        if instruction == 0xC0:  # GET RESPONSE
            return self._next(command[4] or 256)
        length = command[4] if len(command) > 5 else 0
        self._command += command[5 : 5 + length]
        if chained:
            return struct.pack("!H", _OK)
        data, self._command = self._command, b""
        match instruction:
            case 0xA4:
                status = self._select(data)
            case 0xCB:
                status = self._object(data)
            case 0x20:
                status = self._verify(data)
            case 0x87:
                status = self._sign(data)
            case _:
                status = _UNKNOWN
        return self._next(256) if status == _OK else struct.pack("!H", status)

    def _next(self, most: int) -> bytes:
        part, self._answer = self._answer[:most], self._answer[most:]
        left = len(self._answer)
        return part + struct.pack("!H", (0x6100 | (left if left < 256 else 0)) if left else _OK)

    # ------------------------------------------------------------ the applet

    def _select(self, name: bytes) -> int:
        if not name or not _APPLET.startswith(name[:5]):
            return _NOT_FOUND
        self._answer = _tlv(0x61, _tlv(0x4F, _APPLET[5:]) + _tlv(0x79, _tlv(0x4F, _APPLET[:5])))
        return _OK

    def _object(self, wanted: bytes) -> int:
        known = {
            bytes.fromhex("5FC102"): _tlv(0x30, bytes(25)) + _tlv(0x34, bytes(range(16))) + _tlv(0x35, b"20401231"),
            bytes.fromhex("5FC10A"): _tlv(0x70, self._certificate) + _tlv(0x71, b"\0") + _tlv(0xFE, b""),
        }
        found = known.get(wanted[2:])
        if found is None:
            return _NOT_FOUND
        self._answer = _tlv(0x53, found)
        return _OK

    def _verify(self, pin: bytes) -> int:
        if self._tries.value == 0:
            return _LOCKED
        if pin:
            self._verified = pin == PIN.encode().ljust(8, b"\xff")
            self._tries.value = TRIES if self._verified else self._tries.value - 1
        if self._verified:
            return _OK
        return _WRONG | self._tries.value if self._tries.value else _LOCKED

    def _sign(self, template: bytes) -> int:
        if not self._verified:
            return _NO_PIN
        self._verified = False  # the signature key asks each time (SP 800-73-4 part 1, table 5)
        digest = template[template.index(b"\x81") + 2 :]
        signature = self._key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        self._signatures.value += 1
        self._answer = _tlv(0x7C, _tlv(0x82, signature))
        return _OK


def _tlv(tag: int, value: bytes) -> bytes:
    length = len(value)
    size = (
        bytes([length])
        if length < 0x80
        else b"\x81" + bytes([length])
        if length < 0x100
        else b"\x82" + struct.pack("!H", length)
    )
    return bytes([tag]) + size + value


def _read(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = line.recv(size - len(found))
        if not part:
            raise ConnectionError
        found += part
    return found


def _write(line: socket.socket, content: bytes) -> None:
    line.sendall(struct.pack("!H", len(content)) + content)
