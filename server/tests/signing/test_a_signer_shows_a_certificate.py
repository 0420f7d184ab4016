"""Bob shows the certificate in his browser: it proves the name in it, and nobody else's."""

import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from paraph.evidence import Means, SignatureLevel
from paraph.keys.file import FileSigner
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.config.options import options
from paraph_server.identification.offers import offered
from paraph_server.journal.models import Entry
from paraph_server.signing import actions, levels, queries
from paraph_server.signing.models import Signing
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.actions import NewStep
from paraph_server.workflows.models import ConsentPage, Recipient, Workflow
from paraph_testing.cast import BOB, MALLORY, Person
from paraph_testing.pki import POLICY
from paraph_testing.proxy import header
from paraph_testing.status import StatusService

Send, Find = Callable[..., Workflow], Callable[[Workflow, Person], Recipient]


@pytest.fixture
def bobs(
    browsers_show: StatusService, send: Send, invited: Callable[..., Any], identified: Callable[..., ConsentPage]
) -> Workflow:
    """Bob is asked for a signature, and for his certificate."""
    page = identified(Means.CLIENT_CERTIFICATE, Means.EMAIL_CODE)
    assert page.level == SignatureLevel.ADVANCED
    return send(NewStep([replace(invited(BOB), consent_page=page)]))


@pytest.fixture
def signing_page(bobs: Workflow, recipient: Find) -> tuple[Client, str]:
    """Bob has opened his link and accepted."""
    found, browser = recipient(bobs, BOB), Client(headers={"accept": "text/html"})
    session = browser.session
    session["guests"] = {found.pk: found.tenant_id}
    session.save()
    by = actions.actor(found)
    actions.open_session(found, by=by, at=timezone.now())
    shown = queries.consent_digest(workflows.consent_text(found, "en"), queries.shown(found))
    actions.accept(found, shown=shown, language="en", by=by, at=timezone.now())
    return browser, found.pk


def show(page: tuple[Client, str], shows: FileSigner, method: str = "post") -> Any:
    browser, recipient_id = page
    chain = ", ".join(header(each) for each in shows.chain)
    headers = {"client-cert": header(shows.certificate), "client-cert-chain": chain}
    return getattr(browser, method)(reverse("show-certificate", args=[recipient_id]), headers=headers)


def test_it_is_offered_where_a_proxy_asks_for_it(browsers_show: StatusService, tenant: object) -> None:
    assert Means.CLIENT_CERTIFICATE in offered()


def test_bobs_own_proves_his_name(signing_page: tuple[Client, str], browsers_show: StatusService) -> None:
    browser, recipient_id = signing_page
    asks = browser.get(reverse("signing", args=[recipient_id])).content.decode()
    assert f"http://testserver/signing/{recipient_id}/certificate" in asks
    own = browsers_show.pki.in_browser(BOB)
    assert BOB.name in show(signing_page, own, "get").content.decode()
    assert show(signing_page, own).headers["Location"] == reverse("signing", args=[recipient_id])
    assert "Enter your code" in browser.get(reverse("signing", args=[recipient_id])).content.decode()
    (proof,) = levels.proofs(Signing.objects.get())
    assert (proof.means, proof.names, proof.worth) == (Means.CLIENT_CERTIFICATE, "same", 1)
    assert proof.names_signer
    assert "sha256 " in proof.detail


def test_under_a_policy_of_two_stars_it_is_worth_more(
    signing_page: tuple[Client, str], browsers_show: StatusService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARAPH_RGS_POLICIES", f"{POLICY}=2")
    options.cache_clear()
    show(signing_page, browsers_show.pki.in_browser(BOB))
    (proof,) = levels.proofs(Signing.objects.get())
    assert proof.worth == 2


def test_mallorys_proves_nothing_and_stays_on_record(
    signing_page: tuple[Client, str], browsers_show: StatusService
) -> None:
    page = show(signing_page, browsers_show.pki.in_browser(MALLORY))
    assert page.status_code == 403
    assert f"This certificate is that of {MALLORY.name}" in html.unescape(page.content.decode())
    assert Signing.objects.get().proofs == []
    assert Entry.objects.filter(event="identity:refused", subject=signing_page[1]).exists()


def test_before_the_consent_nothing_is_shown(bobs: Workflow, recipient: Find, browsers_show: StatusService) -> None:
    found, browser = recipient(bobs, BOB), Client(headers={"accept": "text/html"})
    session = browser.session
    session["guests"] = {found.pk: found.tenant_id}
    session.save()
    page = show((browser, found.pk), browsers_show.pki.in_browser(BOB))
    assert page.status_code in {403, 409}
    assert not [each for each in Signing.objects.all() if each.proofs]


def test_who_has_no_link_shows_nothing(bobs: Workflow, recipient: Find, browsers_show: StatusService) -> None:
    own, stranger = browsers_show.pki.in_browser(BOB), Client(headers={"accept": "text/html"})
    assert show((stranger, recipient(bobs, BOB).pk), own).status_code == 404
    with tenant_context(bobs.tenant_id):
        assert not Signing.objects.exists()
