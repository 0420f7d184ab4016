"""The door of the REST API: which scope an access token needs, and which right its user needs, for each address.

Addresses are judged by the last noun in their pattern that stands in the table, or by the last two of them together:
`/api/users/{id}/workflows` speaks of workflows. `GET` reads, everything else writes. An address that nobody thought of
is for administrators, and for tokens without limits. Rights that depend on whom a call is about are checked where that
is known.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from paraph_server.accounts import rights
from paraph_server.accounts.errors import OutOfScope
from paraph_server.accounts.models import AccessToken, User
from paraph_server.accounts.rights import Right

READ, WRITE = "read", "write"


@dataclass(frozen=True, slots=True)
class Area:
    """Part of the API: its scopes are `scope:read` and `scope:write`; where it is empty, no limited token enters.

    Limited is a token with scopes, networks or an end: it must not make itself another one without.
    """

    scope: str
    to_read: Right | None = None
    to_write: Right | None = None


AREAS = {
    "users": Area("users"),  # everybody changes their own profile; who changes others', `administration` decides
    "tenants": Area("tenants", to_write=Right.ADMINISTER),
    "groups": Area("groups", to_write=Right.ADMINISTER),
    "accessTokens": Area(""),
    "contacts": Area("contacts"),
    "delegations": Area("delegations"),
    "turns": Area("workflows"),
    "workflows": Area("workflows", to_write=Right.SEND),
    "documents": Area("workflows", to_write=Right.SEND),
    "requestedDocuments": Area("workflows"),
    "requests": Area("workflows"),
    "consentPages": Area("workflows", to_write=Right.TEMPLATES),
    "seals": Area("workflows", to_write=Right.ADMINISTER),
    "signatureProfiles": Area("workflows", to_write=Right.TEMPLATES),
    "signaturePolicies": Area("policies", to_write=Right.ADMINISTER),
    "adviser": Area("policies"),
    "templates": Area("templates", to_write=Right.TEMPLATES),
    "bulkSends": Area("workflows", to_write=Right.SEND),
    "webhooks": Area("webhooks", to_write=Right.WEBHOOKS),
    "webhookEvents": Area("webhooks", to_write=Right.WEBHOOKS),
    "journal": Area("journal", to_read=Right.JOURNAL),
    "workflows/journal": Area("workflows"),
    "identityChecks": Area("identities", to_read=Right.CHECK_IDENTITIES, to_write=Right.CHECK_IDENTITIES),
    "identityProviders": Area("", to_read=Right.ADMINISTER, to_write=Right.ADMINISTER),
    "directories": Area("", to_read=Right.ADMINISTER, to_write=Right.ADMINISTER),
    "signingProviders": Area("", to_read=Right.ADMINISTER, to_write=Right.ADMINISTER),
    "pairings": Area(""),  # an agent has a secret of its own, and no token
    "jobs": Area("jobs", to_read=Right.OPERATE, to_write=Right.OPERATE),
}
ELSEWHERE = Area("", to_read=Right.ADMINISTER, to_write=Right.ADMINISTER)
SCOPES = tuple(sorted({f"{area.scope}:{verb}" for area in AREAS.values() if area.scope for verb in (READ, WRITE)}))


def area(route: str) -> Area:
    """The area of an address, by its pattern (`api/users/<user_id>/workflows`), never by what a caller wrote."""
    nouns = [segment for segment in route.split("/") if segment in AREAS]
    return AREAS.get("/".join(nouns[-2:])) or AREAS[nouns[-1]] if nouns else ELSEWHERE


def enter(user: User, token: AccessToken, *, method: str, route: str) -> None:
    """Let a call pass.

    Raises:
        OutOfScope: the token was not made for this.
        NotPermitted: its user has not got the right.
    """
    verb, where = (READ if method in {"GET", "HEAD"} else WRITE), area(route)
    limited = token.scopes or token.ip_ranges or token.expires_at
    if (limited and not where.scope) or (token.scopes and f"{where.scope}:{verb}" not in token.scopes):
        raise OutOfScope(_("This access token was not made for that: see its scopes."))
    needed = where.to_read if verb == READ else where.to_write
    if needed:
        rights.check(user, needed)
