"""Keys on cards, tokens and security modules, through PKCS#11."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass, exceptions
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature
from pkcs11.util.rsa import encode_rsa_public_key

from paraph.algorithms import Digest, Hash, SignatureAlgorithm
from paraph.errors import Refused, Unavailable, UnusableKey
from paraph.formats import asn1
from paraph.keys.chain import chain_of
from paraph.keys.uri import Pkcs11Uri

_ABSENT = (
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
_REFUSED = (exceptions.PinLocked, exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange)
_PSS = {
    Hash.SHA256: (Mechanism.SHA256, MGF.SHA256),
    Hash.SHA384: (Mechanism.SHA384, MGF.SHA384),
    Hash.SHA512: (Mechanism.SHA512, MGF.SHA512),
}


class TokenSigner:
    """A key that never leaves its token. The session stays open; it is opened anew when the token was away.

    Args:
        uri: which token and key (RFC 7512).
        pin: of the token; None for one that asks by itself, on its own reader.
        certificates: beside those on the token; the key's own and its issuers'.
        algorithm: another than the usual one: for RSA, PSS or a longer digest.

    Raises:
        UnusableKey: no such token or key, a wrong or locked PIN, or no certificate that fits.
        Unavailable: the module does not load, or its token does not answer.
    """

    def __init__(
        self,
        uri: Pkcs11Uri,
        pin: str | None,
        certificates: Sequence[x509.Certificate] = (),
        *,
        algorithm: SignatureAlgorithm | None = None,
    ) -> None:
        self._uri, self._pin, self._is_refused = uri, pin, False
        with _understood():
            self._open()
            known = [*certificates, *_certificates(self._session)]
            self._certificate = _own(self._key, known)
        self._chain = tuple(chain_of(self._certificate, known))
        self._algorithm = algorithm or SignatureAlgorithm.for_key(self._certificate.public_key())
        if self._algorithm.is_pure or not self._algorithm.fits(self._certificate.public_key()):
            raise UnusableKey(f"This kind of key cannot sign with {self._algorithm.name}.")

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return self._chain

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._algorithm

    def sign(self, digest: Digest) -> bytes:
        if digest.algorithm is not self._algorithm.hash:
            raise Refused(f"This key signs {self._algorithm.hash.name} digests, not {digest.algorithm.name}.")
        if self._is_refused:
            raise UnusableKey("The PIN was refused after the token had been away; it is not tried again.")
        with _understood():
            try:
                return self._signed(digest)
            except _ABSENT:
                # Many modules see a token that came back only when they start anew; other keys recover in this way too.
                pkcs11.lib(self._uri.module_path).reinitialize()
                self._open()
                return self._signed(digest)

    def _signed(self, digest: Digest) -> bytes:
        if self._algorithm.is_pss:
            mechanism, mask = _PSS[digest.algorithm]
            parameters = (mechanism, mask, digest.algorithm.size)
            return bytes(self._key.sign(digest.value, mechanism=Mechanism.RSA_PKCS_PSS, mechanism_param=parameters))
        if self._key.key_type is KeyType.RSA:
            # The mechanism pads, and leaves the DigestInfo to whoever hashed (PKCS #11 §6.1.6, RFC 8017 §9.2).
            algorithm = asn1.sequence(asn1.oid(digest.algorithm.oid), asn1.tlv(asn1.NULL))
            info = asn1.sequence(algorithm, asn1.octets(digest.value))
            return bytes(self._key.sign(info, mechanism=Mechanism.RSA_PKCS))
        return bytes(encode_ecdsa_signature(self._key.sign(digest.value, mechanism=Mechanism.ECDSA)))

    def _open(self) -> None:
        token = _token(self._uri)
        try:
            self._session = token.open(user_pin=pkcs11.PROTECTED_AUTH if self._pin is None else self._pin)
        except exceptions.UserAlreadyLoggedIn:  # by this process, which may hold several keys of one token
            self._session = token.open()
        except _REFUSED:
            self._is_refused = True
            raise
        self._key: Any = self._session.get_key(
            object_class=ObjectClass.PRIVATE_KEY, label=self._uri.object, id=self._uri.id
        )  # what it can do depends on the token; its type says nothing of it


def public_key(uri: Pkcs11Uri, pin: str | None) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    """The public half of a key on a token, which need not have a certificate yet.

    Raises:
        UnusableKey: no such token or key, a wrong or locked PIN, or the token shows no public half.
        Unavailable: the module does not load, or its token does not answer.
    """
    with _understood(), _token(uri).open(user_pin=pkcs11.PROTECTED_AUTH if pin is None else pin) as session:
        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=uri.object, id=uri.id)
        found: Any
        for found in session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: key.id}):
            encode = encode_rsa_public_key if key.key_type is KeyType.RSA else encode_ec_public_key
            public = load_der_public_key(_spki(found, encode(found)))
            if isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
                return public
    raise UnusableKey("The token shows no public key with this private key; let it make one, or import it.")


def _spki(key: Any, encoded: bytes) -> bytes:
    """A `SubjectPublicKeyInfo`; of RSA keys, PKCS #11 gives what stands inside."""
    if key.key_type is not KeyType.RSA:
        return encoded
    algorithm = asn1.sequence(asn1.oid("1.2.840.113549.1.1.1"), asn1.tlv(asn1.NULL))
    return asn1.sequence(algorithm, asn1.tlv(asn1.BIT_STRING, b"\0", encoded))


@contextmanager
def _understood() -> Iterator[None]:
    """Say what a module's refusal means to the person with the token."""
    try:
        yield
    except exceptions.PinLocked:
        raise UnusableKey("The PIN is locked after too many wrong ones; unlock the token with its PUK.") from None
    except _REFUSED:
        raise UnusableKey("The PIN is wrong. It was tried once; too many wrong ones lock the token.") from None
    except exceptions.NoSuchKey:
        raise UnusableKey("There is no such private key on the token.") from None
    except exceptions.MultipleObjectsReturned:
        raise UnusableKey("Several private keys on the token fit; name one by object= or id=.") from None
    except _ABSENT as error:
        raise Unavailable(f"The token was removed, or does not answer ({type(error).__name__}).") from None
    except exceptions.PKCS11Error as error:
        raise Refused(f"The token refuses ({type(error).__name__}).") from None


def _token(uri: Pkcs11Uri) -> pkcs11.Token:
    """The one token that the URI describes."""
    try:
        module = pkcs11.lib(uri.module_path)
    except (RuntimeError, exceptions.PKCS11Error) as error:
        raise Unavailable(f"The PKCS#11 module {uri.module_path} cannot be used: {error}") from None
    found = [slot.get_token() for slot in module.get_slots(token_present=True) if uri.slot_id in (None, slot.slot_id)]
    fitting = [token for token in found if _fits(token, uri)]
    if not fitting:
        raise Unavailable("No token is there that the URI describes; is it plugged in?")
    if len(fitting) > 1:
        raise UnusableKey("Several tokens fit; name one by token=, serial= or slot-id=.")
    return fitting[0]


def _fits(token: pkcs11.Token, uri: Pkcs11Uri) -> bool:
    """Whether everything is true that the URI says of the token (RFC 7512 §2.3)."""
    serial = token.serial.decode("ascii", "replace").strip()
    said = (uri.token, uri.serial, uri.manufacturer, uri.model)
    return all(
        wanted in (None, there)
        for wanted, there in zip(said, (token.label, serial, token.manufacturer_id, token.model), strict=True)
    )


def _certificates(session: pkcs11.Session, named: Mapping[Attribute, Any] | None = None) -> list[x509.Certificate]:
    """What certificates the token holds; such as cannot be read are nobody's."""
    found = []
    for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, **(named or {})}):
        try:
            found.append(x509.load_der_x509_certificate(bytes(each[Attribute.VALUE])))
        except (ValueError, x509.InvalidVersion, exceptions.AttributeTypeInvalid):
            continue
    return found


def _own(key: Any, known: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate of a private key, by its public half: identifiers and labels may say anything."""
    points = [
        bytes(each[Attribute.EC_POINT])
        for each in key.session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.KEY_TYPE: KeyType.EC})
        if each[Attribute.ID] == key.id
    ]
    for certificate in known:
        public = certificate.public_key()
        if isinstance(public, rsa.RSAPublicKey) and key.key_type is KeyType.RSA:
            if public.public_numbers().n == int.from_bytes(bytes(key[Attribute.MODULUS]), "big"):
                return certificate
        elif isinstance(public, ec.EllipticCurvePublicKey) and key.key_type is KeyType.EC:
            point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            if any(each.endswith(point) for each in points):
                return certificate
    # Cards often hold no public key; the certificate then has the private key's identifier (PKCS #11 §4.6.3).
    for certificate in _certificates(key.session, {Attribute.ID: key.id}):
        return certificate
    raise UnusableKey("No certificate belongs to this key; give it with the key, or write it to the token.")
