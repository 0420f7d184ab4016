"""Which level a signature reaches, from what was really done for it."""

from dataclasses import replace

from cryptography import x509
from django.utils.translation import gettext as _
from paraph import certs
from paraph.certs.names import readable
from paraph.evidence import Certificate, Device, Means, Proof, SignatureLevel
from paraph.evidence.chain import moment
from paraph.evidence.level import Assurance, Facts, unmet
from paraph.evidence.level import of as level_of
from paraph.evidence.record import QUALIFIED

from paraph_server.config.options import options
from paraph_server.signing import queries
from paraph_server.signing.errors import LevelNotReached
from paraph_server.signing.models import Signing


def proofs(signing: Signing) -> tuple[Proof, ...]:
    """By what the signer has shown who they are."""
    return tuple(
        Proof(**each | {"means": Means(each["means"]), "assurance": Assurance(each["assurance"])})
        for each in signing.proofs
    )


def certificate(signing: Signing) -> Certificate | None:
    """The signature's certificate, as the evidence states it."""
    if not signing.certificate:
        return None
    found = x509.load_der_x509_certificate(bytes(signing.certificate))
    policies = certs.policies(found)
    return Certificate(
        subject=readable(found.subject),
        issuer=readable(found.issuer),
        serial=f"{found.serial_number:X}",
        digest=certs.thumbprint(found),
        not_before=moment(found.not_valid_before_utc),
        not_after=moment(found.not_valid_after_utc),
        policies=policies,
        device=signing.device,
        qualified=signing.qualified,
        rgs=options().stars_of(policies),
    )


def check(signing: Signing) -> None:
    """That a signature will be of the level that is asked for; called before any key is used.

    As long as the certificate is not known, its best is hoped for.

    Raises:
        LevelNotReached: it will not.
    """
    if not queries.signs(signing.recipient) or signing.recipient.consent_page is None:
        return
    level = SignatureLevel(signing.recipient.consent_page.level)
    if lacks := unmet(level, _expected(signing)):
        sources = ", ".join(each.source for each in lacks)
        raise LevelNotReached(_("This signature would not be of the level that is asked for: %s.") % sources)


def of(signing: Signing) -> SignatureLevel | None:
    """The level of a signature that was made and validated."""
    return level_of(_facts(signing, certificate(signing)))


def _expected(signing: Signing) -> Facts:
    known = certificate(signing)
    if known:
        return _facts(signing, known)
    hoped = replace(_facts(signing, None), rgs=max(options().rgs.values(), default=0))
    if queries.brings_key(signing.recipient):
        return replace(hoped, device=Device.QUALIFIED, qualified=True)
    return hoped


def _facts(signing: Signing, known: Certificate | None) -> Facts:
    """Whoever signs has a certificate of their own here, and nothing is delivered that was not validated."""
    return Facts(
        consents=signing.accepted_at is not None,
        proofs=proofs(signing),
        own_certificate=True,
        device=signing.device,
        qualified=known is not None and known.qualified == QUALIFIED,
        rgs=known.rgs if known else 0,
        proven=True,
    )
