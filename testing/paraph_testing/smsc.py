"""An SMSC that reaches nobody: SMPP 3.4 over TCP, as the message centre of a telephone network speaks it.

with Smsc() as smsc:
    ...                              # the platform sends to smsc.url
    smsc.taken[-1].text              # of a long message once all of its pieces are there
    smsc.tell(smsc.taken[-1], "DELIVRD")

It reads and writes the protocol by itself (`struct`), so that what it takes is what the standard says.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

USER, PASSWORD, SENDER = "paraph", "hush-42", "Paraph"
_HEADER = struct.Struct(">IIII")
_ANSWER = 0x8000_0000
_BIND, _SUBMIT, _DELIVER, _UNBIND, _ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
_INVALID_PASSWORD, _INVALID_USER, _NOT_BOUND = 0x0E, 0x0F, 0x04
_GSM = {0x00: "@", 0x05: "é", 0x04: "è", 0x7F: "à", 0x0A: "\n"}
_STATES = {"DELIVRD": 2, "EXPIRED": 3, "UNDELIV": 5, "REJECTD": 8, "ACCEPTD": 6}


@dataclass
class Taken:
    """A message, or a piece of one."""

    reference: str
    sender: str
    to: str
    coding: int
    content: bytes
    wants_receipt: bool
    piece: tuple[int, int, int] | None = None
    """Mark, of how many, which one."""

    @property
    def text(self) -> str:
        if self.coding:
            return self.content.decode("utf-16-be")
        return "".join(_GSM.get(each, chr(each)) for each in self.content)


@dataclass
class Smsc:
    """It takes one account. `refuses`: the status that it answers a submission with; `mute`: it answers nothing."""

    refuses: int = 0
    mute: bool = False
    decimal: bool = False
    """Whether it tells in decimals of the number that it answered in hexadecimal."""
    taken: list[Taken] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    """Every command."""
    answers: list[tuple[int, int]] = field(default_factory=list)
    """What was answered to it: commands and statuses."""

    def __enter__(self) -> Self:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._bound: list[socket.socket] = []
        self._numbers = iter(range(0xA1, 1 << 20))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.hang_up()
        self._server.close()

    @property
    def url(self) -> str:
        return self.written(PASSWORD)

    def written(self, password: str, user: str = USER, sender: str = SENDER) -> str:
        """How an operator names it."""
        return f"smpp://{user}:{password}@127.0.0.1:{self._server.getsockname()[1]}?from={sender}"

    @property
    def sessions(self) -> int:
        return len(self._bound)

    def hang_up(self) -> None:
        while self._bound:
            _closed(self._bound.pop())

    def enquire(self) -> None:
        self._say(self._bound[-1], _ENQUIRE, next(self._numbers))

    def tell(self, message: Taken, state: str, *, options: bool = False) -> None:
        """What became of it: in the text, as appendix B has it, or in parameters of their own (§5.3.2.35)."""
        number = str(int(message.reference, 16)) if self.decimal else message.reference
        text = (
            "" if options else f"id:{number} sub:001 dlvrd:001 submit date:2611271200 done date:2611271201 stat:{state}"
        )
        text += "" if options else " err:027 text:"
        body = b"\0\1\1" + message.to.encode() + b"\0\5\0" + SENDER.encode() + b"\0\4\0\0\0\0\0\0\0\0"
        body += bytes([len(text)]) + text.encode()
        if options:
            body += struct.pack(">HH", 0x1E, len(number) + 1) + number.encode() + b"\0"
            body += struct.pack(">HHB", 0x427, 1, _STATES[state])
        self._say(self._bound[-1], _DELIVER, next(self._numbers), body)

    def send_raw(self, command: int, body: bytes) -> None:
        self._say(self._bound[-1], command, next(self._numbers), body)

    def until(self, holds: Callable[[], object]) -> None:
        patience = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < patience, "The SMSC waits in vain."
            time.sleep(0.01)

    # ------------------------------------------------------------ one connection

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._talk, args=(self._server.accept()[0],), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with suppress(OSError, struct.error), client, client.makefile("rb") as lines:
            while header := lines.read(_HEADER.size):
                length, command, status, number = _HEADER.unpack(header)
                body = lines.read(length - _HEADER.size)
                if command & _ANSWER:
                    self.answers.append((command & ~_ANSWER, status))
                    continue
                self.heard.append(command)
                if not self.mute:
                    self._answer(client, command, number, body)

    def _answer(self, client: socket.socket, command: int, number: int, body: bytes) -> None:
        match command:
            case _ if command == _BIND:
                status = self._let_in(client, body)
                self._say(client, command | _ANSWER, number, b"Played SMSC\0", status)
            case _ if command == _SUBMIT:
                status = self.refuses if client in self._bound else _NOT_BOUND
                answer = b"" if status else self._take(body).reference.encode() + b"\0"
                self._say(client, command | _ANSWER, number, answer, status)
            case _:
                self._say(client, command | _ANSWER, number)
                if command == _UNBIND and client in self._bound:
                    self._bound.remove(client)

    def _let_in(self, client: socket.socket, body: bytes) -> int:
        user, password, _kind, rest = body.split(b"\0", 3)
        assert rest[0] == 0x34, "Version 3.4 is spoken here."
        if user.decode() != USER:
            return _INVALID_USER
        if password.decode() != PASSWORD:
            return _INVALID_PASSWORD
        self._bound.append(client)
        return 0

    def _take(self, body: bytes) -> Taken:
        assert body[0] == 0, "no service type was agreed on"
        sender, body = body[3:].split(b"\0", 1)
        assert tuple(body[:2]) == (1, 1), "numbers are international ones"
        to, body = body[2:].split(b"\0", 1)
        kind, body = body[0], body[3:]
        assert body[:2] == b"\0\0", "no times were agreed on"
        receipt, _replace, coding, _default, length = body[2:7]
        content, piece = body[7 : 7 + length], None
        assert len(body) == 7 + length <= 7 + 160
        if kind & 0x40:
            assert content[:3] == b"\5\0\3", "the header of a piece"
            piece, content = (content[3], content[4], content[5]), content[6:]
        taken = Taken(f"{next(self._numbers):x}", sender.decode(), to.decode(), coding, content, bool(receipt))
        taken.piece = piece
        self.taken.append(taken)
        return taken

    def _say(self, client: socket.socket, command: int, number: int, body: bytes = b"", status: int = 0) -> None:
        client.sendall(_HEADER.pack(_HEADER.size + len(body), command, status, number) + body)


def _closed(client: socket.socket) -> None:
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)
    client.close()
