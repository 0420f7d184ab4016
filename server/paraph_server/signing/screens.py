"""What a signer sees: the frame of the pages, and each screen in it."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from paraph.evidence import Means

from paraph_server.documents import queries as stored
from paraph_server.identification import papers, providers, shared_secrets, sign_ins
from paraph_server.identification.errors import (
    GuessedTooOften,
    ReviewPending,
    TooManyCodes,
)
from paraph_server.identification.openid.kinds import RULES
from paraph_server.providers import queries as keepers
from paraph_server.signing import actions, queries, returns, signers
from paraph_server.signing.queries import Act
from paraph_server.signing.signers import Signer
from paraph_server.signing.visits import SIGNED_IN, by, deputy_in, held, return_to
from paraph_server.web import client_certificates
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import KeyHolder, Recipient

TEXTS = 50
"""Pages whose text is put beside their image; a longer document is better read in its own file."""


def screen(request: HttpRequest, act: Act, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return show(request, act, f"signing/{name}.html", status=status, **context)


def show(request: HttpRequest, act: Act, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page within the frame of the signer's pages."""
    open_ends = [each for each in act.recipients if not (each.workflow.finished_at or each.workflow.stopped_at)]
    outcome = returns.outcome(act.lead)
    frame = {
        "act": act,
        "recipient": act.lead,
        "signer": signer(request, act),
        "workflow": act.lead.workflow,
        "kind": act.lead.step.kind,
        "key_holder": queries.key_holder(act.lead),
        "keepers": keepers.offered() if queries.key_holder(act.lead) == KeyHolder.PROVIDER else [],
        "waits": bool(open_ends),
        "may_refuse": may(act, "allow_refusal"),
        "may_delegate": len(act.recipients) == 1 and may(act, "allow_delegation") and not deputy_in(request, act.lead),
        "may_comment": any(each.step.allow_comments for each in act.recipients),
        "return_to": urlsplit(return_to(request, act)).netloc,
        "signed_in": request.session.get(SIGNED_IN, {}).get(act.id, [""])[0],
        "outcome": outcome,
        "code": "" if outcome == "pending" else returns.code(act.lead, at=timezone.now()),
    }
    return render(request, template, frame | context, status=status)


def signer(request: HttpRequest, act: Act) -> Signer:
    return signers.signer(act.lead, deputy_in(request, act.lead))


def may(act: Act, permission: str) -> bool:
    return all(getattr(each.step, permission) for each in act.recipients)


def read(request: HttpRequest, act: Act, *, fault: str = "", missing: str = "", status: int = 200) -> HttpResponse:
    language = get_language() or "en"
    context = {
        "parts": [_part(each) for each in act.recipients],
        "consent": workflows.consent_text(act.lead, language),
        "language": language,
        "shown": queries.seen(act, language),
        "fault": fault,
        "missing": missing,
    }
    return screen(request, act, "read", status=status, **context)


def _part(recipient: Recipient) -> dict[str, Any]:
    """One workflow of an act: its documents, what is asked for, and who else takes part."""
    steps = [] if recipient.step.hide_recipients else recipient.workflow.steps.prefetch_related("recipients")
    return {
        "recipient": recipient,
        "workflow": recipient.workflow,
        "documents": [
            {"document": each, "pages": [_page(each, number) for number in range(1, (each.current.pages or 0) + 1)]}
            for each in workflows.shown_to(recipient)
        ],
        "asked": recipient.requested_documents.select_related("part"),
        "people": [each for step in steps for each in step.recipients.all()],
    }


def _page(document: Any, number: int) -> dict[str, Any]:
    return {"number": number, "text": _text(document, number) if number <= TEXTS else ""}


def _text(document: Any, number: int) -> str:
    try:
        return stored.page_text(document.current, number)
    except PlatformError:  # a page that cannot be read aloud can still be looked at
        return ""


def identify(request: HttpRequest, act: Act, *, fault: str = "", status: int = 200) -> HttpResponse:
    """The first thing by which the signer has still to show who they are."""
    means = missing(request, act)
    if means in RULES:
        offered, review = providers.offering(means), sign_ins.review(act.lead.pk)
        return screen(request, act, "provider", fault=fault, status=status, providers=offered, review=review)
    if means == Means.SECRET:
        question = shared_secrets.question(act.lead.pk)
        return screen(request, act, "secret", fault=fault, status=status, question=question)
    if means == Means.CLIENT_CERTIFICATE:
        address = client_certificates.page_at(reverse("show-certificate", args=[act.id]))
        return screen(request, act, "certificate", fault=fault, status=status, address=address)
    if means == Means.IDENTITY_DOCUMENT:
        paper = papers.shown(act.lead.pk, signer(request, act).name, at=timezone.now())
        return screen(request, act, "paper", fault=fault, status=status, paper=paper)
    destination = actions.masked(actions.address_for(signer(request, act), means)) if means else ""
    return screen(request, act, "identify", fault=fault, status=status, means=means, destination=destination)


def missing(request: HttpRequest, act: Act) -> Means | None:
    signing = queries.of(act.lead)
    missing = queries.missing(signing, held(request, act), at=timezone.now()) if signing else []
    return next(iter(missing), None)


def send_next(request: HttpRequest, act: Act) -> HttpResponse:
    """Where the next thing that a signer shows is a code, send it."""
    means = missing(request, act)
    try:
        if means in actions.CHANNELS:
            actions.request_code(act.lead, means, by=by(request)(act.lead), at=timezone.now())
    except (TooManyCodes, GuessedTooOften) as error:
        return identify(request, act, fault=str(error), status=error.status)
    return redirect("signing", act.id)


def say(request: HttpRequest, act: Act, error: PlatformError) -> HttpResponse:
    """Back to the signer's page, which says once what stands in the way."""
    if not isinstance(error, ReviewPending):  # which the page finds for itself
        request.session[f"said {act.id}"] = {"fault": str(error), "status": error.status}
    return redirect("signing", act.id)


def over(act: Act) -> bool:
    return all(each.done_at or each.refused_at for each in act.recipients)


def done(request: HttpRequest, act: Act) -> HttpResponse:
    return screen(request, act, "done" if act.lead.done_at else "refused")
