"""Keys on cards, tokens and security modules, through PKCS#11."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass, Session, exceptions
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature
from pkcs11.util.rsa import encode_rsa_public_key

from paraph.algorithms import Digest, Hash, SignatureAlgorithm
from paraph.errors import Refused, UnusableKey
from paraph.formats import asn1
from paraph.keys.chain import chain_of
from paraph.keys.sessions import ABSENT, is_open, lost, session, understood
from paraph.keys.uri import Pkcs11Uri

T = TypeVar("T")
_PSS = {
    Hash.SHA256: (Mechanism.SHA256, MGF.SHA256),
    Hash.SHA384: (Mechanism.SHA384, MGF.SHA384),
    Hash.SHA512: (Mechanism.SHA512, MGF.SHA512),
}


class TokenSigner:
    """A key that never leaves its token, and is found anew when the token was away. Threads may share it.

    Args:
        uri: which token and key (RFC 7512).
        pin: of the token; None for one that asks by itself, on its own reader.
        certificates: beside those on the token; the key's own and its issuers'.
        algorithm: another than the usual one: for RSA, PSS or a longer digest.

    Raises:
        UnusableKey: no such token or key, a wrong or locked PIN, or no certificate that fits.
        Unavailable: the module does not load, or its token does not answer.
    """

    _session: Session | None = None
    _key: Any = None

    def __init__(
        self,
        uri: Pkcs11Uri,
        pin: str | None,
        certificates: Sequence[x509.Certificate] = (),
        *,
        algorithm: SignatureAlgorithm | None = None,
    ) -> None:
        self._uri, self._pin = uri, pin
        with understood():
            self._find()
            known = [*certificates, *_certificates(self._key.session)]
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
        return self._with_key(lambda: self._signed(digest))

    def check(self) -> None:
        """See that the key is there, without signing.

        Raises:
            UnusableKey: the token is there, but not its key.
            Unavailable: the token does not answer.
        """
        self._with_key(lambda: self._key[Attribute.ID])

    def _with_key(self, use: Callable[[], T]) -> T:
        """Use the key; once more, found anew, if its token was away."""
        with understood():
            try:
                self._find()
                return use()
            except ABSENT:
                lost(self._session, self._uri.module_path)
                self._find()
                return use()

    def _find(self) -> None:
        if is_open(self._session):
            return
        self._session = session(self._uri, self._pin)
        self._key = _private_key(self._session, self._uri)

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


def public_key(uri: Pkcs11Uri, pin: str | None) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    """The public half of a key on a token, which need not have a certificate yet.

    Raises:
        UnusableKey: no such token or key, a wrong or locked PIN, or the token shows no public half.
        Unavailable: the module does not load, or its token does not answer.
    """
    with understood():
        key = _private_key(session(uri, pin), uri)
        for found in key.session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: key.id}):
            public = load_der_public_key(_spki(found))
            if isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
                return public
    raise UnusableKey("The token shows no public key with this private key; let it make one, or import it.")


def _private_key(session: Session, uri: Pkcs11Uri) -> Any:
    """The key that the URI names; what it can do depends on the token, and its type says nothing of it."""
    return session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=uri.object, id=uri.id)


def _spki(key: Any) -> bytes:
    """A `SubjectPublicKeyInfo`; of RSA keys, PKCS #11 gives what stands inside."""
    if key.key_type is not KeyType.RSA:
        return bytes(encode_ec_public_key(key))
    algorithm = asn1.sequence(asn1.oid("1.2.840.113549.1.1.1"), asn1.tlv(asn1.NULL))
    return asn1.sequence(algorithm, asn1.tlv(asn1.BIT_STRING, b"\0", encode_rsa_public_key(key)))


def _certificates(session: Session, named: Mapping[Attribute, Any] | None = None) -> list[x509.Certificate]:
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
