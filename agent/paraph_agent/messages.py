"""What the agent and the platform tell each other, version 1. Nothing is believed that is not of the right form."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from paraph_agent.errors import Misbehaves, NotAsShown, TooOld

PROTOCOL = 1
MOST_DOCUMENTS = 5000
LONGEST_TEXT = 300
ALGORITHMS = {
    "ECDSA_SHA256": "sha256",
    "ECDSA_SHA384": "sha384",
    "ECDSA_SHA512": "sha512",
    "RSA_SHA256": "sha256",
    "RSA_SHA384": "sha384",
    "RSA_SHA512": "sha512",
    "PSS_SHA256": "sha256",
    "PSS_SHA384": "sha384",
    "PSS_SHA512": "sha512",
}
"""How a card can sign, by the platform's names; and what is digested with."""
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
"""Kinds of characters that make a text look like another one, or longer than it is."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the signing page shows it."""

    id: str
    name: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Request:
    """What a signing page asks for: shown to the person before anything else happens."""

    pairing: str
    check: str
    """Four digits that the signing page shows, too."""
    organisation: str
    sender: str
    signer: str
    title: str
    documents: tuple[Document, ...]
    algorithms: tuple[str, ...]
    """Those that the platform takes, the best first."""
    seconds: int
    """How long it waits."""


@dataclass(frozen=True, slots=True)
class ToSign:
    """One signature: over these attributes, which belong to that document."""

    document: Document
    attributes: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the platform is."""

    state: str
    """`claimed`, `checking`, `refused`, `ready`, `received`, `done` or `over`."""
    reason: str
    to_sign: tuple[ToSign, ...]


STATES = {"claimed", "checking", "refused", "ready", "received", "done", "over"}


def request(answer: Any) -> Request:
    """What the platform answers to a claim.

    Raises:
        TooOld: it speaks a newer protocol.
        Misbehaves: it is not of this form.
    """
    return _understood(_request, answer)


def standing(answer: Any) -> Standing:
    """What the platform answers later; raises as `request` does."""
    return _understood(_standing, answer)


def check_shown(request: Request, to_sign: Sequence[ToSign]) -> None:
    """See that exactly the documents are to be signed that the person was shown, each once.

    Raises:
        NotAsShown: another one, one more, or one less.
    """
    if sorted(_identity(each.document) for each in to_sign) != sorted(_identity(each) for each in request.documents):
        raise NotAsShown


def _identity(document: Document) -> tuple[str, str, str]:
    return document.id, document.name, document.sha256


def _understood(read: Callable[[Mapping[str, Any]], T], answer: Any) -> T:
    try:
        if answer["protocol"] != PROTOCOL:
            raise TooOld
        return read(answer)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise Misbehaves from None


def _request(answer: Mapping[str, Any]) -> Request:
    documents = tuple(_document(each) for each in _list(answer["documents"]))
    algorithms = tuple(each for each in _list(answer["algorithms"]) if each in ALGORITHMS)
    if not documents or not algorithms or len({each.id for each in documents}) != len(documents):
        raise ValueError("nothing to sign, or twice the same")
    return Request(
        pairing=_matching(r"[A-Za-z0-9_-]{1,64}", answer["id"]),
        check=_matching(r"[0-9]{4}", answer["check"]),
        organisation=text(answer["organisation"]),
        sender=text(answer["sender"]),
        signer=text(answer["signer"]),
        title=text(answer["title"]),
        documents=documents,
        algorithms=algorithms,
        seconds=min(max(_number(answer["expiresIn"]), 0), 3600),
    )


def _standing(answer: Mapping[str, Any]) -> Standing:
    state = answer["state"]
    if state not in STATES:
        raise ValueError("no such state")
    to_sign = tuple(ToSign(_document(each), _bytes(each["attributes"])) for each in _list(answer["toSign"]))
    return Standing(state, text(answer["reason"]), to_sign)


def _document(given: Mapping[str, Any]) -> Document:
    return Document(
        id=_matching(r"[A-Za-z0-9_-]{1,64}", given["id"]),
        name=text(given["name"]),
        sha256=_matching(r"[0-9a-f]{64}", given["sha256"]),
        pages=_number(given["pages"]),
    )


def text(given: Any) -> str:
    """A text for people, of which everything can be seen: `invoice<reversed>fdp.exe` shows its trick."""
    if not isinstance(given, str):
        raise TypeError("no text")
    seen = "".join("�" if unicodedata.category(each) in _UNSEEN else each for each in given)
    return seen if len(seen) <= LONGEST_TEXT else f"{seen[: LONGEST_TEXT - 1]}…"


def _list(given: Any) -> list[Any]:
    if not isinstance(given, list) or len(given) > MOST_DOCUMENTS:
        raise TypeError("no list, or too long")
    return given


def _matching(pattern: str, given: Any) -> str:
    if not isinstance(given, str) or not re.fullmatch(pattern, given):
        raise ValueError("not of this form")
    return given


def _number(given: Any) -> int:
    if not isinstance(given, int) or isinstance(given, bool):
        raise TypeError("no number")
    return given


def _bytes(given: Any) -> bytes:
    return base64.b64decode(given, validate=True)
