"""Cards and tokens through PKCS#11: which certificates sign, and signing with one of them.

Sessions are opened for one purpose and closed again, so that a card that is pulled out is noticed at once.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pkcs11
from asn1crypto import algos
from asn1crypto.core import Null
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass, TokenFlag, exceptions
from pkcs11.util.ec import encode_ecdsa_signature

from paraph_agent.errors import (
    AgentError,
    CardRefuses,
    CardRemoved,
    LockedPin,
    NoCard,
    NoCertificate,
    NoReader,
    WrongPin,
)
from paraph_agent.log import logger
from paraph_agent.messages import ALGORITHMS

_GONE = (
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
)
_WRONG = (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange)
_PSS = {
    "sha256": (Mechanism.SHA256, MGF.SHA256),
    "sha384": (Mechanism.SHA384, MGF.SHA384),
    "sha512": (Mechanism.SHA512, MGF.SHA512),
}
_CURVES = {"secp256r1": "ECDSA_SHA256", "secp384r1": "ECDSA_SHA384", "secp521r1": "ECDSA_SHA512"}


@dataclass(frozen=True, slots=True)
class Card:
    """A card in a reader, or a token in the computer."""

    module: str
    slot: int
    serial: bytes
    label: str
    has_pad: bool
    """Whether the reader asks the PIN on its own keys."""
    tries: str
    """What the card says of the PIN: "" nothing, `low`, `last` or `locked`."""


@dataclass(frozen=True, slots=True)
class Credential:
    """One that can sign, with the key that belongs to it."""

    card: Card
    key: bytes
    """CKA_ID, which certificate and private key share (PKCS #11 §4.6.3)."""
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    mechanisms: frozenset[Any]

    @property
    def holder(self) -> str:
        return _name(self.certificate.subject)

    @property
    def issuer(self) -> str:
        return _name(self.certificate.issuer)

    def algorithm(self, accepted: Sequence[str]) -> str | None:
        """The first of the accepted algorithms that key and card are capable of."""
        return next((each for each in accepted if self._can(each)), None)

    def _can(self, algorithm: str) -> bool:
        public = self.certificate.public_key()
        if isinstance(public, ec.EllipticCurvePublicKey):
            return _CURVES.get(public.curve.name) == algorithm and Mechanism.ECDSA in self.mechanisms
        padded = Mechanism.RSA_PKCS_PSS if algorithm.startswith("PSS") else Mechanism.RSA_PKCS
        return isinstance(public, rsa.RSAPublicKey) and algorithm[:3] in {"RSA", "PSS"} and padded in self.mechanisms


def credentials(modules: Sequence[str], *, at: datetime) -> list[Credential]:
    """Every certificate for signatures, on every card that is there; no PIN is needed.

    Raises:
        NoReader, NoCard, NoCertificate: which of them is missing.
    """
    loaded = [each for each in map(_loaded, modules) if each]
    if not loaded:
        raise NoReader
    present = [token for each in loaded for token in _tokens(each)]
    if not present:
        raise NoCard
    found = [each for token in present for each in _on(token, at)]
    if not found:
        raise NoCertificate
    return list({each.certificate: each for each in reversed(found)}.values())[::-1]


def sign(credential: Credential, pin: str | None, messages: Sequence[bytes], *, algorithm: str) -> list[bytes]:
    """Let the card sign each message; all, or none is returned.

    Args:
        credential: whose key signs.
        pin: None for a reader that asks it on its own keys.
        messages: what is digested and signed.
        algorithm: one that `Credential.algorithm` chose.

    Raises:
        WrongPin, LockedPin: as the card says; a PIN is tried once.
        CardRemoved, CardRefuses: it stopped, or never began.
    """
    with _understood(credential.card):
        token = _again(credential.card)
        with token.open(user_pin=pkcs11.PROTECTED_AUTH if pin is None else pin) as session:
            found = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: credential.key})
            keys = list(found)
            if not keys:
                raise CardRefuses
            again = {"pin": pin or ""} if _asks_each_time(keys[0]) else {}
            return [_signed(keys[0], each, algorithm, again) for each in messages]


def tries(card: Card) -> str:
    """What the card says of its PIN by now."""
    with _understood(card):
        return _tries(_again(card).flags)


# ---------------------------------------------------------------- finding


def _loaded(module: str) -> Any:
    try:
        loaded = pkcs11.lib(module)
        loaded.reinitialize()  # many modules see a card that came later only when they start anew
    except (RuntimeError, exceptions.PKCS11Error) as fault:
        logger.warning("The module %s cannot be used: %s %s", module, type(fault).__name__, fault)
        return None
    return loaded


def _tokens(module: Any) -> Iterator[tuple[str, pkcs11.Token]]:
    try:
        slots = module.get_slots(token_present=True)
    except exceptions.PKCS11Error as fault:
        logger.warning("The module %s shows no readers: %s", module.so, type(fault).__name__)
        return
    for slot in slots:
        try:
            token = slot.get_token()
        except exceptions.PKCS11Error as fault:
            logger.warning("A card is not understood: %s", type(fault).__name__)
        else:
            if token.flags & TokenFlag.TOKEN_INITIALIZED:
                yield module.so, token


def _on(found: tuple[str, pkcs11.Token], at: datetime) -> list[Credential]:
    module, token = found
    try:
        card = Card(
            module,
            token.slot.slot_id,
            token.serial,
            token.label.strip(),
            bool(token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH),
            _tries(token.flags),
        )
        mechanisms = frozenset(token.slot.get_mechanisms())
        with token.open() as session:
            known = _all(session)
    except exceptions.PKCS11Error as fault:
        logger.warning("A card cannot be read: %s", type(fault).__name__)
        return []
    everything = [each for _, each in known]
    return [
        Credential(card, key, each, _chain(each, everything), mechanisms)
        for key, each in known
        if key and _signs(each, at)
    ]


def _all(session: pkcs11.Session) -> list[tuple[bytes, x509.Certificate]]:
    """The certificates of a card with their identifiers; such as cannot be read are nobody's."""
    found = []
    for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            certificate = x509.load_der_x509_certificate(bytes(each[Attribute.VALUE]))
            _ = certificate.extensions, certificate.subject, certificate.public_key()
            found.append((bytes(each[Attribute.ID]), certificate))
        except (ValueError, TypeError, x509.InvalidVersion, exceptions.PKCS11Error) as fault:
            logger.warning("A certificate on the card cannot be read: %s", type(fault).__name__)
    return found


def _signs(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether it is a person's, for signatures, and valid now."""
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        return False
    extensions = certificate.extensions
    try:
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.content_commitment or usage.digital_signature


def _chain(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Its issuers as far as the card has them, nearest first."""
    chain: list[x509.Certificate] = []
    last = certificate
    while last.issuer != last.subject:
        above = [each for each in known if each.subject == last.issuer and each not in chain and _issued(each, last)]
        if not above:
            break
        last = above[0]
        chain.append(last)
    return tuple(chain)


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001  whatever it is, it is no proof
        return False
    return True


def _name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


# ---------------------------------------------------------------- signing


def _again(card: Card) -> pkcs11.Token:
    """The same card, if it is still there."""
    module = pkcs11.lib(card.module)
    for slot in module.get_slots(token_present=True):
        if slot.slot_id == card.slot and (token := slot.get_token()).serial == card.serial:
            return token
    raise CardRemoved


def _asks_each_time(key: Any) -> bool:
    """Whether the PIN is asked for each signature, as for qualified ones (CKA_ALWAYS_AUTHENTICATE)."""
    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except exceptions.PKCS11Error:
        return False


def _signed(key: Any, message: bytes, algorithm: str, again: dict[str, str]) -> bytes:
    name = ALGORITHMS[algorithm]
    digest = hashlib.new(name, message).digest()
    if key.key_type is not KeyType.RSA:
        return bytes(encode_ecdsa_signature(key.sign(digest, mechanism=Mechanism.ECDSA, **again)))
    if algorithm.startswith("PSS"):
        parameters = (*_PSS[name], len(digest))
        return bytes(key.sign(digest, mechanism=Mechanism.RSA_PKCS_PSS, mechanism_param=parameters, **again))
    # The card pads, and leaves the DigestInfo to whoever hashed (PKCS #11 §6.1.6, RFC 8017 §9.2).
    kind = algos.DigestAlgorithm({"algorithm": name, "parameters": Null()})
    info = algos.DigestInfo({"digest_algorithm": kind, "digest": digest}).dump()
    return bytes(key.sign(info, mechanism=Mechanism.RSA_PKCS, **again))


def _tries(flags: TokenFlag) -> str:
    for flag, meaning in (
        (TokenFlag.USER_PIN_LOCKED, "locked"),
        (TokenFlag.USER_PIN_FINAL_TRY, "last"),
        (TokenFlag.USER_PIN_COUNT_LOW, "low"),
    ):
        if flags & flag:
            return meaning
    return ""


@contextmanager
def _understood(card: Card) -> Iterator[None]:
    """Say what a refusal means to the person with the card."""
    try:
        yield
    except AgentError:
        raise
    except exceptions.PinLocked:
        raise LockedPin from None
    except _WRONG:
        raise (LockedPin if _is_locked(card) else WrongPin) from None
    except _GONE as fault:
        logger.warning("The card is gone: %s", type(fault).__name__)
        raise CardRemoved from None
    except (exceptions.PKCS11Error, RuntimeError) as fault:
        logger.warning("The card refuses: %s", type(fault).__name__)
        raise (CardRefuses if _is_there(card) else CardRemoved) from None


def _is_locked(card: Card) -> bool:
    return _asked(lambda: _tries(_again(card).flags) == "locked")


def _is_there(card: Card) -> bool:
    return _asked(lambda: bool(_again(card)))


def _asked(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (AgentError, exceptions.PKCS11Error):
        return False
