"""What a browser still holds, was given by somebody else, or writes into a form of its own, counts for nothing."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from paraph_server.accounts.models import User
from paraph_server.journal.actions import Actor
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.signing.models import Signing
from paraph_server.workflows import actions, invites
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def browser(*recipients: Recipient, **options: Any) -> Client:
    """A browser in which somebody opened these links."""
    client = Client(headers={"accept": "text/html"}, **options)
    for each in recipients:
        client.get(f"/invite?token={invites.token(each, at=timezone.now())}")
    return client


def shown(client: Client, recipient: Recipient) -> dict[str, str]:
    """What stands in the form under the consent text."""
    form = client.get(f"/signing/{recipient.pk}/").content.decode().partition("/accept")[2]
    return {name: re.findall(f'name="{name}" value="([^"]*)"', form)[0] for name in ("shown", "language")}


def accept(client: Client, recipient: Recipient) -> int:
    return client.post(f"/signing/{recipient.pk}/accept", {"agreed": "on", **shown(client, recipient)}).status_code


def code(recipient: Recipient) -> str:
    message = Message.objects.filter(recipient_id=recipient.pk, kind="code").latest("created_at")
    return re.findall(r"\b[0-9]{6}\b", Content.decrypt(bytes(message.content or b"")).text)[0]


def ready(client: Client, recipient: Recipient) -> None:
    """All but the signature itself."""
    accept(client, recipient)
    assert client.post(f"/signing/{recipient.pk}/verify", {"code": code(recipient)}).status_code == 302


def sign(client: Client, recipient: Recipient, **said: str) -> int:
    return client.post(f"/signing/{recipient.pk}/sign", said).status_code


def nobody_acted() -> bool:
    return not Recipient.everybody.exclude(acted_at=None).exists()


def test_a_session_that_was_planted_is_left_behind(send: Send, recipient: Find) -> None:
    """Session fixation: Bob's browser carries a key that Mallory knows when he opens his link."""
    bob = recipient(send(BOB), BOB)
    mallory = browser(recipient(send(CAROL), CAROL))
    known = mallory.cookies["paraph"].value
    bobs = Client(headers={"accept": "text/html"})
    bobs.cookies["paraph"] = known
    bobs.get(f"/invite?token={invites.token(bob, at=timezone.now())}")
    assert bobs.cookies["paraph"].value != known
    ready(bobs, bob)
    assert mallory.get(f"/signing/{bob.pk}/").status_code == 404
    assert sign(mallory, bob) == 404
    assert nobody_acted()


def _addresses(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for each in patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, route)
        elif isinstance(each, URLPattern) and route.startswith("signing/<str:recipient_id>/"):
            yield route


def test_no_form_of_another_site_reaches_any_page_of_a_signer(send: Send, recipient: Find) -> None:
    """Cross-site request forgery: whatever takes a form wants the token of its own page."""
    bob = recipient(send(BOB), BOB)
    client = browser(bob, enforce_csrf_checks=True)
    ours = [
        re.sub("<[^>]*>", "1", each.replace("<str:recipient_id>", bob.pk))
        for each in _addresses(get_resolver().url_patterns)
    ]
    assert {each.rpartition("/")[2] for each in ours} > {"accept", "verify", "sign", "refuse", "delegate", "card"}
    for each in ours:
        assert client.post(f"/{each}", {"agreed": "on", "reason": "Mallory says so"}).status_code == 403, each
    assert nobody_acted()


def test_a_second_browser_leaves_the_first_without_proof(send: Send, recipient: Find) -> None:
    """Whoever holds the link can make its owner begin again, and never goes on where they were."""
    bob = recipient(send(BOB), BOB)
    first, second = browser(bob), browser(bob)
    seen = shown(second, bob)
    ready(first, bob)
    second.post(f"/signing/{bob.pk}/accept", {"agreed": "on", **seen})
    assert sign(first, bob) == sign(second, bob) == 409
    assert nobody_acted()


def test_who_was_replaced_does_nothing_from_a_page_that_is_still_open(
    send: Send, recipient: Find, invited: Callable[..., actions.NewRecipient], by_alice: Actor
) -> None:
    workflow = send(BOB)
    bob = recipient(workflow, BOB)
    client = browser(bob)
    ready(client, bob)
    actions.replace(workflow, [actions.NewStep([invited(CAROL)])], by=by_alice, at=timezone.now())
    assert client.get(f"/signing/{bob.pk}/").status_code == 410
    assert sign(client, bob) == 410
    assert client.post(f"/signing/{bob.pk}/refuse", {"reason": "Then nobody"}).status_code == 410
    assert browser(bob).get(f"/signing/{bob.pk}/").status_code == 404
    carol = recipient(workflow, CAROL)
    assert sign(client, carol) == 404
    assert not Signing.objects.filter(recipient=carol).exists()
    assert nobody_acted()


def test_a_text_that_changes_while_it_is_read_is_read_again(
    send: Send, recipient: Find, by_alice: Actor, run_jobs: Callable[[], int], trust_service: object
) -> None:
    """Nobody accepts what they have not seen, and what was accepted stays what it was."""
    bob = recipient(send(BOB), BOB)
    client = browser(bob)
    before = shown(client, bob)
    page = actions.change_page(
        bob.consent_page,
        text_en="I owe Alice a house.",
        text_fr="Je dois une maison à Alice.",
        by=by_alice,
        at=timezone.now(),
    )
    assert client.post(f"/signing/{bob.pk}/accept", {"agreed": "on", **before}).status_code == 409
    assert Signing.objects.get().accepted_at is None
    ready(client, bob)
    actions.change_page(
        page, text_en="I owe Alice two.", text_fr="Je lui en dois deux.", by=by_alice, at=timezone.now()
    )
    assert sign(client, bob) == 302
    run_jobs()
    signing = Signing.objects.get()
    assert (signing.consent_text, signing.consent_version) == ("Je dois une maison à Alice.", 2)
    assert signing.completed_at


def test_what_one_recipient_has_proven_is_worth_nothing_for_another(send: Send, recipient: Find) -> None:
    """Both links were opened in one browser; one of the two has shown who she is."""
    workflow = send([BOB, CAROL])
    bob, carol = recipient(workflow, BOB), recipient(workflow, CAROL)
    client = browser(bob, carol)
    accept(client, bob)
    ready(client, carol)
    assert client.post(f"/signing/{bob.pk}/verify", {"code": code(carol)}).status_code == 403
    [proof] = Signing.objects.get(recipient=carol).proofs
    session = client.session
    session[f"proofs {bob.pk}"] = [proof["id"]]
    session.save()
    assert sign(client, bob) == 409
    assert nobody_acted()


def test_what_a_form_says_of_itself_lowers_nothing(send: Send, recipient: Find, alice: User) -> None:
    """The level, the means and who is identified stand in the database, and in no form."""
    bob = recipient(send(BOB), BOB)
    client = browser(bob)
    accept(client, bob)
    said = {
        "level": "simple",
        "means": "link",
        "held": "cod_1",
        "proof": "cod_1",
        "consent_page": "",
        "deputy": alice.pk,
    }
    assert sign(client, bob, **said) == 409
    assert nobody_acted()
