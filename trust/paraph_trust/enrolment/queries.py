"""Find grants, and the certificates that lead to a root."""

from base64 import b64decode
from datetime import datetime

from cryptography import x509

from paraph_trust.authority.models import Certificate
from paraph_trust.authority.queries import ISSUING, chain, serving
from paraph_trust.ceremony.models import Ceremony
from paraph_trust.ceremony.plan import read_first
from paraph_trust.enrolment.models import Grant, secret_hash
from paraph_trust.enrolment.order import FirstOrder, Renewal, read
from paraph_trust.errors import InvalidRequest, InvalidToken


def holder(authorization: str, *, at: datetime) -> Grant:
    """The grant behind an `Authorization` header (RFC 7617), locked until the transaction ends.

    The look-up is by digest, so that its duration says nothing about the secret.

    Raises:
        InvalidToken: the header is not a grant's name and secret, or the time of the grant is over.
    """
    scheme, _, encoded = authorization.partition(" ")
    try:
        name, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        name, secret = "", ""
    if scheme.lower() != "basic" or not secret:
        raise InvalidToken("The name and the secret of an enrolment are required.")
    found = Grant.objects.select_for_update(of=["self"]).filter(secret_hash=secret_hash(secret)).first()
    if found is None or found.reference != name:
        raise InvalidToken("This is no enrolment's name and secret.")
    if found.expires_at <= at:
        raise InvalidToken("The time of this enrolment is over; ask for a new one.")
    return found


def order_of(grant: Grant) -> FirstOrder:
    """What a grant is for; that of a renewal stands in the grant of the certificate that it renews."""
    order = read(grant.order)
    while isinstance(order, Renewal):
        order = read(renewed(order.renews).grant.order)
    return order


def renewed(serial: str) -> Certificate:
    """A certificate that was enrolled here, to be renewed.

    Raises:
        InvalidRequest: none was.
    """
    found = Certificate.objects.select_related("grant").filter(serial=serial, grant__isnull=False).first()
    if found is None:
        raise InvalidRequest(f"No certificate {serial} was enrolled here.")
    return found


def is_demonstration() -> bool:
    """Whether the first ceremony marked everything with DEMO."""
    return read_first(Ceremony.objects.order_by("pk")[0].plan).demo


def authorities(*, at: datetime) -> tuple[x509.Certificate, ...]:
    """The authority that issues now and those above it, the root last (RFC 7030 §4.1.3).

    Raises:
        NotReady: none may issue.
    """
    return chain(serving(ISSUING, at=at))
