"""Whether a provider can be talked to, found out before a signer does: what is good, and what is not, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from paraph.errors import Refused, Unavailable, UnknownClient
from paraph.keys.csc import AuthorizationServer, Version

from paraph_server.providers import exchange
from paraph_server.providers.exchange import Party
from paraph_server.providers.models import Provider
from paraph_server.web.reach import reachable

LONGEST = 60  # characters of what it says of itself
SPECS = {Version.V1: ("0.", "1."), Version.V2: ("2.",)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    good: bool
    text: str
    detail: str = ""
    """What was answered, for whoever looks after the provider."""


def look(provider: Provider) -> list[Finding]:
    """Ask a provider for what a signer's first visit needs; nobody signs in, and nothing is signed."""
    return list(_findings(Party.of(provider)))


def _findings(party: Party) -> Iterator[Finding]:
    try:
        info = exchange.service(party).info()
    except (Unavailable, Refused) as fault:
        text = _("At %(address)s nothing answers as the interface says.") % {"address": party.address}
        yield Finding(good=False, text=text, detail=str(fault))
        return
    yield from _interface(party, info)
    try:
        server = AuthorizationServer.of(info, reachable=reachable)
    except (Unavailable, Refused) as fault:
        yield Finding(good=False, text=_("It does not say where signers sign in."), detail=str(fault))
        return
    where = urlsplit(server.authorize).netloc
    yield Finding(good=True, text=_("Signers sign in at %(where)s.") % {"where": where})
    yield _known(party, server)


def _interface(party: Party, info: dict[str, Any]) -> Iterator[Finding]:
    specs, name = (str(info.get(each) or "")[:LONGEST] for each in ("specs", "name"))
    said = {"name": name or party.address, "specs": specs}
    if specs.startswith(SPECS[Version(party.version)]):
        yield Finding(good=True, text=_("%(name)s answers, by version %(specs)s of the interface.") % said)
    else:
        text = _("%(name)s speaks version %(specs)s of the interface: choose another one here.") % said
        yield Finding(good=False, text=text)
    ways = info.get("authType")
    if isinstance(ways, list) and "oauth2code" not in ways:
        text = _("It does not let signers give leave on pages of its own (oauth2code).")
        yield Finding(good=False, text=text, detail=", ".join(str(each)[:LONGEST] for each in ways[:10]))


def _known(party: Party, server: AuthorizationServer) -> Finding:
    try:
        server.recognise(exchange.client(party))
    except UnknownClient as fault:
        text = _("It does not know us by this client identifier and this secret.")
        return Finding(good=False, text=text, detail=str(fault))
    except (Unavailable, Refused) as fault:
        text = _("Where it turns codes into leave, nothing answers.")
        return Finding(good=False, text=text, detail=str(fault))
    return Finding(good=True, text=_("It knows us by the client identifier and the secret."))
