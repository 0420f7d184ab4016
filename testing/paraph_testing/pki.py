"""A certificate authority for tests: the same people and services as the real one has, with keys that live in memory.

    pki = Pki(at=noon)
    signed = pades.sign(document, pki.bob, at=noon, level=Level.T, timestamper=pki.timestamper())

Each key and certificate is made when it is first asked for. Persons' certificates hold for a day from `at`, the others
for years around it.
"""

import secrets
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from paraph import pki
from paraph.algorithms import SignatureAlgorithm
from paraph.certs import TrustStore
from paraph.keys.file import FileSigner, PrivateKey
from paraph.pki import AgentSubject, LegalSubject, PersonSubject, profiles, statements
from paraph.pki.profiles import Profile
from paraph.pki.revocation import Revoked
from paraph.pki.subjects import Subject
from paraph.timestamps import Authority, LocalTimestamper

from paraph_testing.cast import BOB, CAROL, MALLORY, Person

ADDRESS = "http://pki.example.org"
POLICY = "0.4.0.2042.1.3"  # LCP, EN 319 411-1 §5.3
QUALIFIED = "0.4.0.194112.1.2"  # QCP-n-qscd, EN 319 411-2 §5.3
STARS = {number: f"1.3.6.1.4.1.32473.2.{number}" for number in (1, 2, 3)}
"""Examples (RFC 5612) of policies that an operator takes to be qualified for so many stars of the RGS."""
TIMESTAMP_POLICY = "0.4.0.2023.1.1"  # BTSP, EN 319 421 §5.2
DAY = timedelta(days=1)
YEAR = 365 * DAY
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Pki:
    """One hierarchy: a root, an issuing authority, and everybody under it."""

    def __init__(self, at: datetime | None = None, *, address: str = ADDRESS) -> None:
        self.at = (at or datetime.now(UTC)).replace(microsecond=0)
        self.address = address
        """Where the certificates say that their status is told; `status.StatusService` does tell it."""
        self.revoked: dict[int, Revoked] = {}

    @cached_property
    def root(self) -> FileSigner:
        key = ec.generate_private_key(ec.SECP384R1())
        subject = _service("Test Root CA")
        began = self.at - YEAR
        certificate = pki.self_issue(profiles.root(), subject, key, serial=_serial(), at=began, validity=20 * YEAR)
        return FileSigner(key, certificate)

    @cached_property
    def issuing(self) -> FileSigner:
        key = ec.generate_private_key(ec.SECP384R1())
        return self._issue(profiles.issuing(), _service("Test Issuing CA"), key, self.root, 10 * YEAR)

    @cached_property
    def responder(self) -> FileSigner:
        return self._service(profiles.ocsp_responder(), "Test OCSP Responder")

    @cached_property
    def timestamping_unit(self) -> FileSigner:
        return self._service(profiles.timestamping_unit().signing_for(YEAR), "Test Time-Stamping Unit")

    def renew_timestamping_unit(self) -> None:
        """A new unit takes the old one's place."""
        for made in ("timestamping_unit", "timestamp_authority"):
            self.__dict__.pop(made, None)

    @cached_property
    def seal(self) -> FileSigner:
        """A legal person's seal with P-256."""
        return self._service(profiles.seal().under(POLICY), "Seal of Atelier Marchand")

    @cached_property
    def rsa_seal(self) -> FileSigner:
        """A seal as customers bring it: RSA with 2048 bits."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self.seal_of(key, "RSA Seal of Atelier Marchand")

    @cached_property
    def pss_seal(self) -> FileSigner:
        """The same key, padded in the newer way."""
        seal = self.rsa_seal
        return FileSigner(seal._key, seal.certificate, seal.chain, algorithm=SignatureAlgorithm.PSS_SHA256)  # noqa: SLF001  the same key

    @cached_property
    def ed25519_seal(self) -> FileSigner:
        """A seal as another authority would certify it: ours certifies only what TS 119 312 lists."""
        return self._like(self.seal, ed25519.Ed25519PrivateKey.generate())

    def seal_of(self, key: PrivateKey, name: str) -> FileSigner:
        """A seal with any key."""
        return self._issue(profiles.seal().under(POLICY), _service(name), key, self.issuing, 3 * YEAR)

    @cached_property
    def agent(self) -> FileSigner:
        """Carol, who signs for the workshop with a key of her own for three years."""
        return self.card(POLICY)

    @cached_property
    def qualified(self) -> FileSigner:
        """The same with all that a qualified certificate states; nobody supervises this authority."""
        return self.card(QUALIFIED, qualified=True)

    def card(self, *policies: str, qualified: bool = False) -> FileSigner:
        """Carol's key under these policies."""
        profile = profiles.agent().under(*policies)
        if qualified:
            disclosure = {"en": "https://pki.example.org/pds.pdf"}
            stated = statements.qualified(statements.Type.SIGNATURE, disclosure=disclosure, on_device=True)
            profile = profile.stating(*stated, statements.retained(7))
        return self._agent(profile)

    def _agent(self, profile: Profile, person: Person = CAROL) -> FileSigner:
        named = PersonSubject(person.first_name, person.last_name, person.country, secrets.token_hex(8), person.email)
        subject = AgentSubject(named, "Atelier Marchand", "NTRFR-123456789")
        return self._issue(profile, subject, ec.generate_private_key(ec.SECP256R1()), self.issuing, 3 * YEAR)

    @cached_property
    def bob(self) -> FileSigner:
        return self.person(BOB)

    @cached_property
    def carol(self) -> FileSigner:
        return self.person(CAROL)

    @cached_property
    def mallory(self) -> FileSigner:
        """Mallory under a hierarchy of her own that looks the same."""
        return Pki(self.at).person(MALLORY)

    def person(self, person: Person) -> FileSigner:
        """A key and a short-term certificate in somebody's name, as for one act of signing."""
        subject = PersonSubject(person.first_name, person.last_name, person.country, secrets.token_hex(8), person.email)
        key = ec.generate_private_key(ec.SECP256R1())
        return self._issue(profiles.person().under(POLICY), subject, key, self.issuing, DAY, began=self.at)

    def in_browser(
        self, person: Person, purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.CLIENT_AUTH
    ) -> FileSigner:
        """A key and a certificate with which somebody signs in, in their browser."""
        usage = dict.fromkeys(USAGES, False) | {"digital_signature": True}
        made_for = x509.KeyUsage(**usage), x509.ExtendedKeyUsage([purpose])
        model = self._agent(profiles.agent().under(POLICY), person)
        return self._like(model, ec.generate_private_key(ec.SECP256R1()), *made_for)

    def renewed(self, before: FileSigner) -> FileSigner:
        """Another certificate for the same holder, with another key."""
        return self._like(before, ec.generate_private_key(ec.SECP256R1()))

    def _like(
        self, model: FileSigner, key: PrivateKey | ed25519.Ed25519PrivateKey, *other: x509.ExtensionType
    ) -> FileSigner:
        """A certificate as another authority would make it: ours has fewer purposes and algorithms."""
        before = model.certificate
        builder = x509.CertificateBuilder(before.issuer, before.subject, key.public_key(), _serial())
        builder = builder.not_valid_before(before.not_valid_before_utc).not_valid_after(before.not_valid_after_utc)
        other = (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), *other)
        kept = [each for each in before.extensions if each.oid not in {extension.oid for extension in other}]
        for each in kept:
            builder = builder.add_extension(each.value, critical=each.critical)
        for extension in other:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.KeyUsage))
        return FileSigner(key, builder.sign(self.issuing._key, hashes.SHA384()), model.chain)  # noqa: SLF001  it is ours

    @property
    def trusted(self) -> TrustStore:
        return TrustStore((self.root.certificate,))

    def timestamper(self, at: datetime | None = None) -> LocalTimestamper:
        """A time-stamp authority whose clock stands still."""
        return LocalTimestamper(self.timestamp_authority, lambda: at or self.at)

    def timestamp(self, request: bytes) -> bytes:
        """What the time-stamp authority answers."""
        return self.timestamp_authority.respond(request, at=self.at, serial=secrets.randbits(64))

    @cached_property
    def timestamp_authority(self) -> Authority:
        return Authority(self.timestamping_unit, policy=TIMESTAMP_POLICY, accuracy=timedelta(seconds=1))

    def revocation_lists(self) -> tuple[bytes, bytes]:
        """The root's and the issuing authority's lists, DER."""
        return self._revocation_list(self.root), self._revocation_list(self.issuing)

    def ocsp(self, request: bytes) -> bytes:
        """An answer from the responder: whoever was not revoked is good."""
        return pki.ocsp.respond(
            request,
            self.responder,
            issuer=self.issuing.certificate,
            standing=lambda serial: self.revoked.get(serial, True),
            at=self.at,
            next_update=self.at + DAY,
        )

    def _revocation_list(self, issuer: FileSigner) -> bytes:
        revoked = self.revoked.values()
        return pki.revocation_list(issuer, revoked, at=self.at, number=1, next_update=self.at + 7 * DAY)

    def revoke(self, certificate: x509.Certificate, at: datetime | None = None) -> None:
        """Put it on the list, and let the responder say so."""
        serial = certificate.serial_number
        self.revoked[serial] = Revoked(serial, at or self.at, x509.ReasonFlags.key_compromise)

    def _service(self, profile: Profile, name: str) -> FileSigner:
        return self._issue(profile, _service(name), ec.generate_private_key(ec.SECP256R1()), self.issuing, 3 * YEAR)

    def _issue(
        self,
        profile: Profile,
        subject: Subject,
        key: PrivateKey,
        issuer: FileSigner,
        validity: timedelta,
        *,
        began: datetime | None = None,
    ) -> FileSigner:
        name = "root" if issuer is self.root else "issuing"
        certificate = pki.issue(
            profile,
            subject,
            key.public_key(),
            issuer=issuer,
            serial=_serial(),
            at=began or self.at - DAY,
            validity=validity,
            crl_url=f"{self.address}/crl/{name}.crl",
            ocsp_url=f"{self.address}/ocsp" if name == "issuing" else None,
            ca_url=f"{self.address}/ca/{name}.cer",
        )
        return FileSigner(key, certificate, (issuer.certificate, *issuer.chain))


def _service(name: str) -> LegalSubject:
    return LegalSubject(name, "FR", "NTRFR-123456789", "Atelier Marchand")


def _serial() -> int:
    return x509.random_serial_number()
