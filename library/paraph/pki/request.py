"""Certificate requests (PKCS#10, RFC 2986): whoever holds a key asks for a certificate for it."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from paraph.algorithms import SignatureAlgorithm
from paraph.certs.read import BROKEN
from paraph.errors import InputError
from paraph.formats import asn1
from paraph.keys.file import PrivateKey
from paraph.keys.signer import Signer
from paraph.pki.form import PublicKey, acceptable
from paraph.pki.presign import resign, throwaway_key
from paraph.pki.profiles import Kind
from paraph.pki.subjects import AgentSubject, LegalSubject, PersonSubject, Subject, mailbox, named

_NATURAL = (Kind.PERSON, Kind.AGENT)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; who asks has the private key."""

    name: x509.Name
    email: str | None
    key: PublicKey

    @classmethod
    def read(cls, data: bytes) -> "Request":
        """A request in PEM or DER.

        Raises:
            InputError: it is none, it is damaged, or whoever made it does not have the private key.
            WeakAlgorithm: the key is too short, or on a curve that is not used here.
        """
        try:
            pem = b"-----BEGIN" in data
            asked = x509.load_pem_x509_csr(data) if pem else x509.load_der_x509_csr(data)
            name, key, email = asked.subject, asked.public_key(), _email(asked)
            possessed = asked.is_signature_valid
        except (*BROKEN, InvalidSignature) as error:
            raise InputError(f"This is no certificate request, or a damaged one: {error}") from None
        if not possessed:
            raise InputError("The request is not signed by the key that it is for.")
        return cls(name, email, acceptable(key))

    def subject(self, kind: Kind) -> Subject:
        """Whom a certificate of this kind would name.

        Raises:
            InputError: the request does not name what such a certificate must.
        """
        country = self._attribute(NameOID.COUNTRY_NAME)
        if kind in _NATURAL:
            given, surname = self._attribute(NameOID.GIVEN_NAME), self._attribute(NameOID.SURNAME)
            person = PersonSubject(given, surname, country, self._attribute(NameOID.SERIAL_NUMBER), self.email)
            if kind is Kind.PERSON:
                return person
            organization = self._attribute(NameOID.ORGANIZATION_NAME)
            return AgentSubject(person, organization, self._attribute(NameOID.ORGANIZATION_IDENTIFIER))
        name, organization = self._attribute(NameOID.COMMON_NAME), self._attribute(NameOID.ORGANIZATION_NAME)
        identifier = self._attribute(NameOID.ORGANIZATION_IDENTIFIER)
        return LegalSubject(name, country, identifier, organization if organization != name else None)

    def _attribute(self, kind: x509.ObjectIdentifier) -> str:
        found = [str(each.value) for each in self.name.get_attributes_for_oid(kind)]
        if len(found) != 1:
            called = kind._name  # noqa: SLF001  its only readable name
            raise InputError(f"The request must name one {called}; it names {', '.join(found) or 'none'}.")
        return found[0]


def request(subject: Subject, key: PrivateKey | Signer) -> x509.CertificateSigningRequest:
    """Ask for a certificate for `key`, or for that of its holder, that names `subject`.

    Raises:
        InputError: the subject cannot be named.
    """
    named(subject)  # a certificate will be held to the same
    names = map(x509.NameAttribute, subject.names, subject.values)
    builder = x509.CertificateSigningRequestBuilder(x509.Name(list(names)))
    if address := mailbox(subject):
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
    if isinstance(key, PrivateKey):
        return builder.sign(key, SignatureAlgorithm.for_key(key.public_key()).hash.primitive)
    draft = builder.sign(throwaway_key(key.algorithm), key.algorithm.hash.primitive).public_bytes(Encoding.DER)
    return x509.load_der_x509_csr(resign(_for(key.certificate.public_key(), draft), key))


def _for(key: PublicKeyTypes, draft: bytes) -> bytes:
    """A request with another key in it; its signature is no longer good."""
    (_, body), *rest = asn1.members(asn1.whole(draft, asn1.SEQUENCE))
    version, name, _, attributes = [asn1.tlv(*each) for each in asn1.members(body)]
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return asn1.sequence(asn1.sequence(version, name, spki, attributes), *[asn1.tlv(*each) for each in rest])


def _email(asked: x509.CertificateSigningRequest) -> str | None:
    try:
        names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    return next(iter(names.get_values_for_type(x509.RFC822Name)), None)
