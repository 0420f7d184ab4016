"""Find credentials and authorisations, each client its own."""

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.db.models import QuerySet
from paraph.algorithms import Digest
from paraph.keys.file import FileSigner, PrivateKey
from paraph.keys.signer import Signer

from paraph_trust.authority.queries import chain, signer
from paraph_trust.errors import InvalidRequest, NotReady
from paraph_trust.keys.folder import wrapping
from paraph_trust.signing.models import Authorisation, Credential, secret_hash


def lent(client: str, credential_id: str) -> Credential:
    """A credential that a client may use.

    Raises:
        InvalidRequest: there is none of that name for this client; whether another client has it is not told.
    """
    try:
        return Credential.objects.select_related("certificate").get(pk=credential_id, lent_to__contains=[client])
    except Credential.DoesNotExist:
        raise InvalidRequest("Invalid parameter credentialID: no such credential.") from None


def locked(credential: Credential) -> Credential:
    """The same credential, held until the transaction ends if its key may sign only once; seals sign side by side."""
    if not credential.single_use:
        return credential
    return Credential.objects.select_for_update(of=["self"]).select_related("certificate").get(pk=credential.pk)


def usable(client: str, *, at: datetime) -> QuerySet[Credential]:
    """The credentials of a client that can still sign."""
    return Credential.objects.filter(
        lent_to__contains=[client],
        destroyed_at__isnull=True,
        certificate__not_after__gt=at,
        certificate__revoked_at__isnull=True,
    ).order_by("pk")


def requested(client: str, request_id: str) -> Credential | None:
    """What a client's earlier request under this identifier brought about."""
    return Credential.objects.filter(requested_by=client, request_id=request_id).select_related("certificate").first()


def expired(*, at: datetime) -> QuerySet[Credential]:
    """Credentials whose certificate ended before their key signed; those in use right now are passed over."""
    waiting = Credential.objects.filter(wrapped_key__isnull=False, certificate__not_after__lte=at)
    return waiting.select_for_update(of=["self"], skip_locked=True)


def authorised(credential: Credential, secret: str) -> Authorisation:
    """The authorisation behind signature activation data, locked until the transaction ends.

    Raises:
        InvalidRequest: the data was not given for this credential.
    """
    try:
        return credential.authorisations.select_for_update().get(secret_hash=secret_hash(secret))
    except Authorisation.DoesNotExist:
        raise InvalidRequest("Invalid parameter SAD.") from None


def has_signed(credential: Credential, digests: Sequence[Digest]) -> Authorisation | None:
    """The authorisation under which a single-use credential has signed just these digests."""
    done = credential.authorisations.filter(single_use=True, signed_at__isnull=False).first()
    return done if done and done.covers(digests) else None


def signer_of(credential: Credential) -> Signer:
    """The signer behind a credential whose key exists.

    Raises:
        NotReady: the key does not open, or is not on this host.
    """
    if credential.certificate.name:
        return signer(credential.certificate.name)
    if credential.wrapped_key is None:
        raise NotReady("The key of this credential does not exist.")
    secret = wrapping().unwrap(bytes(credential.wrapped_key), place=credential.pk)
    certificate, *issuers = chain(credential.certificate)
    key = load_der_private_key(secret, None)
    assert isinstance(key, PrivateKey)  # noqa: S101  what was wrapped here
    return FileSigner(key, certificate, issuers)
