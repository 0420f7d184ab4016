"""The levels of signature in plain words: what each is, what speaks for and against it, and what a court makes of it.

Texts: Regulation (EU) No 910/2014 (eIDAS), articles 25, 26 and 32; Code civil, articles 1366 and 1367; décret
n° 2017-1416; référentiel général de sécurité (arrêté of 13 June 2014).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from paraph.evidence import SignatureLevel

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Text:
    """What is said of a level."""

    title: Words
    summary: Words
    advantages: tuple[Words, ...]
    drawbacks: tuple[Words, ...]
    legal_effect: tuple[Words, ...]
    effort: Words


_NOT_REFUSED = _(
    "No court may refuse it only because it is electronic, or because it is not qualified (eIDAS, article 25(1))."
)
_WRITING = _(
    "An electronic document is worth as much as paper when its author can be identified, and when it is made and kept "
    "so that nothing in it changes (Code civil, article 1366)."
)
_BURDEN = _(
    "Who relies on it shows that it is reliable: that it identifies the signer and is tied to the document (Code "
    "civil, article 1367). Only qualified signatures are presumed to be (décret n° 2017-1416)."
)
_FOUR = _(
    "It meets the four requirements of eIDAS, article 26: it is linked to the signer alone, it identifies them, they "
    "alone control it, and every later change of the document is seen."
)
_RGS = _(
    "The stars are those of the référentiel général de sécurité (version 2, arrêté of 13 June 2014): rules for French "
    "administrations among themselves and with those who deal with them (ordonnance n° 2005-1516)."
)
_RGS_NO_PRESUMPTION = _(
    "A star alone gives no presumption of reliability: that comes with a qualified signature only (Code civil, article "
    "1367; décret n° 2017-1416). Outside France nobody has to know the stars."
)

TEXTS = {
    SignatureLevel.SIMPLE: Text(
        title=_("Simple signature"),
        summary=_(
            "The signer opens a link of their own, proves that an address or a telephone is theirs, and signs. For "
            "what is usual, of little value, and between people who know each other."
        ),
        advantages=(
            _("Everybody can do it at once, on a telephone, without any preparation."),
            _("It costs least: an e-mail, perhaps an SMS."),
            _("The evidence file still tells what happened, when, and with which code."),
        ),
        drawbacks=(
            _("Who the signer is rests on an address or a number, not on a checked identity."),
            _("When it is disputed, you bring the proof: the evidence file, and what supports it."),
        ),
        legal_effect=(_NOT_REFUSED, _WRITING, _BURDEN),
        effort=_("A minute for the signer; the price of a message for you."),
    ),
    SignatureLevel.ADVANCED: Text(
        title=_("Advanced signature"),
        summary=_(
            "The signer’s civil name is proven (FranceConnect, an identity provider, a certificate, an identity "
            "document) and held against the invited one, and a second factor shows that they alone act."
        ),
        advantages=(
            _("The name in the signature is a proven one, not only a declared one."),
            _("Who disputes it has a harder case: identity, sole control and integrity are each documented."),
            _("Most people in France can do it with what they have: FranceConnect and a telephone."),
        ),
        drawbacks=(
            _("A signer without FranceConnect, or whose names differ, needs another way, or a check by a person."),
            _("It is not equal to a handwritten signature by law: the burden of proof stays with you."),
        ),
        legal_effect=(_FOUR, _NOT_REFUSED, _WRITING, _BURDEN),
        effort=_("Two to five minutes for the signer; a message and the connection to an identity provider for you."),
    ),
    SignatureLevel.QUALIFIED: Text(
        title=_("Qualified signature"),
        summary=_(
            "An advanced signature with a qualified certificate, made on a qualified device: a smart card, or the "
            "remote service of a qualified trust service provider who has verified the signer’s identity."
        ),
        advantages=(
            _("It is equal to a handwritten signature, in every Member State of the European Union."),
            _("It is presumed reliable: who disputes it has to prove the contrary."),
            _("Its status is read from the trusted lists of the Member States, by anybody and for years."),
        ),
        drawbacks=(
            _("The signer needs a card or an account with a provider, and has to prove their identity for it first."),
            _("It costs most, and more signers give up on the way."),
        ),
        legal_effect=(
            _("It has the legal effect of a handwritten signature (eIDAS, article 25(2))."),
            _("It is recognised as a qualified one in all Member States (eIDAS, article 25(3))."),
            _(
                "It is presumed reliable until the contrary is proven (Code civil, article 1367; décret n° "
                "2017-1416), once it is validated as eIDAS, article 32, says."
            ),
            _WRITING,
        ),
        effort=_(
            "Ten minutes when the signer has a card or an account, days when they have not; a certificate or a fee for "
            "each signature."
        ),
    ),
    SignatureLevel.RGS_1: Text(
        title=_("RGS signature, one star"),
        summary=_(
            "An advanced signature with a certificate that is qualified under the RGS for one star: identity checked "
            "on documents, the key may lie in software."
        ),
        advantages=(
            _("It is what many administrative procedures ask for at least."),
            _("Certificates are obtained from a distance."),
        ),
        drawbacks=(
            _("Each signer needs a certificate from a provider that is qualified under the RGS."),
            _("The identity was checked from a distance: it resists the least determined impostors only."),
        ),
        legal_effect=(_RGS, _FOUR, _RGS_NO_PRESUMPTION),
        effort=_("A file to send in once; then a few minutes for each signature. A certificate for each signer."),
    ),
    SignatureLevel.RGS_2: Text(
        title=_("RGS signature, two stars"),
        summary=_(
            "The identity was verified face to face, or in a way that is worth as much, and the key lies on a "
            "cryptographic device in the signer’s hands."
        ),
        advantages=(
            _(
                "Identity and sole control are sure: a person was seen, and nobody signs without the device and its "
                "PIN."
            ),
            _("It is accepted where one star is asked for."),
        ),
        drawbacks=(
            _("A card or a token for each signer, handed over to them in person."),
            _("The signer needs a computer with a reader, or a token."),
        ),
        legal_effect=(_RGS, _FOUR, _RGS_NO_PRESUMPTION),
        effort=_("An appointment and a device for each signer, renewed every two or three years."),
    ),
    SignatureLevel.RGS_3: Text(
        title=_("RGS signature, three stars"),
        summary=_(
            "As with two stars, on a device that is qualified for signatures: for acts whose forgery would do grave "
            "harm."
        ),
        advantages=(
            _("The most demanding level of the RGS, accepted wherever stars are asked for."),
            _(
                "Such certificates are often qualified under eIDAS as well: then the signature is equal to a "
                "handwritten one."
            ),
        ),
        drawbacks=(
            _("As demanding as a qualified signature, and known in France only."),
            _("A card or a token for each signer, handed over to them in person."),
        ),
        legal_effect=(_RGS, _FOUR, _RGS_NO_PRESUMPTION),
        effort=_("An appointment and a device for each signer, renewed every two or three years."),
    ),
}
