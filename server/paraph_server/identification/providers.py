"""The identity providers that an organisation has an agreement with."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from joserfc.jwk import ECKey
from paraph.evidence import Means
from paraph.evidence.level import Assurance

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.config.options import options
from paraph_server.identification.errors import BadProvider, NoSuchProvider
from paraph_server.identification.models import Provider
from paraph_server.identification.openid import exchange
from paraph_server.identification.openid.exchange import Party
from paraph_server.identification.openid.kinds import DEFAULT_ACR, RULES
from paraph_server.journal.actions import Actor, record
from paraph_server.web.sealed import seal, unseal

CALLBACK = "/openid/callback"
FAREWELL = "/openid/signed-out"


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What an administrator writes down of a provider."""

    kind: Means
    client_id: str
    secret: str
    name: str = ""
    issuer: str = ""
    acr: str = ""
    assurance: Assurance = Assurance.NONE


@transaction.atomic
def register(tenant: Tenant | str, wanted: NewProvider, *, by: Actor, at: datetime) -> Provider:
    """Add a provider; whether it answers is found out by whoever goes there first.

    Raises:
        BadProvider: something is missing, or cannot be.
    """
    rules, default = RULES.get(wanted.kind), DEFAULT_ACR.get(wanted.kind, "")
    if rules is None:
        raise BadProvider(_("There are no identity providers of this kind."))
    made = Provider(
        tenant_id=id_of(tenant),
        kind=wanted.kind,
        name=wanted.name.strip() or rules.name,
        issuer=exchange.check_address(wanted.issuer.strip() or rules.issuer),
        client_id=wanted.client_id.strip(),
        secret=seal(wanted.secret.strip()),
        acr=" ".join(wanted.acr.split()) or default,
        assurance=wanted.assurance,
        key=seal(
            json.dumps(
                ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES"}, auto_kid=True).as_dict(private=True)
            )
        ),
        created_at=at,
    )
    _check(made, wanted.secret.strip())
    made.save(force_insert=True)
    _tell("provider:registered", made, by, at)
    return made


@transaction.atomic
def remove(provider: Provider, *, by: Actor, at: datetime) -> None:
    """Send nobody there any more; what it vouched for stays on record."""
    provider.removed_at = at
    provider.save(update_fields=["removed_at"])
    _tell("provider:removed", provider, by, at)


def of(tenant: Tenant | str) -> QuerySet[Provider]:
    return Provider.objects.filter(tenant_id=id_of(tenant), removed_at=None)


def offering(means: Means) -> QuerySet[Provider]:
    """Those of the tenant spoken for by which somebody can prove who they are by this means."""
    return Provider.objects.filter(kind=means, removed_at=None)


def find(provider_id: str) -> Provider:
    """Raises `NoSuchProvider`."""
    found = Provider.objects.filter(pk=provider_id, removed_at=None).first()
    if found is None:
        raise NoSuchProvider(_("There is no such identity provider."))
    return found


def party(provider: Provider) -> Party:
    """We, as the provider knows us."""
    return Party(
        provider.means,
        provider.issuer,
        provider.client_id,
        unseal(provider.secret),
        provider.acr,
        options().public_url + CALLBACK,
        _key(provider) if RULES[provider.means].encrypted else None,
    )


def worth(provider: Provider, acr: str) -> Assurance:
    """How sure a provider's word makes us of who somebody is."""
    return RULES[provider.means].degrees.get(acr, Assurance(provider.assurance))


def published_keys(provider: Provider) -> dict[str, Any]:
    """The public half of what the provider encrypts for (RFC 7517 §5)."""
    return {"keys": [_key(provider).as_dict(private=False)]}


def _key(provider: Provider) -> ECKey:
    return ECKey.import_key(json.loads(unseal(provider.key)))


def _check(made: Provider, secret: str) -> None:
    for name, longest in (("name", 60), ("issuer", 300), ("client_id", 200), ("acr", 100)):
        if len(getattr(made, name)) > longest:
            raise BadProvider(_("This is too long for an identity provider."))
    if not made.client_id or not secret:
        raise BadProvider(_("Write down the identifier and the secret that the provider gave you."))
    degrees = RULES[made.means].degrees
    if degrees and not set(made.acr.split()) <= degrees.keys():
        raise BadProvider(_("This provider knows the degrees %(degrees)s.") % {"degrees": ", ".join(degrees)})


def _tell(event: str, provider: Provider, by: Actor, at: datetime) -> None:
    facts = {"kind": provider.kind, "name": provider.name, "issuer": provider.issuer}
    record(event, tenant=provider.tenant_id, subject=provider.pk, by=by, at=at, acr=provider.acr, **facts)
