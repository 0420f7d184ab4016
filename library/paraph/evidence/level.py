"""Which level a signature reaches: the one table of what each level asks for, and what was really done held against it.

A level is computed from facts that were recorded, never declared. Whoever holds the evidence file computes it again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class SignatureLevel(StrEnum):
    """Of Regulation (EU) No 910/2014 (eIDAS), and of the French *référentiel général de sécurité* (RGS v2)."""

    SIMPLE = "simple"
    ADVANCED = "advanced"
    QUALIFIED = "qualified"
    RGS_1 = "rgs-1"
    RGS_2 = "rgs-2"
    RGS_3 = "rgs-3"

    def includes(self, other: "SignatureLevel") -> bool:
        """Whether whoever has reached this level has reached the other one."""
        return other in _INCLUDED[self]


class Assurance(IntEnum):
    """How sure a means makes us of who somebody is (Implementing Regulation (EU) 2015/1502)."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


class Means(StrEnum):
    """How somebody shows who they are."""

    LINK = "link"
    EMAIL_CODE = "email-code"
    SMS_CODE = "sms-code"
    VOICE_CODE = "voice-code"
    SECRET = "shared-secret"  # noqa: S105  the name of a means
    OIDC = "openid-connect"
    FRANCECONNECT = "franceconnect"
    FRANCECONNECT_PLUS = "franceconnect-plus"
    PROCONNECT = "proconnect"
    CLIENT_CERTIFICATE = "client-certificate"
    CARD = "card"
    PROVIDER = "trust-service-provider"
    IDENTITY_DOCUMENT = "identity-document"

    @property
    def trait(self) -> "Trait":
        return MEANS[self]


@dataclass(frozen=True, slots=True)
class Trait:
    """What a means is worth at most."""

    assurance: Assurance
    names: bool = False
    """Whether it proves a civil name, which must be that of the invited signer."""
    code: bool = False
    """Whether something is sent, during the act, to what the signer alone has."""
    alone: bool = False
    """Whether it is itself more than one factor at the moment of signing: something one has and a PIN, for instance."""


MEANS = {
    Means.LINK: Trait(Assurance.NONE),
    Means.EMAIL_CODE: Trait(Assurance.NONE, code=True),
    Means.SMS_CODE: Trait(Assurance.NONE, code=True),
    Means.VOICE_CODE: Trait(Assurance.NONE, code=True),
    Means.SECRET: Trait(Assurance.NONE),
    Means.OIDC: Trait(Assurance.SUBSTANTIAL, names=True),
    Means.FRANCECONNECT: Trait(Assurance.LOW, names=True),
    Means.FRANCECONNECT_PLUS: Trait(Assurance.HIGH, names=True),
    Means.PROCONNECT: Trait(Assurance.SUBSTANTIAL, names=True),
    Means.CLIENT_CERTIFICATE: Trait(Assurance.SUBSTANTIAL, names=True),
    Means.CARD: Trait(Assurance.HIGH, names=True, alone=True),
    Means.PROVIDER: Trait(Assurance.HIGH, names=True, alone=True),
    Means.IDENTITY_DOCUMENT: Trait(Assurance.SUBSTANTIAL, names=True),
}


class Device(StrEnum):
    """Where the signature's key lies."""

    PLATFORM = "platform"
    """With the trust service, for this one signature."""
    TOKEN = "token"  # noqa: S105  a smart card
    """On a cryptographic device in the signer's hands."""
    PROVIDER = "provider"
    """With a provider who keeps it for the signer."""
    QUALIFIED = "qualified"
    """On a qualified signature creation device (eIDAS annex II), as the trusted lists or the certificate state."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One means of identification that succeeded. Times are ISO 8601 in UTC."""

    id: str
    means: Means
    verified_at: str
    assurance: Assurance = Assurance.NONE
    """What this very proof is worth; never more than its means can be."""
    names: str = ""
    """How the proven names were held against the signer's: `same`, or `reviewed` where a person decided."""
    address: str = ""
    """Where a code was sent, masked; who vouches for the identity."""
    issued_at: str = ""
    tries: int = 0
    detail: str = ""
    """What else is known, in words: the provider's level, the document that was looked at."""

    @property
    def worth(self) -> Assurance:
        return min(self.assurance, self.means.trait.assurance)

    @property
    def names_signer(self) -> bool:
        return self.means.trait.names and self.names in {"same", "reviewed"} and self.worth > Assurance.NONE


@dataclass(frozen=True, slots=True)
class Facts:
    """What was done for one signature."""

    consents: bool
    """Their consent is bound to the digests of the documents they were shown."""
    proofs: Sequence[Proof] = ()
    own_certificate: bool = False
    """The certificate names the signer, and its key has no other holder."""
    device: str = Device.PLATFORM
    qualified: bool = False
    """The certificate was qualified when it signed, as the trusted lists of the Member States say."""
    rgs: int = 0
    """For how many stars of the RGS the certificate's policy is qualified."""
    proven: bool = False
    """The signed documents were validated with their time-stamp: any later change is seen."""

    @property
    def identity(self) -> Assurance:
        return max((each.worth for each in self.proofs if each.names_signer), default=Assurance.NONE)

    @property
    def controls(self) -> bool:
        """Whether nobody else could have acted: another factor than the one that says who they are."""
        kinds = [each.means.trait for each in self.proofs]
        return any(each.alone for each in kinds) or (any(each.code for each in kinds) and len(kinds) > 1)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that a level asks for, where that is written, and whether it was done."""

    id: str
    source: str
    met: Callable[[Facts], bool]


CONSENT = Requirement("consent", "eIDAS art. 3(10); Code civil art. 1367", lambda facts: facts.consents)
UNIQUE = Requirement("uniquely-linked", "eIDAS art. 26(a)", lambda facts: facts.own_certificate)
IDENTIFIED = Requirement("identified", "eIDAS art. 26(b)", lambda facts: facts.identity >= Assurance.LOW)
CONTROL = Requirement("sole-control", "eIDAS art. 26(c)", lambda facts: facts.controls)
DETECTS = Requirement("change-detected", "eIDAS art. 26(d)", lambda facts: facts.proven)
CERTIFICATE = Requirement("qualified-certificate", "eIDAS art. 3(12), 28", lambda facts: facts.qualified)
DEVICE = Requirement("qualified-device", "eIDAS art. 3(12), 29", lambda facts: facts.device == Device.QUALIFIED)
FACE_TO_FACE = Requirement(
    "verified-in-person", "RGS v2 annexe A2, **", lambda facts: facts.identity >= Assurance.SUBSTANTIAL
)
HARDWARE = Requirement(
    "cryptographic-device",
    "RGS v2 annexe A2, **",
    lambda facts: facts.device in {Device.TOKEN, Device.QUALIFIED},
)

STAR = Requirement("rgs-policy-1", "RGS v2 annexe A2, *", lambda facts: facts.rgs >= 1)
TWO_STARS = Requirement("rgs-policy-2", "RGS v2 annexe A2, **", lambda facts: facts.rgs >= 2)  # noqa: PLR2004  stars
THREE_STARS = Requirement("rgs-policy-3", "RGS v2 annexe A2, ***", lambda facts: facts.rgs >= 3)  # noqa: PLR2004
_ADVANCED = (CONSENT, UNIQUE, IDENTIFIED, CONTROL, DETECTS)
_TWO_STARS = (*_ADVANCED, STAR, FACE_TO_FACE, HARDWARE, TWO_STARS)

REQUIREMENTS: dict[SignatureLevel, tuple[Requirement, ...]] = {
    SignatureLevel.SIMPLE: (CONSENT,),
    SignatureLevel.ADVANCED: _ADVANCED,
    SignatureLevel.QUALIFIED: (*_ADVANCED, CERTIFICATE, DEVICE),
    SignatureLevel.RGS_1: (*_ADVANCED, STAR),
    SignatureLevel.RGS_2: _TWO_STARS,
    SignatureLevel.RGS_3: (*_TWO_STARS, DEVICE, THREE_STARS),
}
_INCLUDED = {
    level: {lower for lower, fewer in REQUIREMENTS.items() if set(fewer) <= set(asked)}
    for level, asked in REQUIREMENTS.items()
}
STARS = (SignatureLevel.RGS_1, SignatureLevel.RGS_2, SignatureLevel.RGS_3)
_EIDAS = (SignatureLevel.QUALIFIED, SignatureLevel.ADVANCED, SignatureLevel.SIMPLE)


def unmet(level: SignatureLevel, facts: Facts) -> list[Requirement]:
    """What a signature lacks for a level."""
    return [each for each in REQUIREMENTS[level] if not each.met(facts)]


def reached(facts: Facts) -> frozenset[SignatureLevel]:
    """Every level whose requirements are all met."""
    return frozenset(level for level in SignatureLevel if not unmet(level, facts))


def of(facts: Facts) -> SignatureLevel | None:
    """The eIDAS level that was reached; None for what is not even a signature."""
    return next((level for level in _EIDAS if level in reached(facts)), None)


def stars(facts: Facts) -> int:
    """How many stars of the RGS were reached."""
    return len(reached(facts).intersection(STARS))


def attainable(means: Iterable[Means], device: Device, *, rgs: int = 0) -> frozenset[SignatureLevel]:
    """What a signature can reach at best, when each of these means succeeds; `rgs` are the most stars of any policy.

    Of a card or a provider's key it is only known when it is there whether its certificate is qualified.
    """
    proofs = [Proof(each, each, "", assurance=each.trait.assurance, names="same") for each in means]
    own = device is not Device.PLATFORM
    best = Device.QUALIFIED if own else device
    return reached(
        Facts(
            consents=True,
            proofs=proofs,
            own_certificate=True,
            device=best,
            qualified=own,
            rgs=rgs,
            proven=True,
        )
    )
