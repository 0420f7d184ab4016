"""Sessions on PKCS#11 tokens: one for each token in a process, opened anew when the token was away.

`python-pkcs11` starts modules for one thread (`C_Initialize(NULL)`, PKCS #11 §5.4) and lets several in: only inside of
`understood` may a module be called. One that starts anew ends every session of the process, and the numbers of
sessions and keys then name others: a key must not be used once `is_open` says no of its session.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from time import monotonic
from typing import Any

import pkcs11
from pkcs11 import Session, TokenFlag, exceptions

from paraph.errors import Refused, Unavailable, UnusableKey
from paraph.keys.uri import Pkcs11Uri

ABSENT = (
    exceptions.DeviceRemoved,
    exceptions.DeviceError,
    exceptions.TokenNotPresent,
    exceptions.TokenNotRecognised,
    exceptions.SessionClosed,
    exceptions.SessionHandleInvalid,
    exceptions.SlotIDInvalid,
    exceptions.KeyHandleInvalid,
    exceptions.ObjectHandleInvalid,
    exceptions.UserNotLoggedIn,
    exceptions.GeneralError,
    exceptions.FunctionFailed,
)
"""What modules answer when the token is no longer there, or not as it was."""
_WRONG_PIN = (exceptions.PinLocked, exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange)
_PATIENCE = 60.0
"""Seconds between two starts of a module whose other tokens are in use: each interrupts them."""

_Place = tuple[str, int, bytes]
"""A module's path, a slot, and the serial number of the token in it."""
_alone = RLock()
_sessions: dict[_Place, Session] = {}
_started: dict[str, float] = {}
"""When a module was last started anew."""
_refused: set[tuple[_Place, str | None]] = set()
"""PINs that are not tried again."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says of itself."""

    label: str
    serial: str
    manufacturer: str
    model: str


@contextmanager
def understood() -> Iterator[None]:
    """Call modules one at a time, and say what a refusal means to the person with the token."""
    try:
        with _alone:
            yield
    except exceptions.PinLocked:
        raise UnusableKey("The PIN is locked after too many wrong ones; unlock the token with its PUK.") from None
    except _WRONG_PIN:
        raise UnusableKey("The PIN is wrong. It was tried once; too many wrong ones lock the token.") from None
    except exceptions.NoSuchKey:
        raise UnusableKey("There is no such private key on the token.") from None
    except exceptions.MultipleObjectsReturned:
        raise UnusableKey("Several private keys on the token fit; name one by object= or id=.") from None
    except ABSENT as error:
        raise Unavailable(f"The token was removed, or does not answer ({type(error).__name__}).") from None
    except exceptions.PKCS11Error as error:
        raise Refused(f"The token refuses ({type(error).__name__}).") from None


def describe(uri: Pkcs11Uri) -> Token:
    """The token that a URI names; no PIN is needed.

    Raises:
        UnusableKey: several tokens fit.
        Unavailable: the module does not load, or its token is not there.
    """
    with understood():
        found = _present(uri)
        return Token(found.label, _serial(found), found.manufacturer_id, found.model)


def session(uri: Pkcs11Uri, pin: str | None) -> Session:
    """The session of this process on the token that a URI names.

    Args:
        uri: says which token.
        pin: tried once, if nobody has logged in; None for a token that asks by itself, on its own reader.
    """
    token = _present(uri)
    place = uri.module_path, token.slot.slot_id, token.serial
    if place not in _sessions:
        _sessions[place] = _logged_in(token, place, pin)
    return _sessions[place]


@contextmanager
def writing(uri: Pkcs11Uri, pin: str | None) -> Iterator[Session]:
    """Another session, which may change what is on the token."""
    with session(uri, pin).token.open(rw=True) as changing:
        yield changing


def is_open(known: Session | None) -> bool:
    return any(each is known for each in _sessions.values())


def lost(known: Session | None, module_path: str) -> None:
    """Forget a session that does not answer, so that the next call for one opens it anew."""
    for place in [place for place, each in _sessions.items() if each is known]:
        del _sessions[place]
    _look_again(module_path)


def start_anew(module_path: str) -> None:
    """End every session on a module's tokens, and have it look which there are."""
    for place in [each for each in _sessions if each[0] == module_path]:
        del _sessions[place]
    _started[module_path] = monotonic()
    pkcs11.lib(module_path).reinitialize()


def _look_again(module_path: str) -> None:
    """Many modules see a token that came back only when they start anew."""
    is_in_use = any(path == module_path for path, _, _ in _sessions)
    if not is_in_use or monotonic() > _started.get(module_path, 0) + _PATIENCE:
        start_anew(module_path)


def _present(uri: Pkcs11Uri) -> pkcs11.Token:
    """The one token that the URI describes, even if its module has not seen yet that it is back."""
    try:
        module = pkcs11.lib(uri.module_path)
    except (RuntimeError, exceptions.PKCS11Error) as error:
        raise Unavailable(f"The PKCS#11 module {uri.module_path} cannot be used: {error}") from None
    try:
        return _token(module, uri)
    except (Unavailable, *ABSENT):
        _look_again(uri.module_path)
        return _token(module, uri)


def _token(module: Any, uri: Pkcs11Uri) -> pkcs11.Token:
    slots = [slot for slot in module.get_slots(token_present=True) if uri.slot_id in (None, slot.slot_id)]
    fitting: list[pkcs11.Token] = [token for token in (slot.get_token() for slot in slots) if _fits(token, uri)]
    if not fitting:
        raise Unavailable("No token is there that the URI describes; is it plugged in?")
    if len(fitting) > 1:
        raise UnusableKey("Several tokens fit; name one by token=, serial= or slot-id=.")
    return fitting[0]


def _fits(token: pkcs11.Token, uri: Pkcs11Uri) -> bool:
    """Whether everything is true that the URI says of the token (RFC 7512 §2.3)."""
    said = (uri.token, uri.serial, uri.manufacturer, uri.model)
    there = (token.label, _serial(token), token.manufacturer_id, token.model)
    return all(wanted in (None, each) for wanted, each in zip(said, there, strict=True))


def _serial(token: pkcs11.Token) -> str:
    return token.serial.decode("ascii", "replace").strip()


def _logged_in(token: pkcs11.Token, place: _Place, pin: str | None) -> Session:
    if (place, pin) in _refused:
        raise UnusableKey("The PIN was refused, and is not tried again: start anew with the right one.")
    if pin is None and not token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH:
        raise UnusableKey("The token needs its PIN, and has no reader of its own to ask for it.")
    try:
        return token.open(user_pin=pkcs11.PROTECTED_AUTH if pin is None else pin)
    except exceptions.UserAlreadyLoggedIn:  # by something else in this process
        return token.open()
    except _WRONG_PIN:
        _refused.add((place, pin))
        raise
