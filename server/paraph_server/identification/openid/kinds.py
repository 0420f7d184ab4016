"""What is special about each kind of provider; the only such table."""

from dataclasses import dataclass, field

from paraph.evidence import Means
from paraph.evidence.level import Assurance


@dataclass(frozen=True, slots=True)
class Rules:
    """How a kind of provider is spoken to, and what of its answers is accepted."""

    name: str
    """What people know it by."""
    issuer: str
    """Of the one provider of this kind; none where there are many."""
    scopes: tuple[str, ...]
    """No more than names and date of birth: whatever else a provider knows is not asked for."""
    algorithms: tuple[str, ...]
    """That it signs with."""
    degrees: dict[str, Assurance] = field(default_factory=dict)
    """What its values of `acr` are worth, from weak to strong; none where each provider has its own."""
    family_name: str = "family_name"
    encrypted: bool = False
    """Whether everything that it tells must be encrypted for us."""
    strict: bool = False
    """Whether it refuses parameters that it does not know, such as those of PKCE (RFC 7636)."""


CITIZEN = ("openid", "given_name", "family_name", "preferred_username", "birthdate")
SIGNED = ("ES256", "RS256", "PS256", "ES384", "RS384", "RS512", "EdDSA")

DEGREES = {"eidas1": Assurance.LOW, "eidas2": Assurance.SUBSTANTIAL, "eidas3": Assurance.HIGH}

RULES = {
    Means.FRANCECONNECT: Rules(
        "FranceConnect",
        "https://oidc.franceconnect.gouv.fr/api/v2",
        CITIZEN,
        ("ES256", "RS256"),
        DEGREES,
        strict=True,
    ),
    Means.FRANCECONNECT_PLUS: Rules(
        "FranceConnect+",
        "https://auth.franceconnect.gouv.fr/api/v2",
        CITIZEN,
        ("ES256",),
        DEGREES,
        encrypted=True,
        strict=True,
    ),
    Means.PROCONNECT: Rules(
        "ProConnect",
        "https://auth.agentconnect.gouv.fr/api/v2",
        ("openid", "given_name", "usual_name"),
        ("ES256", "RS256"),
        family_name="usual_name",
        strict=True,
    ),
    Means.OIDC: Rules("OpenID Connect", "", ("openid", "profile"), SIGNED),
}
DEFAULT_ACR = {Means.FRANCECONNECT: "eidas1", Means.FRANCECONNECT_PLUS: "eidas2"}


def strong_enough(kind: Means, asked: str, given: str) -> bool:
    """Whether the assurance that a provider gives is what was asked for, or more."""
    degrees = RULES[kind].degrees
    if degrees:
        least = min((degrees[each] for each in asked.split() if each in degrees), default=Assurance.HIGH)
        return degrees.get(given, Assurance.NONE) >= least
    return not asked or given in asked.split()
