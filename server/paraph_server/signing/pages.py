"""The signer's pages: read, accept, prove, sign, keep a copy. A signer's link never meets a sign-in page."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST, require_safe

from paraph_server.accounts.guests import admit, guest_page
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.documents import queries as stored
from paraph_server.embedding import framing
from paraph_server.embedding import queries as sites
from paraph_server.identification.errors import ExpiredCode, LockedCode, NoCode, TooManyCodes, UsedCode, WrongCode
from paraph_server.journal.actions import Actor
from paraph_server.signing import actions, queries, returns
from paraph_server.signing.errors import BadMark
from paraph_server.signing.queries import Stage
from paraph_server.web import address
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import actions as senders
from paraph_server.workflows import invites
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.downloads import delivered, file
from paraph_server.workflows.errors import AlreadyActed, NotFinished, WorkflowOver
from paraph_server.workflows.models import Recipient

IMAGE_WIDTH = 1200  # pixels: sharp on a phone, legible on a desk
DAY = 24 * 3600
PROOFS = "proofs"  # in the session: recipient id → the code that was entered here
CODE_FAULTS = (WrongCode, ExpiredCode, LockedCode, UsedCode, NoCode)
P = ParamSpec("P")


@require_GET
def invite(request: HttpRequest) -> HttpResponse:
    """The link of an invitation: it opens the session and leaves the address bar."""
    found = invites.read(request.GET.get("token", ""), at=timezone.now())
    with tenant_context(found.tenant_id):
        recipient = workflows.recipient(found.recipient_id)
        if found.embed_origin and framing.asked_for(request):
            return _in_a_frame(recipient, found.embed_origin)
    admit(request, recipient_id=recipient.pk, tenant_id=found.tenant_id)
    request.session[f"return {recipient.pk}"] = found.return_to
    response = HttpResponseRedirect(f"/signing/{recipient.pk}/")
    if "language" not in request.COOKIES:
        response.set_cookie("language", recipient.locale, samesite="Lax", secure=request.is_secure())
    return response


def _in_a_frame(recipient: Recipient, origin: str) -> HttpResponse:
    return framing.begin(
        recipient_id=recipient.pk,
        tenant_id=recipient.tenant_id,
        origin=sites.check_origin(recipient.tenant_id, origin),
        language=recipient.locale,
        page=reverse("signing", args=[recipient.pk]),
    )


def of_recipient(
    page: Callable[Concatenate[HttpRequest, Recipient, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """A page for one recipient, in the browser that came through their link."""

    def found(request: HttpRequest, recipient_id: str, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return page(request, workflows.recipient(recipient_id), *args, **kwargs)

    return guest_page(found)


def acting(request: HttpRequest, recipient: Recipient) -> Actor:
    return actions.actor(recipient, address=address.of(request), agent=address.agent(request))


@of_recipient
@require_safe
def session(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Whatever comes next for this signer."""
    if recipient.done_at or recipient.refused_at:
        return _done(request, recipient)
    try:
        signing = actions.open_session(recipient, by=acting(request, recipient), at=timezone.now())
    except (AlreadyActed, WorkflowOver):
        recipient = workflows.recipient(recipient.pk)
        if recipient.done_at:  # their signature was made while this page was
            return _done(request, recipient)
        raise
    match queries.stage(recipient, signing, proof=_proof(request, recipient), at=timezone.now()):
        case Stage.APPLYING:
            return _show(request, recipient, "applying")
        case Stage.SIGN:
            return _show(request, recipient, "sign")
        case Stage.IDENTIFY:
            return _identify(request, recipient)
        case _:
            return _read(request, recipient)


@of_recipient
@require_POST
def accept(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """The tick under the consent text; then a code is sent."""
    if "agreed" not in request.POST:
        return _read(request, recipient, fault="agreed", status=422)
    language = request.POST.get("language", "en")
    by, at = acting(request, recipient), timezone.now()
    actions.accept(recipient, shown=request.POST.get("shown", ""), language=language, by=by, at=at)
    return _send_code(request, recipient)


@of_recipient
@require_POST
def send_code(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    return _send_code(request, recipient)


@of_recipient
@require_POST
def verify(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    code = request.POST.get("code", "")
    try:
        signing = actions.verify(recipient, code=code, by=acting(request, recipient), at=timezone.now())
    except CODE_FAULTS as error:
        return _identify(request, recipient, fault=str(error), status=error.status)
    request.session[f"proof {recipient.pk}"] = (signing.proof or {})["code_id"]
    return redirect("signing", recipient.pk)


def _proof(request: HttpRequest, recipient: Recipient) -> str:
    """What this browser keeps of the code that was entered in it."""
    return str(request.session.get(f"proof {recipient.pk}", ""))


@of_recipient
@require_POST
def sign(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    mark = request.POST.get("mark", "")
    try:
        actions.request_signature(
            recipient, proof=_proof(request, recipient), mark=mark, by=acting(request, recipient), at=timezone.now()
        )
    except BadMark as error:
        return _show(request, recipient, "sign", fault=str(error), status=error.status)
    return redirect("signing", recipient.pk)


@of_recipient
@require_safe
def state(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """What the waiting page asks, every second: is it there?"""
    signing, proof = queries.of(recipient), _proof(request, recipient)
    stage = queries.stage(recipient, signing, proof=proof, at=timezone.now())
    return JsonResponse({"stage": stage.value, "finished": bool(recipient.workflow.finished_at)})


@of_recipient
def refuse(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Say no, with a reason."""
    reason = request.POST.get("reason", "").strip()[:2000]
    if request.method != "POST" or not reason:
        fault = "reason" if request.method == "POST" else ""
        return _show(request, recipient, "refuse", fault=fault, status=422 if fault else 200)
    senders.refuse(recipient, reason=reason, by=acting(request, recipient), at=timezone.now())
    return redirect("signing", recipient.pk)


@of_recipient
@require_safe
def leave(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Back to the site that the signer came from, if it is still one of the organisation's own."""
    target = sites.check_return(recipient.tenant_id, _return_to(request, recipient))
    return HttpResponseRedirect(returns.address(recipient, target, at=timezone.now()))


def _return_to(request: HttpRequest, recipient: Recipient) -> str:
    """Where the link that was opened in this browser leads back to; nowhere, for those in an e-mail."""
    return str(request.session.get(f"return {recipient.pk}", ""))


# ---------------------------------------------------------------- files


@of_recipient
@require_safe
def page_image(request: HttpRequest, recipient: Recipient, document_id: str, page: int) -> HttpResponse:  # noqa: ARG001
    part = workflows.part_shown(recipient, document_id)
    image = stored.page_image(part, page, IMAGE_WIDTH)
    return HttpResponse(image, content_type="image/webp", headers={"Cache-Control": f"private, max-age={DAY}"})


@of_recipient
@require_safe
def original(request: HttpRequest, recipient: Recipient, document_id: str) -> HttpResponseBase:  # noqa: ARG001
    """The file as it stands, for whoever reads better in their own program."""
    return file(workflows.part_shown(recipient, document_id))


@of_recipient
@require_safe
def signed(request: HttpRequest, recipient: Recipient) -> HttpResponseBase:  # noqa: ARG001
    if not recipient.workflow.finished_at:
        raise NotFinished("The signed documents can be fetched when everybody has signed.")
    return delivered(recipient.workflow)


@of_recipient
@require_safe
def evidence(request: HttpRequest, recipient: Recipient) -> HttpResponseBase:  # noqa: ARG001
    if recipient.workflow.evidence is None:
        raise NotFinished("The evidence file is made when everybody has signed.")
    return file(recipient.workflow.evidence)


# ---------------------------------------------------------------- screens


def _show(
    request: HttpRequest, recipient: Recipient, screen: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    outcome = returns.outcome(recipient)
    frame = {
        "recipient": recipient,
        "workflow": recipient.workflow,
        "approves": queries.approves(recipient),
        "return_to": urlsplit(_return_to(request, recipient)).netloc,
        "outcome": outcome,
        "code": "" if outcome == "pending" else returns.code(recipient, at=timezone.now()),
    }
    return render(request, f"signing/{screen}.html", frame | context, status=status)


def _read(request: HttpRequest, recipient: Recipient, *, fault: str = "", status: int = 200) -> HttpResponse:
    language = get_language() or "en"
    text = recipient.consent_page.text(language)
    documents = [
        {"document": each, "pages": [_page(each, number) for number in range(1, (each.current.pages or 0) + 1)]}
        for each in recipient.workflow.documents.select_related("original", "current")
    ]
    context = {
        "documents": documents,
        "consent": text,
        "language": language,
        "shown": queries.consent_digest(text, queries.shown(recipient)),
        "fault": fault,
    }
    return _show(request, recipient, "read", status=status, **context)


def _page(document: Any, number: int) -> dict[str, Any]:
    return {"number": number, "text": _text(document, number) if number <= TEXTS else ""}


TEXTS = 50
"""Pages whose text is put beside their image; a longer document is better read in its own file."""


def _text(document: Any, number: int) -> str:
    try:
        return stored.page_text(document.current, number)
    except PlatformError:  # a page that cannot be read aloud can still be looked at
        return ""


def _identify(request: HttpRequest, recipient: Recipient, *, fault: str = "", status: int = 200) -> HttpResponse:
    by_sms = recipient.consent_page.authentication == "sms"
    destination = actions.masked(recipient.phone_number if by_sms else recipient.email)
    return _show(request, recipient, "identify", fault=fault, status=status, by_sms=by_sms, destination=destination)


def _send_code(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    try:
        actions.request_code(recipient, by=acting(request, recipient), at=timezone.now())
    except TooManyCodes as error:
        return _identify(request, recipient, fault=str(error), status=error.status)
    return redirect("signing", recipient.pk)


def _done(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    return _show(request, recipient, "done" if recipient.done_at else "refused")


SIGNING = "signing/<str:recipient_id>"
urlpatterns = [
    path("invite", invite, name="invite"),
    path(f"{SIGNING}/", session, name="signing"),
    path(f"{SIGNING}/accept", accept, name="accept"),
    path(f"{SIGNING}/code", send_code, name="send-code"),
    path(f"{SIGNING}/verify", verify, name="verify-code"),
    path(f"{SIGNING}/sign", sign, name="sign"),
    path(f"{SIGNING}/state", state, name="signing-state"),
    path(f"{SIGNING}/refuse", refuse, name="refuse"),
    path(f"{SIGNING}/return", leave, name="leave"),
    path(f"{SIGNING}/documents/<str:document_id>", original, name="shown-document"),
    path(f"{SIGNING}/documents/<str:document_id>/pages/<int:page>", page_image, name="page-image"),
    path(f"{SIGNING}/signed", signed, name="signed-documents"),
    path(f"{SIGNING}/evidence", evidence, name="signer-evidence"),
]
