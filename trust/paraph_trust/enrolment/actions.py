"""Grant enrolments, and carry them out."""

import secrets
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from paraph.errors import InputError, Refused
from paraph.pki.form import PublicKey
from paraph.pki.request import Request

from paraph_trust.authority import actions as authority
from paraph_trust.authority.models import Certificate
from paraph_trust.authority.queries import ISSUING, serving, signer
from paraph_trust.ceremony.models import digest_of
from paraph_trust.control import actions as control
from paraph_trust.control.models import Act
from paraph_trust.enrolment import queries
from paraph_trust.enrolment.models import Grant, secret_hash
from paraph_trust.enrolment.order import Renewal, read
from paraph_trust.errors import InvalidRequest
from paraph_trust.log import actions as log


@transaction.atomic
def grant(text: str, *, at: datetime) -> str:
    """Grant what a reviewed file says, and return name and secret, which is never shown again.

    Raises:
        InvalidRequest: the file grants nothing that could be issued, or officers have not approved it.
    """
    order = read(text)
    if isinstance(order, Renewal):
        _still_good(queries.renewed(order.renews), at=at)
    serving(ISSUING, at=at)
    approved = control.require(Act.GRANT, digest_of(text), at=at)
    secret = f"pes_{secrets.token_urlsafe(32)}"
    made = Grant.objects.create(
        order=text,
        secret_hash=secret_hash(secret),
        granted_at=at,
        expires_at=at + timedelta(days=order.open_days),
        approved_by=approved,
    )
    log.record("enrolment:granted", subject=made.reference, at=at, order=digest_of(text), approved=approved)
    return f"{made.reference}:{secret}"


@transaction.atomic
def enrol(authorization: str, request: bytes, *, label: str | None, at: datetime) -> x509.Certificate:
    """Issue what was granted, for the key in a request; whom the request names does not matter (RFC 7030 §4.2.1).

    An answer that was lost is given again, for the same key.

    Raises:
        InvalidToken: no such grant, or its time is over.
        InvalidRequest: it is for something else or used, the request is malformed, its key weak or not its maker's.
    """
    held = queries.holder(authorization, at=at)
    if isinstance(read(held.order), Renewal):
        raise InvalidRequest("This enrolment renews a certificate: ask at simplereenroll.")
    return _issued(held, _read(request), label=label, at=at)


@transaction.atomic
def reenrol(authorization: str, request: bytes, *, label: str | None, at: datetime) -> x509.Certificate:
    """Issue a certificate's successor, for the same key or another one (RFC 7030 §4.2.2).

    Raises:
        InvalidToken: as for `enrol`.
        InvalidRequest: as for `enrol`; the request names somebody else, or the certificate is over or revoked.
    """
    held, asked = queries.holder(authorization, at=at), _read(request)
    order = read(held.order)
    if not isinstance(order, Renewal):
        raise InvalidRequest("This enrolment renews nothing: ask at simpleenroll.")
    former = queries.renewed(order.renews)
    _still_good(former, at=at)
    if asked.name != former.parsed.subject or asked.email != _mailbox(former.parsed):
        raise InvalidRequest("The request must name exactly whom the certificate to be renewed names.")
    return _issued(held, asked, label=label, at=at)


def _read(request: bytes) -> Request:
    try:
        return Request.read(request)
    except (InputError, Refused) as error:
        raise InvalidRequest(str(error)) from None


def _issued(held: Grant, asked: Request, *, label: str | None, at: datetime) -> x509.Certificate:
    order = queries.order_of(held)
    if label not in {None, order.label}:
        raise InvalidRequest(f"This enrolment is for {order.label}, not for {label}.")
    if held.certificate:
        return _again(held.certificate, asked)
    issuer = serving(ISSUING, at=at)
    held.certificate = authority.issue(
        order.profile(),
        order.subject(demo=queries.is_demonstration()),
        asked.key,
        issuer=issuer,
        signer=signer(str(issuer.name)),
        validity=order.validity,
        at=at,
    )
    held.save(update_fields=["certificate"])
    log.record("enrolment:used", subject=held.reference, at=at, certificate=held.certificate.serial)
    return held.certificate.parsed


def _again(issued: Certificate, asked: Request) -> x509.Certificate:
    certificate = issued.parsed
    if _spki(asked.key) != certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        raise InvalidRequest("This enrolment was used for another key; ask for a new one.")
    return certificate


def _still_good(certificate: Certificate, *, at: datetime) -> None:
    if certificate.revoked_at or certificate.not_after <= at:
        raise InvalidRequest(f"The certificate {certificate.serial} is over or revoked: it has no successor.")


def _mailbox(certificate: x509.Certificate) -> str | None:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    return next(iter(names.get_values_for_type(x509.RFC822Name)), None)


def _spki(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
