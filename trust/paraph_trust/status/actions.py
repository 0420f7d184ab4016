"""Publish revocation lists and answer OCSP requests."""

from datetime import datetime, timedelta

from django.db import transaction
from paraph import pki
from paraph.keys.signer import Signer

from paraph_trust.authority.models import Certificate
from paraph_trust.authority.queries import ISSUING, RESPONDER, ROOT, serving, signer
from paraph_trust.errors import NotReady
from paraph_trust.log import actions as log
from paraph_trust.status import queries
from paraph_trust.status.models import RevocationList

IN_FORCE = {ROOT: timedelta(days=180), ISSUING: timedelta(hours=24)}
"""How long a list holds. The root's key is kept offline, so its list must last until somebody brings it."""
ANSWER_HOLDS = timedelta(hours=1)
"""EN 319 411-1 wants a revocation visible within 60 minutes, also to those who keep answers."""


def current(issuer: Certificate, *, at: datetime) -> bytes:
    """The list in force, made anew when half its time has passed or something was revoked since.

    Raises:
        NotReady: the list has run out and the issuer's key is not on this host.
    """
    newest = queries.newest(issuer)
    if newest is None or queries.outdated(newest, at=at):
        newest = _renewed(issuer, at=at)
    return bytes(newest.der)


def _renewed(issuer: Certificate, *, at: datetime) -> RevocationList:
    """A new list or, while the issuer's key is away, the last one as long as it holds."""
    try:
        return publish(str(issuer.name), signer(str(issuer.name)), at=at)
    except NotReady:
        newest = queries.newest(issuer)
        if newest and at < newest.next_update:
            return newest
        raise


@transaction.atomic
def publish(issuer_name: str, key: Signer, *, at: datetime) -> RevocationList:
    """Sign and keep the next list, unless somebody else just did."""
    issuer = Certificate.objects.select_for_update().get(name=issuer_name)
    newest = queries.newest(issuer)
    if newest and not queries.outdated(newest, at=at):
        return newest
    number = newest.number + 1 if newest else 1
    next_update = at + IN_FORCE[str(issuer.role)]
    entries = [certificate.revocation for certificate in queries.revoked(issuer) if certificate.revocation]
    der = pki.revocation_list(key, entries, at=at, number=number, next_update=next_update)
    log.record("crl:issued", subject=issuer.serial, at=at, number=number)
    return RevocationList.objects.create(
        issuer=issuer, number=number, der=der, this_update=at, next_update=next_update, entries=len(entries)
    )


def answer(request: bytes, *, at: datetime) -> bytes:
    """Answer an OCSP request about certificates of an issuing authority, by the responder that it delegated.

    Raises:
        NotReady: no ceremony yet, or the responder's key is not on this host.
    """
    try:
        question = pki.ocsp.read(request)
    except pki.ocsp.NotAQuestion:
        return pki.ocsp.refuse(pki.ocsp.Refusal.MALFORMED_REQUEST)
    issuer = queries.asked_about(question)
    if issuer is None:
        return pki.ocsp.refuse(pki.ocsp.Refusal.UNAUTHORIZED)
    return pki.ocsp.answer(
        question,
        signer(str(serving(RESPONDER, at=at, issuer=issuer).name)),
        issuer=issuer.parsed,
        standing=lambda serial: queries.standing_of(serial, issuer),
        at=at,
        next_update=at + ANSWER_HOLDS,
    )
