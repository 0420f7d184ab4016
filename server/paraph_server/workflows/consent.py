"""The consent pages that a tenant starts with: what a signer accepts, in words that say what it means.

Only a qualified signature is worth a handwritten one, and presumed reliable (eIDAS, article 25(2); décret
n° 2017-1416). Of any other the law says that it is not refused for being electronic, or not qualified (article 25(1)).
"""

import re
from collections.abc import Sequence
from hashlib import sha256

from paraph.evidence import Means, SignatureLevel

Texts = dict[str, str]
"""By language."""

_READ = {
    "en": "I have read the documents above and sign them electronically, {with_what}.",
    "fr": "J’ai lu les documents ci-dessus et je les signe électroniquement, {with_what}.",
}
_OWN_CERTIFICATE = {
    "en": "with a certificate in my name, made for this signature after verification ({means})",
    "fr": "avec un certificat à mon nom, créé pour cette signature après vérification ({means})",
}
_BROUGHT = {
    Means.CARD: {
        "en": "with the certificate in my name on my card or token, whose PIN only I know",
        "fr": "avec le certificat à mon nom de ma carte ou clé, dont je suis seul à connaître le code PIN",
    },
    Means.PROVIDER: {
        "en": "with the certificate in my name kept by my trust service provider, who gets only their digests",
        "fr": "avec le certificat à mon nom que conserve mon prestataire de confiance, qui ne reçoit que leurs "
        "empreintes",
    },
}
_SHOWN = {
    Means.LINK: {"en": "my personal link", "fr": "lien personnel"},
    Means.EMAIL_CODE: {"en": "code by e-mail", "fr": "code par courriel"},
    Means.SMS_CODE: {"en": "code by SMS", "fr": "code par SMS"},
    Means.VOICE_CODE: {"en": "code by telephone", "fr": "code par téléphone"},
    Means.SECRET: {"en": "agreed answer", "fr": "réponse convenue"},
    Means.OIDC: {"en": "sign-in", "fr": "connexion"},
    Means.FRANCECONNECT: {"en": "FranceConnect", "fr": "FranceConnect"},
    Means.FRANCECONNECT_PLUS: {"en": "FranceConnect+", "fr": "FranceConnect+"},
    Means.PROCONNECT: {"en": "ProConnect", "fr": "ProConnect"},
    Means.CLIENT_CERTIFICATE: {"en": "certificate in my browser", "fr": "certificat de mon navigateur"},
    Means.IDENTITY_DOCUMENT: {"en": "identity document", "fr": "pièce d’identité"},
}
_NOT_REFUSED = {
    "en": "This signature commits me. The law does not refuse it only because it is electronic, or not qualified "
    "(eIDAS, article 25(1)); who relies on it shows that it is reliable (Code civil, articles 1366 and 1367).",
    "fr": "Cette signature m’engage. La loi ne l’écarte pas au seul motif qu’elle est électronique ou non qualifiée "
    "(eIDAS, article 25, § 1) ; à qui s’en prévaut d’en montrer la fiabilité (Code civil, articles 1366 et 1367).",
}
_HANDWRITTEN = {
    "en": "This signature, a qualified one, has the legal effect of a handwritten one (eIDAS, article 25(2)), and is "
    "presumed reliable (décret n° 2017-1416).",
    "fr": "Cette signature, qualifiée, équivaut à une signature manuscrite (eIDAS, article 25, § 2) et elle est "
    "présumée fiable (décret n° 2017-1416).",
}
_KEPT = {
    "en": "With it are kept: name, contact details, certificate, time, network address, codes.",
    "fr": "Sont conservés avec elle : nom, coordonnées, certificat, heure, adresse réseau, codes.",
}


def texts(level: SignatureLevel, means: Sequence[Means], *, provider: str = "") -> Texts:
    """What is accepted with a signature of a level, in both languages; `provider` is who says the names."""
    effect = _HANDWRITTEN if level is SignatureLevel.QUALIFIED else _NOT_REFUSED
    return {
        language: " ".join((_READ[language].format(with_what=shown), effect[language], _KEPT[language]))
        for language, shown in _with_what(means, provider).items()
    }


def _with_what(means: Sequence[Means], provider: str) -> Texts:
    """With which certificate: the signer's own, or one that is made for them, and then how they showed who they are."""
    for brought, said in _BROUGHT.items():
        if brought in means:
            return said
    shown = {language: [_name(each, language, provider) for each in means] for language in _OWN_CERTIFICATE}
    return {language: said.format(means=", ".join(shown[language])) for language, said in _OWN_CERTIFICATE.items()}


def _name(means: Means, language: str, provider: str) -> str:
    return provider if provider and means.trait.names else _SHOWN[means][language]


_KEPT_EN = (
    " I agree that this is kept together with the facts that prove it: my name, my contact details, the time, my "
    "network address and the history of the code that was sent to me."
)
_KEPT_FR = (
    " J’accepte que cela soit conservé avec les éléments qui l’établissent : mon nom, mes coordonnées, l’heure, mon "
    "adresse réseau et l’historique du code qui m’a été envoyé."
)
WITHOUT_SIGNATURE = {
    "approval": {
        "en": "I have read the documents listed above and I approve them." + _KEPT_EN,
        "fr": "J’ai lu les documents ci-dessus et je les approuve." + _KEPT_FR,
    },
    "view": {
        "en": "I confirm that I have read all the documents listed above." + _KEPT_EN,
        "fr": "Je confirme avoir lu tous les documents ci-dessus." + _KEPT_FR,
    },
}
"""What is accepted where nothing is signed: a consent page speaks of signatures."""

WITH_PROVIDER = {
    "name": "Trust service provider",
    "means": [Means.PROVIDER],
    "key_holder": "provider",
}
"""The consent page of those who sign with a certificate that a provider keeps for them, but for its level."""

CONSENT_PAGES = (
    {"name": "E-mail code", "means": [Means.EMAIL_CODE], "level": SignatureLevel.SIMPLE},
    {"name": "SMS code", "means": [Means.SMS_CODE], "level": SignatureLevel.SIMPLE},
    {"name": "Token or smart card", "means": [Means.CARD], "key_holder": "card", "level": SignatureLevel.ADVANCED},
)
STANDARD = {str(page["name"]) for page in (*CONSENT_PAGES, WITH_PROVIDER)}
"""Their names, which say no more than how signers are identified."""

_PROVIDER = re.compile(r"(?:by signing in with|par ma connexion à) (.+)\. (?:I understand|Je comprends)")
_RETIRED = frozenset(
    {
        "0ec1a2feca43604e1f648def8e6712f3cf594fa7e1ce40be7d0fa6d0ab6529cd",
        "1a7fea94bee6ccb81d69a353ec07042dafb6dd5ed8d355159b806b66d7eee1e5",
        "7a1a7686490c56f85a13b8037ef75a60a215df7feff11b3928e07e302912f21b",
        "9c8cef7115f4786514b3492bad9b6e2176727a82910e9cf9a0647a0b0171cf0f",
        "a7e67c06be0e97659bdfa2978cfb26f055eed564136d93ef8aec7694c3dc3824",
        "b13f382b6e7196617928480638ede34f60c6acde99559bf4ed3d106c9bef9605",
        "c8536d8da93f7b04ff94542e399db3875d23c6f4b87c46ca72253a82ee18debf",
        "e5f3e7d979730fbf7a944d7efbefefaab7af7658ed6c6b9734c49c71d22eb43e",
        "f57dc998d1155b96f2704ea15a70289cddf174cf2b7c55427e89a86c55ad52d9",
        "fd0162f551d2c7acdc5b19b3ae3c2dc217d41bd6f080651ad426cbef26a8c829",
    }
)
"""SHA-256 of what earlier releases wrote into pages, without the provider's name."""


def retired(text: str) -> tuple[bool, str]:
    """Whether earlier releases wrote a text into consent pages, and the identity provider that it names."""
    named = _PROVIDER.search(text)
    provider = named[1] if named else ""
    without = text.replace(provider, "") if provider else text
    return sha256(without.encode()).hexdigest() in _RETIRED, provider
