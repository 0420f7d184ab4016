"""What is special about each kind of provider; the only such table."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    FRANCECONNECT = "franceConnect"
    FRANCECONNECT_PLUS = "franceConnectPlus"
    PROCONNECT = "proConnect"
    OPENID = "openid"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a kind of provider is spoken to, and what of its answers is accepted."""

    name: str
    """What people know it by."""
    issuer: str
    """Of the one provider of this kind; none where there are many."""
    scopes: tuple[str, ...]
    """No more than names and date of birth: whatever else a provider knows is not asked for."""
    acr: tuple[str, ...]
    """Degrees of assurance, from weak to strong; none where each provider has its own."""
    algorithms: tuple[str, ...]
    """That it signs with."""
    family_name: str = "family_name"
    encrypted: bool = False
    """Whether everything that it tells must be encrypted for us."""
    strict: bool = False
    """Whether it refuses parameters that it does not know, such as those of PKCE (RFC 7636)."""


CITIZEN = ("openid", "given_name", "family_name", "preferred_username", "birthdate")
SIGNED = ("ES256", "RS256", "PS256", "ES384", "RS384", "RS512", "EdDSA")

RULES = {
    Kind.FRANCECONNECT: Rules(
        "FranceConnect",
        "https://oidc.franceconnect.gouv.fr/api/v2",
        CITIZEN,
        ("eidas1",),
        ("ES256", "RS256"),
        strict=True,
    ),
    Kind.FRANCECONNECT_PLUS: Rules(
        "FranceConnect+",
        "https://auth.franceconnect.gouv.fr/api/v2",
        CITIZEN,
        ("eidas1", "eidas2", "eidas3"),
        ("ES256",),
        encrypted=True,
        strict=True,
    ),
    Kind.PROCONNECT: Rules(
        "ProConnect",
        "https://auth.agentconnect.gouv.fr/api/v2",
        ("openid", "given_name", "usual_name", "email"),
        (),
        ("ES256", "RS256"),
        family_name="usual_name",
        strict=True,
    ),
    Kind.OPENID: Rules("OpenID Connect", "", ("openid", "profile"), (), SIGNED),
}


def strong_enough(kind: Kind, asked: str, given: str) -> bool:
    """Whether the assurance that a provider gives is what was asked for, or more."""
    ranks = RULES[kind].acr
    if given in ranks:
        return any(each in ranks and ranks.index(given) >= ranks.index(each) for each in asked.split())
    return not asked or given in asked.split()
