"""Each rule of the linter with certificates that break it; the issuer's key signs nothing that breaks one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from paraph import pki as issuing
from paraph.algorithms import Digest
from paraph.errors import InputError, LintFailed, SignatureMismatch, WeakAlgorithm
from paraph.keys.file import FileSigner
from paraph.pki import LegalSubject, PersonSubject, profiles
from paraph.pki.lint import RULES, lint
from paraph.pki.profiles import NO_REVOCATION_AVAILABLE, QC_STATEMENTS, Profile
from paraph_testing.pki import Pki

KEY = ec.generate_private_key(ec.SECP256R1())
DAY = timedelta(days=1)
STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
PROFILES = {
    "root": profiles.root(),
    "issuing": profiles.issuing(),
    "timestamping_unit": profiles.timestamping_unit(),
    "responder": profiles.ocsp_responder(),
    "seal": profiles.seal(),
    "bob": profiles.person(),
    "agent": profiles.agent(),
    "qualified": profiles.agent(),
}
Extension = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True)
class Draft:
    """A certificate taken apart, to be put together again with a defect."""

    subject: x509.Name
    issuer: x509.Name
    serial: int
    start: datetime
    end: datetime
    extensions: tuple[Extension, ...]

    @classmethod
    def of(cls, certificate: x509.Certificate) -> "Draft":
        return cls(
            certificate.subject,
            certificate.issuer,
            certificate.serial_number,
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
            tuple((each.value, each.critical) for each in certificate.extensions),
        )

    def without(self, oid: x509.ObjectIdentifier) -> "Draft":
        return replace(self, extensions=tuple(each for each in self.extensions if each[0].oid != oid))

    def having(self, extension: x509.ExtensionType, *, critical: bool = False) -> "Draft":
        changed = self.without(extension.oid)
        return replace(changed, extensions=(*changed.extensions, (extension, critical)))

    def unnamed(self, oid: x509.ObjectIdentifier) -> "Draft":
        return replace(self, subject=x509.Name([each for each in self.subject if each.oid != oid]))

    def signed(self) -> x509.Certificate:
        builder = x509.CertificateBuilder(self.issuer, self.subject, KEY.public_key(), self.serial)
        builder = builder.not_valid_before(self.start).not_valid_after(self.end)
        for extension, critical in self.extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(KEY, hashes.SHA256())


def usage(*names: str) -> x509.KeyUsage:
    known = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: name in names for name in known})


def purposes(*oids: x509.ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage(oids)


URL = "http://pki.example.org/x.crl"
LIST = x509.CRLDistributionPoints([x509.DistributionPoint([x509.UniformResourceIdentifier(URL)], None, None, None)])
ASKS = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://pki.example.org/ocsp")
        )
    ]
)
Defect = Callable[[Draft], Draft]


def unnamed(oid: x509.ObjectIdentifier) -> Defect:
    return lambda draft: draft.unnamed(oid)


DEFECTS: dict[str, Sequence[tuple[str, Defect]]] = {
    "serial_number_is_positive_and_short": [("seal", lambda draft: replace(draft, serial=(1 << 159)))],
    "authority_says_so": [
        ("issuing", lambda draft: draft.having(x509.BasicConstraints(ca=True, path_length=0), critical=False)),
        ("issuing", lambda draft: draft.having(usage("crl_sign"), critical=True)),
        ("seal", lambda draft: draft.having(usage("content_commitment"), critical=False)),
        (
            "responder",
            lambda draft: draft.having(x509.BasicConstraints(ca=True, path_length=None), critical=True).having(
                usage("key_cert_sign"), critical=True
            ),
        ),
    ],
    "keys_are_identified": [
        ("root", lambda draft: draft.without(x509.SubjectKeyIdentifier.oid)),
        ("seal", lambda draft: draft.without(x509.AuthorityKeyIdentifier.oid)),
    ],
    "person_is_named": [
        ("bob", unnamed(oid))
        for oid in (
            *(NameOID.COUNTRY_NAME, NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.COMMON_NAME, NameOID.SERIAL_NUMBER),
        )
    ],
    "legal_person_is_named": [
        ("seal", unnamed(oid))
        for oid in (
            *(NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATION_IDENTIFIER, NameOID.COMMON_NAME),
        )
    ],
    "agent_stands_beside_their_organisation": [
        ("agent", unnamed(NameOID.ORGANIZATION_NAME)),
        ("agent", unnamed(NameOID.ORGANIZATION_IDENTIFIER)),
    ],
    "responder_is_delegated_and_not_looked_up": [
        ("responder", lambda draft: draft.having(purposes(ExtendedKeyUsageOID.SERVER_AUTH))),
        ("responder", lambda draft: draft.without(x509.OCSPNoCheck.oid)),
    ],
    "key_is_retired_before_its_certificate_ends": [
        ("timestamping_unit", lambda draft: draft.having(x509.PrivateKeyUsagePeriod(draft.start - DAY, draft.end))),
        ("timestamping_unit", lambda draft: draft.having(x509.PrivateKeyUsagePeriod(None, draft.end + DAY))),
    ],
    "qualified_certificate_says_all_it_must": [
        ("qualified", lambda draft: draft.having(x509.UnrecognizedExtension(QC_STATEMENTS, b"\x30\x00"))),
    ],
    "signature_key_only_commits": [
        ("bob", lambda draft: draft.having(usage("content_commitment", "digital_signature"), critical=True)),
        ("agent", lambda draft: draft.having(usage("digital_signature"), critical=True)),
        ("seal", lambda draft: draft.having(usage("digital_signature"), critical=True)),
    ],
    "timestamping_is_the_only_purpose": [
        ("timestamping_unit", lambda draft: draft.having(purposes(STAMPING), critical=False)),
        (
            "timestamping_unit",
            lambda draft: draft.having(purposes(STAMPING, ExtendedKeyUsageOID.CODE_SIGNING), critical=True),
        ),
    ],
    "assured_validity_is_short": [("bob", lambda draft: replace(draft, end=draft.start + DAY + DAY / 24))],
    "no_revocation_means_none": [
        ("bob", lambda draft: draft.having(LIST)),
        ("bob", lambda draft: draft.having(ASKS)),
        ("issuing", lambda draft: draft.having(x509.UnrecognizedExtension(NO_REVOCATION_AVAILABLE, b"\x05\x00"))),
    ],
    "status_can_be_found": [
        (
            "seal",
            lambda draft: draft.without(x509.CRLDistributionPoints.oid).without(x509.AuthorityInformationAccess.oid),
        )
    ],
}


def broken(certificate: x509.Certificate, profile: Profile) -> set[str]:
    return {rule.holds.__name__ for rule in RULES if not rule.holds(certificate, profile)}


def test_every_rule_has_a_certificate_that_breaks_it() -> None:
    assert set(DEFECTS) == {rule.holds.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "name", "defect"), [(rule, *case) for rule, cases in DEFECTS.items() for case in cases]
)
def test_a_defect_breaks_its_rule_and_no_other(pki: Pki, rule: str, name: str, defect: Defect) -> None:
    draft = Draft.of(getattr(pki, name).certificate)
    assert broken(draft.signed(), PROFILES[name]) == set()
    assert broken(defect(draft).signed(), PROFILES[name]) - overlapping(rule, name) == {rule}


def overlapping(rule: str, name: str) -> set[str]:
    """An authority without revocation also names its list, and nothing is amiss with that."""
    return set() if (rule, name) != ("no_revocation_means_none", "issuing") else {"status_can_be_found"}


def test_the_message_cites_the_clause(pki: Pki) -> None:
    unnamed = Draft.of(pki.bob.certificate).unnamed(NameOID.SURNAME).signed()
    with pytest.raises(LintFailed, match=r"EN 319 412-2 §4\.2\.4"):
        lint(unnamed, profiles.person())


class Watched(FileSigner):
    """A key that counts what it signs."""

    signed = 0

    def sign(self, digest: Digest) -> bytes:
        self.signed += 1
        return super().sign(digest)


def test_the_issuers_key_is_not_used_for_what_breaks_a_rule(pki: Pki, noon: datetime) -> None:
    """Two days are too long for a person's certificate."""
    issuer = Watched(pki.issuing._key, pki.issuing.certificate, pki.issuing.chain)
    bob = PersonSubject("Bob", "Durand", "FR", "1")
    with pytest.raises(LintFailed):
        issuing.issue(profiles.person(), bob, KEY.public_key(), issuer=issuer, serial=1, at=noon, validity=2 * DAY)
    assert issuer.signed == 0
    issuing.issue(profiles.person(), bob, KEY.public_key(), issuer=issuer, serial=1, at=noon, validity=DAY)
    assert issuer.signed == 1


def test_a_key_that_signs_something_else_is_noticed(pki: Pki, noon: datetime) -> None:
    """Mallory answers in the place of the issuing authority, whose key is elsewhere."""

    class Impostor:
        certificate, chain, algorithm = pki.issuing.certificate, pki.issuing.chain, pki.issuing.algorithm

        def sign(self, digest: Digest) -> bytes:
            return ec.generate_private_key(ec.SECP384R1()).sign(digest.value, ec.ECDSA(Prehashed(SHA384())))

    bob = PersonSubject("Bob", "Durand", "FR", "1")
    with pytest.raises(SignatureMismatch):
        issuing.issue(profiles.person(), bob, KEY.public_key(), issuer=Impostor(), serial=1, at=noon, validity=DAY)


def test_nobody_outlives_their_issuer(pki: Pki) -> None:
    late = pki.issuing.certificate.not_valid_after_utc - DAY / 2
    bob = PersonSubject("Bob", "Durand", "FR", "1")
    with pytest.raises(InputError, match="outlive"):
        issuing.issue(profiles.person(), bob, KEY.public_key(), issuer=pki.issuing, serial=1, at=late, validity=DAY)


def test_weak_keys_get_no_certificate(pki: Pki, noon: datetime) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()
    bob = PersonSubject("Bob", "Durand", "FR", "1")
    with pytest.raises(WeakAlgorithm):
        issuing.issue(profiles.person(), bob, weak, issuer=pki.issuing, serial=1, at=noon, validity=DAY)


@pytest.mark.parametrize(
    "subject",
    [
        PersonSubject("", "Durand", "FR", "1"),
        PersonSubject("Bob", "Durand\n", "FR", "1"),
        PersonSubject("Bob", "D" * 65, "FR", "1"),
        PersonSubject("Bob", "Durand", "France", "1"),
        LegalSubject("Sauvage \u202eAS", "FR", "NTRFR-1"),
        PersonSubject("Bob\ud800", "Durand", "FR", "1"),
    ],
    ids=["empty", "line end", "too long", "no country code", "turned direction", "half a character"],
)
def test_who_cannot_be_named_gets_no_certificate(
    pki: Pki, noon: datetime, subject: PersonSubject | LegalSubject
) -> None:
    with pytest.raises(InputError):
        issuing.issue(profiles.seal(), subject, KEY.public_key(), issuer=pki.issuing, serial=1, at=noon, validity=DAY)


@pytest.mark.parametrize(
    "subject",
    [
        PersonSubject("Marie-" * 8, "Łukasiewicz " * 4, "FR", "1"),
        PersonSubject("Αλέξανδρος-Κωνσταντίνος", "Παπαδημητρακόπουλος-Αναγνωστόπουλος", "GR", "1"),
        LegalSubject("Ελληνική Εταιρεία Ηλεκτρονικών Υπογραφών και Σφραγίδων", "GR", "VATEL-1"),
    ],
    ids=["long", "Greek person", "Greek company"],
)
def test_a_long_common_name_is_cut(pki: Pki, noon: datetime, subject: PersonSubject | LegalSubject) -> None:
    """It stands whole in the other attributes; a Greek letter takes two bytes of the 64 that `cryptography` allows."""
    profile = profiles.person() if isinstance(subject, PersonSubject) else profiles.seal()
    certificate = issuing.issue(
        profile, subject, KEY.public_key(), issuer=pki.issuing, serial=1, at=noon, validity=DAY, crl_url=URL
    )
    (common,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert 0 < len(str(common.value).encode()) <= 64
    whole = {str(each.value) for each in certificate.subject}
    assert whole >= ({subject.surname} if isinstance(subject, PersonSubject) else {subject.name})
