"""The usual texts claim no more than the law gives, and follow this version where nobody has changed them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from paraph.evidence import Means, SignatureLevel
from paraph_server.__main__ import main
from paraph_server.accounts.models import Tenant, User
from paraph_server.journal.actions import Actor
from paraph_server.journal.models import Entry
from paraph_server.workflows import actions, consent
from paraph_server.workflows.actions import NewConsentPage
from paraph_server.workflows.models import ConsentPage, ConsentText

WAYS = [[each] for each in Means] + [[Means.FRANCECONNECT, Means.EMAIL_CODE, Means.SMS_CODE]]
EARLIER = {
    "text_en": "I have read the documents listed above and I sign them electronically. I agree that my signature is "
    "made with a certificate in my name, issued for this signature only, after I have proved who I am with a code sent "
    "to my e-mail address and by signing in with Mon employeur. I understand that the signed documents and the "
    "evidence of this signature bind me as a handwritten signature would, and that they are kept together with the "
    "facts that prove it: my name, my contact details, the time, my network address and the code’s history "
    "(Regulation (EU) No 910/2014, articles 25 and 26).",
    "text_fr": "J’ai lu les documents ci-dessus et je les signe électroniquement. J’accepte que ma signature soit "
    "créée au moyen d’un certificat établi à mon nom pour cette seule signature, après avoir prouvé mon identité par "
    "un code envoyé à mon adresse électronique et par ma connexion à Mon employeur. Je comprends que les documents "
    "signés et la preuve de cette signature m’engagent comme une signature manuscrite, et qu’ils sont conservés avec "
    "les éléments qui l’établissent : mon nom, mes coordonnées, l’heure, mon adresse réseau et l’historique du code "
    "(règlement (UE) n° 910/2014, articles 25 et 26).",
}
"""What an earlier release wrote for an identity provider of this name."""


@pytest.fixture
def earlier(tenant: Tenant, noon: datetime) -> ConsentPage:
    """A page as an earlier release left it, under another name by now."""
    facts: dict[str, Any] = {"name": "Staff", "means": ["openid-connect", "email-code"], "level": "advanced"}
    page = ConsentPage.objects.create(tenant=tenant, created_at=noon, **facts, **EARLIER)
    ConsentText.objects.create(tenant=tenant, consent_page=page, version=1, created_at=noon, **EARLIER)
    return page


@pytest.mark.parametrize("means", WAYS)
@pytest.mark.parametrize("level", list(SignatureLevel))
def test_only_a_qualified_signature_is_called_worth_a_handwritten_one(
    level: SignatureLevel, means: Sequence[Means]
) -> None:
    said = consent.texts(level, means, provider="Mon employeur")
    qualified = level is SignatureLevel.QUALIFIED
    assert ("handwritten" in said["en"], "manuscrite" in said["fr"]) == (qualified, qualified)
    assert ("25(1)" in said["en"], "1367" in said["fr"]) == (not qualified, not qualified)


@pytest.mark.parametrize("means", WAYS)
@pytest.mark.parametrize("level", list(SignatureLevel))
def test_nobody_has_to_read_more_than_eighty_words(level: SignatureLevel, means: Sequence[Means]) -> None:
    for said in consent.texts(level, means).values():
        assert len(said.split(" ")) <= 80


def test_a_page_without_a_text_of_its_own_gets_the_usual_one(alice: User, by_alice: Actor, noon: datetime) -> None:
    wanted = NewConsentPage("Card", [Means.CARD], text_en="I sign.", level=SignatureLevel.QUALIFIED)
    page = actions.create_page(wanted, owner=alice, by=by_alice, at=noon)
    assert page.text_en == "I sign."
    assert page.text_fr == consent.texts(SignatureLevel.QUALIFIED, [Means.CARD])["fr"]


def test_a_text_that_nobody_touched_follows_this_version_and_the_old_one_is_kept(
    tenant: Tenant, earlier: ConsentPage, noon: datetime
) -> None:
    for _twice in range(2):
        actions.renew_pages(tenant.pk, at=noon)
    earlier.refresh_from_db()
    usual = consent.texts(SignatureLevel.ADVANCED, earlier.asked, provider="Mon employeur")
    assert (earlier.text_en, earlier.text_fr, earlier.version) == (usual["en"], usual["fr"], 2)
    assert "Mon employeur" in earlier.text_fr
    assert [each.text_en for each in earlier.texts.all()] == [usual["en"], EARLIER["text_en"]]
    assert list(Entry.objects.filter(subject=earlier.pk).values_list("event", flat=True)) == ["consentPage:changed"]


def test_a_text_of_the_organisations_own_stays(
    tenant: Tenant, earlier: ConsentPage, by_alice: Actor, noon: datetime
) -> None:
    actions.change_page(earlier, text_fr="J’accepte.", by=by_alice, at=noon)
    actions.change_page(earlier, text_fr=EARLIER["text_fr"], by=by_alice, at=noon)
    actions.renew_pages(tenant.pk, at=noon)
    earlier.refresh_from_db()
    assert (earlier.text_fr, earlier.version) == (EARLIER["text_fr"], 3)


def test_bringing_the_database_to_this_version_renews_them(earlier: ConsentPage) -> None:
    assert main(["migrate"]) == 0
    earlier.refresh_from_db()
    assert earlier.version == 2
