"""Bring credentials into being, authorise signatures, make them.

A person's key signs in one transaction that locks its credential, stores the signatures and destroys the key. A crash
before the commit leaves the key and no signature; after it, the signatures and no key. Whoever asks again gets them.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import IntegrityError, transaction
from paraph.algorithms import Digest
from paraph.keys.signer import Signer

from paraph_trust.authority import actions as authority
from paraph_trust.authority.models import Certificate
from paraph_trust.clients.requests import digests
from paraph_trust.errors import InvalidRequest
from paraph_trust.keys.folder import wrapping
from paraph_trust.log import actions as log
from paraph_trust.signing import queries
from paraph_trust.signing.models import Authorisation, Credential, secret_hash
from paraph_trust.signing.requests import AuthorizeRequest, IssueRequest, SignRequest

AUTHORISED_FOR = timedelta(minutes=5)


def issue(request: IssueRequest, *, client: str, at: datetime) -> Credential:
    """Make a key and a certificate in a person's name; asked again under the same identifier, give the same.

    Raises:
        InvalidRequest: the identifier was used for another person or validity, or the subject breaks the profile.
    """
    forget_expired_keys(at=at)
    credential = queries.requested(client, request.requestID) or _create(request, client=client, at=at)
    if bytes(credential.request_digest or b"") != _digest(request):
        raise InvalidRequest("Invalid parameter requestID: it was used for another subject or validity.")
    return credential


def _create(request: IssueRequest, *, client: str, at: datetime) -> Credential:
    try:
        with transaction.atomic():
            return _create_once(request, client=client, at=at)
    except IntegrityError:  # the same request, asked twice at the same time
        credential = queries.requested(client, request.requestID)
        if credential is None:
            raise
        return credential


def _create_once(request: IssueRequest, *, client: str, at: datetime) -> Credential:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.issue_to_person(
        request.subject.person(),
        key.public_key(),
        level=request.level,
        validity=timedelta(seconds=request.validity),
        at=at,
    )
    identifier = f"crd_{secrets.token_hex(16)}"
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    credential = Credential.objects.create(
        id=identifier,
        lent_to=[client],
        certificate=certificate,
        single_use=True,
        wrapped_key=wrapping().wrap(secret, place=identifier),
        requested_by=client,
        request_id=request.requestID,
        request_digest=_digest(request),
        created_at=at,
    )
    log.record("key:created", subject=identifier, at=at, certificate=certificate.serial, client=client)
    return credential


def _digest(request: IssueRequest) -> bytes:
    # Requests from before there were levels are still known.
    return hashlib.sha256(request.model_dump_json(exclude=None if request.level else {"level"}).encode()).digest()


def lend_seal(credential_id: str, certificate: Certificate, *, clients: list[str], at: datetime) -> Credential:
    """Open a standing seal key to clients; the ceremony calls it."""
    return Credential.objects.create(
        id=credential_id, lent_to=clients, certificate=certificate, single_use=False, created_at=at
    )


@transaction.atomic
def authorise(request: AuthorizeRequest, *, client: str, at: datetime) -> str:
    """Give leave to sign these digests, once; the answer is the secret that `sign` wants (SAD).

    Raises:
        InvalidRequest: the credential is not the client's, is past use, or has signed something else.
    """
    wanted = digests(request.hashes, request.hashAlgorithmOID)
    if len(wanted) != request.numSignatures:
        raise InvalidRequest("Invalid parameter numSignatures: it must be the number of hashes.")
    credential = queries.lent(client, request.credentialID)
    if not queries.has_signed(credential, wanted):
        _refuse_past_use(credential, at)
    secret = secrets.token_urlsafe(32)
    credential.authorisations.create(
        single_use=credential.single_use,
        secret_hash=secret_hash(secret),
        hash_algorithm=wanted[0].algorithm.value,
        digests=[digest.value for digest in wanted],
        created_at=at,
        expires_at=at + AUTHORISED_FOR,
    )
    return secret


@transaction.atomic
def sign(request: SignRequest, *, client: str, at: datetime) -> list[bytes]:
    """Sign what was authorised. The same request again gives the same signatures.

    Raises:
        InvalidRequest: not authorised, not these digests, too late, or the key has signed something else.
    """
    wanted = digests(request.hashes, request.hashAlgorithmOID)
    credential = queries.locked(queries.lent(client, request.credentialID))
    authorisation = queries.authorised(credential, request.SAD)
    if not authorisation.covers(wanted):
        raise InvalidRequest("Invalid parameter hashes: these are not the authorised ones.")
    if done := authorisation if authorisation.signatures else queries.has_signed(credential, wanted):
        return [bytes(value) for value in done.signatures or ()]
    if authorisation.expires_at <= at:
        raise InvalidRequest("The SAD has expired.")
    _refuse_past_use(credential, at)
    return _sign(credential, authorisation, wanted, algorithm=request.signAlgo, at=at)


def _sign(
    credential: Credential, authorisation: Authorisation, wanted: Sequence[Digest], *, algorithm: str, at: datetime
) -> list[bytes]:
    signer = queries.signer_of(credential)
    _refuse_other_algorithms(signer, wanted, algorithm)
    signatures = [signer.sign(digest) for digest in wanted]
    authorisation.signatures, authorisation.signed_at = signatures, at
    authorisation.save(update_fields=["signatures", "signed_at"])
    combined = hashlib.sha256(b"".join(digest.value for digest in wanted)).hexdigest()
    log.record("key:used", subject=credential.pk, at=at, signatures=len(wanted), digests=combined)
    if credential.single_use:
        _destroy(credential, at=at, reason="used")
    return signatures


def _refuse_other_algorithms(signer: Signer, wanted: Sequence[Digest], algorithm: str) -> None:
    if algorithm != signer.algorithm.value:
        raise InvalidRequest(f"Invalid parameter signAlgo: this credential signs with {signer.algorithm.value}.")
    if wanted[0].algorithm is not signer.algorithm.hash:
        raise InvalidRequest(f"Invalid parameter hashAlgorithmOID: this credential signs {signer.algorithm.hash.name}.")


def _refuse_past_use(credential: Credential, at: datetime) -> None:
    if credential.destroyed_at:
        raise InvalidRequest("The key of this credential is destroyed: it has signed, or its time is over.")
    if not credential.certificate.not_before <= at < credential.certificate.not_after:
        raise InvalidRequest("The certificate of this credential has expired.")
    if credential.certificate.revoked_at:
        raise InvalidRequest("The certificate of this credential is revoked.")


def _destroy(credential: Credential, *, at: datetime, reason: str) -> None:
    credential.wrapped_key, credential.destroyed_at = None, at
    credential.save(update_fields=["wrapped_key", "destroyed_at"])
    log.record("key:destroyed", subject=credential.pk, at=at, reason=reason)


@transaction.atomic
def forget_expired_keys(*, at: datetime) -> None:
    """Destroy the keys that nobody used in time."""
    for credential in queries.expired(at=at):
        _destroy(credential, at=at, reason="expired")
