"""What is said to a provider, and what it answers. Only the browser goes to its pages."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Self

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
from paraph_server.web.sealed import seal, unseal

CALLBACK = "/providers/callback"
MOST_CREDENTIALS = 20
"""That are looked at; whoever has more has most of them for something else."""


@dataclass(frozen=True, slots=True)
class Party:
    """A provider as we speak with it, and as whom."""

    name: str
    address: str
    version: str
    client_id: str
    secret: str

    @classmethod
    def of(cls, provider: Provider) -> Self:
        secret = unseal(provider.secret)
        return cls(provider.name, provider.address, provider.version, provider.client_id, secret)

    @classmethod
    def unsealed(cls, kept: bytes) -> Self:
        return cls(**json.loads(unseal(kept)))

    def sealed(self) -> bytes:
        """As it may be written down, for somebody who is on their way."""
        return seal(json.dumps(asdict(self)))

    def newer(self, provider: Provider) -> Self:
        """The same with whatever else is known of it by now, if that is still where it is, and as whom we are known."""
        now = type(self).of(provider)
        place = (self.address, self.version, self.client_id)
        return now if place == (now.address, now.version, now.client_id) else self


def page(party: Party, scope: Scope, *, state: str, **asked: str) -> str:
    """Where somebody goes to give leave; raises `ProviderUnavailable`, `ProviderRefused`."""
    with _worded(party):
        return _server(party).page(client(party), scope, state=state, verifier=_verifier(state), **asked)


def token(party: Party, code: str, *, state: str) -> str:
    """What the code is worth that somebody brought back; raises as `page` does."""
    with _worded(party):
        return _server(party).token(client(party), code, verifier=_verifier(state))


def credentials(party: Party, token: str) -> list[Credential]:
    """The keys with which this person can sign here.

    Raises:
        NoCredential: there are none.
        ProviderUnavailable, ProviderRefused: as `page`.
    """
    with _worded(party):
        there = service(party, token)
        found = [there.credential(each) for each in there.credentials()[:MOST_CREDENTIALS]]
    usable = [each for each in found if each.mode == "oauth2code" and len(each.id) <= 100 and _signs(each)]  # noqa: PLR2004
    if not usable:
        raise NoCredential(
            _("%(provider)s keeps no certificate for you with which you could sign here.") % {"provider": party.name}
        )
    return usable


def asked(party: Party, credential: Credential, digests: Sequence[Digest]) -> dict[str, str]:
    """What leave is asked for on the provider's page: these signatures, and no others."""
    return {"credentialID": credential.id, **Version(party.version).leave(digests)}


def sign(party: Party, token: str, credential: Credential, digests: Sequence[Digest], *, leave: str) -> list[bytes]:
    """The signatures, each of them checked; raises as `page` does."""
    with _worded(party):
        return service(party, token).sign_with_leave(credential, digests, leave)


def _server(party: Party) -> AuthorizationServer:
    return AuthorizationServer.of(service(party).info(), reachable=reachable)


def service(party: Party, token: str | None = None) -> CscService:
    return CscService(party.address, token, Version(party.version), reachable=reachable)


def client(party: Party) -> Client:
    return Client(party.client_id, party.secret, options().public_url + CALLBACK)


def _verifier(state: str) -> str:
    """Derived from what the browser alone keeps: an answer fits no other question (RFC 7636)."""
    return salted_hmac("paraph.providers.verifier", state, algorithm="sha256").hexdigest()


def _signs(credential: Credential) -> bool:
    try:
        return bool(credential.algorithm)
    except (WeakAlgorithm, UnsupportedAlgorithm):
        return False


@contextmanager
def _worded(party: Party) -> Iterator[None]:
    """What goes wrong there, in words for the signer, who knows the provider by its name."""
    try:
        yield
    except (Unavailable, UnusableCertificate) as fault:
        raise ProviderUnavailable(
            _("%(provider)s does not answer as it should. Nothing was signed; please try again later.")
            % {"provider": party.name}
        ) from fault
    except SignatureMismatch as fault:
        raise ProviderRefused(
            _("What %(provider)s sent is not your signature of these documents. It was thrown away.")
            % {"provider": party.name}
        ) from fault
    except Refused as fault:
        raise ProviderRefused(
            _("%(provider)s refused. Nothing was signed; you can try again.") % {"provider": party.name}
        ) from fault
