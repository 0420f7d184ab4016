"""A session with an SMSC: one connection of this process, bound as a transceiver, for as long as it is of use.

A thread of its own reads: it hands answers to whoever waits for them, asks after a pause whether the other side is
still there (`enquire_link`), and lets receipts be written down before it says that it has them.
"""

import atexit
import itertools
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NoAnswer
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote

from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.smpp import pdus
from paraph_server.notifications.smpp.alphabets import Text
from paraph_server.notifications.smpp.pdus import HEADER, LONGEST, RESPONSE, Command, Pdu, Receipt

logger = logging.getLogger(__name__)
PATIENCE = 10.0
"""Seconds for a connection, and for an answer."""
PAUSE = 30.0
"""Seconds of silence after which the other side is asked whether it is there; after as many more it is not."""
_PORTS = {"smpp": 2775, "smpps": 3550}
WORDS = {
    0x05: "we are bound already, as often as we may",
    0x0A: "the sender is not ours to use",
    0x0B: "there is no such number",
    0x0D: "we may not bind",
    0x0E: "the password is wrong",
    0x0F: "the user is not known",
    0x14: "its queue is full",
    0x45: "it could not take the message",
    0x58: "we send too fast",
}
"""What statuses mean (§5.1.3)."""
FOR_GOOD = {0x01, 0x0A, 0x0B, 0x33, 0x34, 0x48, 0x49, 0x50, 0x51, 0x61}
"""Those after which sending the same again is no use."""
_LATER = 0x64
"""`ESME_RX_T_APPN`: tell us again."""
Tell = Callable[[Receipt], None]


@dataclass(frozen=True, slots=True)
class Account:
    """Where the SMSC is, and who we are there; `smpp://USER:PASSWORD@HOST:2775?from=NAME`, with TLS `smpps://`."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    sender: str

    @classmethod
    def of(cls, url: SplitResult) -> Self:
        sender = parse_qs(url.query.replace("+", "%2B")).get("from", [""])[0]
        who = unquote(url.username or ""), unquote(url.password or "")
        return cls(url.hostname or "", url.port or _PORTS[url.scheme], url.scheme == "smpps", *who, sender)


class Session:
    """Bound when it is made; `closed` for good when anything goes wrong."""

    def __init__(self, account: Account, tell: Tell) -> None:
        self.closed = False
        self._tell, self._numbers = tell, itertools.count(1)
        self._waiting: dict[int, Future[Pdu]] = {}
        self._sending = threading.Lock()
        self._socket = _connected(account)
        threading.Thread(target=self._read, name="smpp", daemon=True).start()
        try:
            self._ask(Command.BIND, pdus.bind(account.user, account.password))
        except NotDelivered:
            self.close()
            raise

    def submit(self, sender: str, number: str, text: Text) -> list[str]:
        """Send a text; the numbers that the SMSC gave its pieces.

        Raises:
            NotDelivered: it did not take it, or not all of it.
        """
        asked = pdus.submits(sender, number, text)
        return [pdus.reference(self._ask(Command.SUBMIT, each)) for each in asked]

    def close(self) -> None:
        """Nothing more is said; who waits for an answer gets none."""
        self.closed = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for each in list(self._waiting.values()):
            each.cancel()

    def unbind(self) -> None:
        """Say goodbye."""
        with suppress(OSError):
            self._send(Pdu(Command.UNBIND, next(self._numbers)))
        self.close()

    def _ask(self, command: Command, body: bytes = b"") -> Pdu:
        asked, answer = Pdu(command, next(self._numbers), body), Future[Pdu]()
        self._waiting[asked.number] = answer
        try:
            self._send(asked)
            answered = answer.result(PATIENCE)
        except (OSError, NoAnswer, CancelledError) as fault:
            self.close()
            raise NotDelivered("The SMSC does not answer.") from fault
        finally:
            del self._waiting[asked.number]
        if answered.status:
            words = WORDS.get(answered.status, "no reason that has a name")
            said = f"The SMSC refuses: {words} (status 0x{answered.status:08X})."
            raise NotDelivered(said, permanent=command == Command.SUBMIT and answered.status in FOR_GOOD)
        return answered

    def _send(self, pdu: Pdu) -> None:
        with self._sending:
            self._socket.sendall(bytes(pdu))

    # ------------------------------------------------------------ in the thread that reads

    def _read(self) -> None:
        try:
            while not self.closed:
                self._take(self._next())
        except (OSError, ValueError) as fault:
            if not self.closed:
                logger.warning("The session with the SMSC is over: %s", fault)
        finally:
            self.close()

    def _next(self) -> Pdu:
        length, command, status, number = HEADER.unpack(self._exactly(HEADER.size, idle=True))
        if not HEADER.size <= length <= LONGEST:
            raise ValueError(f"something of {length} bytes was announced")
        return Pdu(command, number, self._exactly(length - HEADER.size), status)

    def _exactly(self, size: int, *, idle: bool = False) -> bytes:
        read, asked = b"", False
        while len(read) < size:
            try:
                piece = self._socket.recv(size - len(read))
            except TimeoutError:
                if asked or read or not idle:
                    raise
                self._send(Pdu(Command.ENQUIRE, next(self._numbers)))
                asked = True
                continue
            if not piece:
                raise ValueError("the other side has hung up")
            read += piece
        return read

    def _take(self, pdu: Pdu) -> None:
        if pdu.command & RESPONSE:
            if waiting := self._waiting.get(pdu.number):
                waiting.set_result(pdu)
            return
        match pdu.command:
            case Command.DELIVER:
                self._send(pdu.answered(b"\0", self._told(pdu)))
            case Command.ENQUIRE:
                self._send(pdu.answered())
            case Command.UNBIND:
                self._send(pdu.answered())
                self.close()
            case _:
                self._send(Pdu(Command.NACK, pdu.number, status=0x03))

    def _told(self, pdu: Pdu) -> int:
        """Have a receipt written down; the status to answer with."""
        try:
            if receipt := pdus.receipt(pdu):
                self._tell(receipt)
        except ValueError:
            logger.warning("The SMSC told something that cannot be read.")
        except Exception:
            logger.exception("A receipt could not be written down.")
            return _LATER
        return 0


def _connected(account: Account) -> socket.socket:
    try:
        made = socket.create_connection((account.host, account.port), timeout=PATIENCE)
        if account.tls:
            made = ssl.create_default_context().wrap_socket(made, server_hostname=account.host)
    except OSError as fault:
        raise NotDelivered(f"The SMSC at {account.host}:{account.port} cannot be reached: {fault}") from fault
    made.settimeout(PAUSE)
    return made


_sessions: dict[Account, Session] = {}
_opening = threading.Lock()


def of(account: Account, tell: Tell) -> Session:
    """The session of this process, begun anew where it is over.

    Raises:
        NotDelivered: the SMSC cannot be reached, or does not let us bind.
    """
    with _opening:
        known = _sessions.get(account)
        if known is None or known.closed:
            known = _sessions[account] = Session(account, tell)
        return known


@atexit.register
def leave() -> None:
    """End every session of this process."""
    while _sessions:
        _sessions.popitem()[1].unbind()
