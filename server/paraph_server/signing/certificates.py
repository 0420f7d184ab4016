"""Certificates that signers bring: whether one does, and what is known of it.

What could not be looked at is said, too: where no trusted list is at hand, a certificate is qualified by its own word
only, which is not enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography import x509
from django.utils.translation import gettext as _
from paraph import certs
from paraph.algorithms import SignatureAlgorithm
from paraph.certs import TrustStore
from paraph.certs.names import readable
from paraph.certs.validation_data import ValidationData
from paraph.errors import NoPath, Refused, WeakAlgorithm
from paraph.evidence import Device
from paraph.evidence.record import QUALIFIED

from paraph_server import trust
from paraph_server.signing import holders, queries
from paraph_server.signing.errors import BadCertificate
from paraph_server.signing.models import Signing
from paraph_server.signing.names import check_name
from paraph_server.signing.signers import Signer
from paraph_server.workflows.models import KeyHolder

NOT_CHECKED = "not checked"
DEVICES = {KeyHolder.CARD: Device.TOKEN, KeyHolder.PROVIDER: Device.PROVIDER}
"""Where a key lies of which nobody says that it is a qualified device."""
_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_CLAIMS = {"qualified": bytes.fromhex("060604008e460101"), "onDevice": bytes.fromhex("060604008e460104")}
"""What a certificate says of itself (EN 319 412-5 §4.2.1, §4.2.2): its statements' identifiers, DER."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a certificate."""

    facts: dict[str, Any]
    """As the journal keeps it."""
    chain: tuple[x509.Certificate, ...]
    """Its issuers, up to where somebody is trusted."""
    anchor: x509.Certificate | None
    """Who that is, where a trusted list names them and no root of ours leads there."""


def check(certificate: x509.Certificate, chain: Sequence[x509.Certificate], *, signer: Signer, at: datetime) -> Found:
    """What is known of a certificate with which somebody wants to sign.

    Raises:
        BadCertificate: it is not for signatures, not theirs, not valid, revoked, or of nobody we know.
        Unavailable: whether it is revoked cannot be learnt now; try again.
    """
    _check_purpose(certificate, at)
    check_name(certificate, signer)
    found = _looked_up(certificate, chain, at)
    return replace(found, facts=found.facts | {"claims": _claims(certificate)})


def _looked_up(certificate: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime) -> Found:
    """What others say of a certificate."""
    anchor = None
    try:
        found = certs.path(certificate, intermediates=chain, trusted=trust.trusted(), at=at)
    except NoPath:
        anchor = _listed(certificate, chain, at)
        found = certs.path(certificate, intermediates=chain, trusted=TrustStore((anchor,)), at=at)
    # Only now: before, the addresses in the certificates could be anybody's.
    revocation = _not_revoked(certificate, found[1:], anchor, at)
    facts = {
        "path": [readable(each.subject) for each in found],
        "listed": anchor is not None,
        "revocation": revocation,
        "qualification": _qualification(certificate, found[1:], at),
    }
    return Found(facts, found[1:], anchor)


def _listed(certificate: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime) -> x509.Certificate:
    """The issuer of a qualified certificate, as a trusted list names it."""
    lists = trust.trusted_lists()
    anchor = lists.anchor(certificate, chain, at=at) if lists else None
    if anchor is None:
        raise BadCertificate(
            _("The certificate’s issuer, %(issuer)s, is not among those that this platform takes.")
            % {"issuer": readable(certificate.issuer)}
        )
    return anchor


def named(certificate: x509.Certificate) -> dict[str, str]:
    """By what the journal knows a certificate."""
    return {
        "subject": certificate.subject.rfc4514_string(),
        "serial": f"{certificate.serial_number:X}",
        "sha256": certs.thumbprint(certificate),
    }


def standing(checked: Mapping[str, Any], holder: KeyHolder) -> tuple[str, Device]:
    """What the lists say of the certificate, empty where they were not asked; and where its key lies."""
    found, plain = checked["qualification"], DEVICES[holder]
    if found["state"] == NOT_CHECKED:
        return "", Device.QUALIFIED if "onDevice" in checked["claims"] else plain
    return found["state"], Device.QUALIFIED if found["onDevice"] else plain


def check_again(signing: Signing, *, at: datetime) -> x509.Certificate | None:
    """See that a certificate was not revoked while its holder signed; the time-stamp comes right after.

    Returns:
        Whom its path ends with, where that is somebody whom a trusted list names; see `Found`.

    Raises as `check` does.
    """
    if not queries.brings_key(signing.recipient):
        return None
    kept = holders.kept(signing)
    found = _looked_up(kept.certificate, kept.chain, at)
    again = found.facts
    signing.checked = signing.checked | {"again": again}
    signing.qualified, signing.device = standing(signing.checked | again, queries.key_holder(signing.recipient))
    signing.save(update_fields=["checked", "qualified", "device"])
    return found.anchor


def _check_purpose(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise BadCertificate(_("This certificate is not valid now."))
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise BadCertificate(_("This certificate is not for signatures.")) from None
    if not (usage.content_commitment or usage.digital_signature) or usage.key_cert_sign:
        raise BadCertificate(_("This certificate is not for signatures."))
    try:
        SignatureAlgorithm.for_key(certificate.public_key())
    except WeakAlgorithm as weak:
        raise BadCertificate(str(weak)) from None


def _not_revoked(
    certificate: x509.Certificate, chain: Sequence[x509.Certificate], anchor: x509.Certificate | None, at: datetime
) -> dict[str, str]:
    ends = (anchor,) if anchor else ()
    try:
        trust.revocations(*ends).collect(certificate, at=at, known=ValidationData.of(chain))
    except Refused as refusal:
        raise BadCertificate(str(refusal)) from None
    return {"state": "good", "at": at.isoformat()}


def _qualification(certificate: x509.Certificate, issuers: Sequence[x509.Certificate], at: datetime) -> dict[str, Any]:
    """What the trusted lists of the Member States say; they are fetched elsewhere."""
    lists = trust.trusted_lists()
    found = lists.qualification(certificate, issuers, at=at) if lists and issuers else None
    if found is None:
        return {"state": NOT_CHECKED}
    for_signatures = found.qualified and found.purpose == "esign"
    return {
        "state": QUALIFIED if for_signatures else "not qualified",
        "onDevice": for_signatures and found.on_device,
        "service": found.service,
    }


def _claims(certificate: x509.Certificate) -> list[str]:
    try:
        stated = certificate.extensions.get_extension_for_oid(_STATEMENTS).value
    except x509.ExtensionNotFound:
        return []
    encoded = stated.value if isinstance(stated, x509.UnrecognizedExtension) else b""
    return [claim for claim, identifier in _CLAIMS.items() if identifier in encoded]
