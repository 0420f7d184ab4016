"""The consent pages that a tenant starts with: what a signer accepts, in words that say what it means."""

_EN = (
    "I have read the documents listed above and I sign them electronically. I agree that my signature is made with a "
    "certificate in my name, issued for this signature only, after I have proved who I am with a code sent to my "
    "{channel}. I understand that the signed documents and the evidence of this signature bind me as a handwritten "
    "signature would, and that they are kept together with the facts that prove it: my name, my contact details, the "
    "time, my network address and the code’s history (Regulation (EU) No 910/2014, articles 25 and 26)."
)
_FR = (
    "J’ai lu les documents ci-dessus et je les signe électroniquement. J’accepte que ma signature soit créée au moyen "
    "d’un certificat établi à mon nom pour cette seule signature, après avoir prouvé mon identité par un code envoyé "
    "{channel}. Je comprends que les documents signés et la preuve de cette signature m’engagent comme une signature "
    "manuscrite, et qu’ils sont conservés avec les éléments qui l’établissent : mon nom, mes coordonnées, l’heure, mon "
    "adresse réseau et l’historique du code (règlement (UE) n° 910/2014, articles 25 et 26)."
)

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

_CARD_EN = (
    "I have read the documents listed above and I sign them electronically, with the certificate in my name on my "
    "smart card or USB token, whose PIN only I know. I understand that the signed documents and the evidence of this "
    "signature bind me as a handwritten signature would, and that they are kept together with the facts that prove it: "
    "my name, my certificate, my contact details, the time and my network address (Regulation (EU) No 910/2014, "
    "articles 25 and 26)."
)
_CARD_FR = (
    "J’ai lu les documents ci-dessus et je les signe électroniquement, avec le certificat à mon nom que contient ma "
    "carte à puce ou ma clé USB, dont je suis seul à connaître le code PIN. Je comprends que les documents signés et "
    "la preuve de cette signature m’engagent comme une signature manuscrite, et qu’ils sont conservés avec les "
    "éléments qui l’établissent : mon nom, mon certificat, mes coordonnées, l’heure et mon adresse réseau "
    "(règlement (UE) n° 910/2014, articles 25 et 26)."
)

_PROVIDER_EN = (
    "I have read the documents listed above and I sign them electronically, with the certificate in my name that my "
    "trust service provider keeps for me and that I alone can use. I agree that digests of the documents, not the "
    "documents themselves, are sent to this provider. I understand that the signed documents and the evidence of this "
    "signature bind me, that a qualified signature has the legal effect of a handwritten one, and that they are kept "
    "together with the facts that prove it: my name, my certificate, my contact details, the time and my network "
    "address (Regulation (EU) No 910/2014, articles 25 and 26)."
)
_PROVIDER_FR = (
    "J’ai lu les documents ci-dessus et je les signe électroniquement, avec le certificat à mon nom que mon "
    "prestataire de services de confiance conserve pour moi et que je suis seul à pouvoir utiliser. J’accepte que les "
    "empreintes des documents, et non les documents eux-mêmes, soient transmises à ce prestataire. Je comprends que "
    "les documents signés et la preuve de cette signature m’engagent, qu’une signature qualifiée a l’effet juridique "
    "d’une signature manuscrite, et qu’ils sont conservés avec les éléments qui l’établissent : mon nom, mon "
    "certificat, mes coordonnées, l’heure et mon adresse réseau (règlement (UE) n° 910/2014, articles 25 et 26)."
)
WITH_PROVIDER = {
    "name": "Trust service provider",
    "means": ["trust-service-provider"],
    "key_holder": "provider",
    "text_en": _PROVIDER_EN,
    "text_fr": _PROVIDER_FR,
}
"""The consent page of those who sign with a certificate that a provider keeps for them."""

CONSENT_PAGES = (
    {
        "name": "E-mail code",
        "means": ["email-code"],
        "text_en": _EN.format(channel="e-mail address"),
        "text_fr": _FR.format(channel="à mon adresse électronique"),
    },
    {
        "name": "SMS code",
        "means": ["sms-code"],
        "text_en": _EN.format(channel="telephone"),
        "text_fr": _FR.format(channel="sur mon téléphone"),
    },
    {
        "name": "Token or smart card",
        "means": ["card"],
        "key_holder": "card",
        "level": "advanced",
        "text_en": _CARD_EN,
        "text_fr": _CARD_FR,
    },
)
STANDARD = {str(page["name"]) for page in (*CONSENT_PAGES, WITH_PROVIDER)}
"""Their names, which say no more than how signers are identified."""


def with_provider(name: str, means: str, level: str) -> dict[str, object]:
    """The consent page of those who sign in with an identity provider, and then get a code by e-mail."""
    return {
        "name": name,
        "means": [means, "email-code"],
        "level": level,
        "text_en": _EN.format(channel=f"e-mail address and by signing in with {name}"),
        "text_fr": _FR.format(channel=f"à mon adresse électronique et par ma connexion à {name}"),
    }
