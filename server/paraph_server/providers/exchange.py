"""What is said to a provider, and what it answers. Only the browser goes to its pages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cryptography.exceptions import UnsupportedAlgorithm
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from paraph.algorithms import Digest
from paraph.errors import Refused, SignatureMismatch, Unavailable, UnusableCertificate, WeakAlgorithm
from paraph.keys.csc import AuthorizationServer, Client, Credential, CscService, Version
from paraph.keys.csc.authorization import Scope

from paraph_server.config.options import options
from paraph_server.providers.errors import NoCredential, ProviderRefused, ProviderUnavailable
from paraph_server.providers.models import Provider
from paraph_server.web.reach import reachable
from paraph_server.web.sealed import unseal

CALLBACK = "/providers/callback"
MOST_CREDENTIALS = 20
"""That are looked at; whoever has more has most of them for something else."""


def page(provider: Provider, scope: Scope, *, state: str, **asked: str) -> str:
    """Where somebody goes to give leave; raises `ProviderUnavailable`, `ProviderRefused`."""
    with _worded(provider):
        return _server(provider).page(_client(provider), scope, state=state, verifier=_verifier(state), **asked)


def token(provider: Provider, code: str, *, state: str) -> str:
    """What the code is worth that somebody brought back; raises as `page` does."""
    with _worded(provider):
        return _server(provider).token(_client(provider), code, verifier=_verifier(state))


def credentials(provider: Provider, token: str) -> list[Credential]:
    """The keys with which this person can sign here.

    Raises:
        NoCredential: there are none.
        ProviderUnavailable, ProviderRefused: as `page`.
    """
    with _worded(provider):
        service = _service(provider, token)
        found = [service.credential(each) for each in service.credentials()[:MOST_CREDENTIALS]]
    usable = [each for each in found if each.mode == "oauth2code" and len(each.id) <= 100 and _signs(each)]  # noqa: PLR2004
    if not usable:
        raise NoCredential(
            _("%(provider)s keeps no certificate for you with which you could sign here.") % {"provider": provider.name}
        )
    return usable


def asked(provider: Provider, credential: Credential, digests: Sequence[Digest]) -> dict[str, str]:
    """What leave is asked for on the provider's page: these signatures, and no others."""
    return {"credentialID": credential.id, **Version(provider.version).leave(digests)}


def sign(
    provider: Provider, token: str, credential: Credential, digests: Sequence[Digest], *, leave: str
) -> list[bytes]:
    """The signatures, each of them checked; raises as `page` does."""
    with _worded(provider):
        return _service(provider, token).sign_with_leave(credential, digests, leave)


def _server(provider: Provider) -> AuthorizationServer:
    return AuthorizationServer.of(_service(provider, None).info(), reachable=reachable)


def _service(provider: Provider, token: str | None) -> CscService:
    return CscService(provider.address, token, Version(provider.version), reachable=reachable)


def _client(provider: Provider) -> Client:
    return Client(provider.client_id, unseal(provider.secret), options().public_url + CALLBACK)


def _verifier(state: str) -> str:
    """Derived from what the browser alone keeps: an answer fits no other question (RFC 7636)."""
    return salted_hmac("paraph.providers.verifier", state, algorithm="sha256").hexdigest()


def _signs(credential: Credential) -> bool:
    try:
        return bool(credential.algorithm)
    except (WeakAlgorithm, UnsupportedAlgorithm):
        return False


@contextmanager
def _worded(provider: Provider) -> Iterator[None]:
    """What goes wrong there, in words for the signer, who knows the provider by its name."""
    try:
        yield
    except (Unavailable, UnusableCertificate) as fault:
        raise ProviderUnavailable(
            _("%(provider)s does not answer as it should. Nothing was signed; please try again later.")
            % {"provider": provider.name}
        ) from fault
    except SignatureMismatch as fault:
        raise ProviderRefused(
            _("What %(provider)s sent is not your signature of these documents. It was thrown away.")
            % {"provider": provider.name}
        ) from fault
    except Refused as fault:
        raise ProviderRefused(
            _("%(provider)s refused. Nothing was signed; you can try again.") % {"provider": provider.name}
        ) from fault
