"""The signer's pages: read, accept, prove, sign, keep a copy. A signer's link never meets a sign-in page."""

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from paraph.errors import ParaphError
from paraph.evidence import Means

from paraph_server.accounts.api import caller
from paraph_server.accounts.errors import NotInvited
from paraph_server.accounts.guests import admit, guest_page
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.actions import As
from paraph_server.embedding import framing
from paraph_server.embedding import queries as sites
from paraph_server.identification import papers, providers, shared_secrets, sign_ins
from paraph_server.identification.errors import (
    ExpiredCode,
    GuessedTooOften,
    LockedCode,
    NoCode,
    NoSecret,
    NotChecked,
    ReviewPending,
    TooManyAnswers,
    TooManyCodes,
    UsedCode,
    WrongAnswer,
    WrongCode,
)
from paraph_server.identification.openid.kinds import RULES
from paraph_server.journal.actions import Actor
from paraph_server.providers import queries as keepers
from paraph_server.signing import actions, acts, queries, returns, signers
from paraph_server.signing.acts import By
from paraph_server.signing.errors import BadMark
from paraph_server.signing.queries import Act, Stage
from paraph_server.signing.signers import Signer
from paraph_server.web import address
from paraph_server.web.errors import BadInput, PlatformError
from paraph_server.workflows import actions as senders
from paraph_server.workflows import invites
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.downloads import delivered, file
from paraph_server.workflows.errors import (
    AlreadyActed,
    DocumentsMissing,
    NotDelegable,
    NotFinished,
    NotRefusable,
    WorkflowOver,
    WrongKind,
)
from paraph_server.workflows.forms import PersonForm
from paraph_server.workflows.models import KeyHolder, Recipient

IMAGE_WIDTH = 1200  # pixels: sharp on a phone, legible on a desk
DAY = 24 * 3600
CODE_FAULTS = (WrongCode, ExpiredCode, LockedCode, UsedCode, NoCode)
ANSWER_FAULTS = (WrongAnswer, TooManyAnswers, GuessedTooOften, NoSecret)
LONGEST_REMARK = 2000  # characters
SIGNED_IN = "signed in"  # in the session: act → an identity provider's name and id, and the ID token that it wants back
P = ParamSpec("P")


@require_GET
def invite(request: HttpRequest) -> HttpResponse:
    """The link of an invitation: it opens the session and leaves the address bar."""
    found = invites.read(request.GET.get("token", ""), at=timezone.now())
    with tenant_context(found.tenant_id):
        act = queries.act(found.subject)
        if found.embed_origin and framing.asked_for(request):
            return _in_a_frame(act, found.embed_origin)
    for each in dict.fromkeys([act.id, *(each.pk for each in act.recipients)]):
        admit(request, recipient_id=each, tenant_id=found.tenant_id)
        request.session[f"deputy {each}"] = None
    request.session[f"return {act.id}"] = found.return_to
    response = HttpResponseRedirect(f"/signing/{act.id}/")
    if "language" not in request.COOKIES:
        response.set_cookie("language", act.lead.locale, samesite="Lax", secure=request.is_secure())
    return response


def _in_a_frame(act: Act, origin: str) -> HttpResponse:
    return framing.begin(
        recipient_id=act.id,
        tenant_id=act.lead.tenant_id,
        origin=sites.check_origin(act.lead.tenant_id, origin),
        language=act.lead.locale,
        page=reverse("signing", args=[act.id]),
    )


def of_act(page: Callable[Concatenate[HttpRequest, Act, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for one person's act, in the browser that came through their link."""

    def found(request: HttpRequest, act_id: str, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        act = queries.act(act_id)
        _check_deputy(request, act.recipients)
        return page(request, act, *args, **kwargs)

    return guest_page(found)


def of_recipient(
    page: Callable[Concatenate[HttpRequest, Recipient, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page about one workflow of somebody, in the browser that came through their link."""

    def found(request: HttpRequest, recipient_id: str, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        recipient = workflows.recipient(recipient_id)
        _check_deputy(request, [recipient])
        return page(request, recipient, *args, **kwargs)

    return guest_page(found)


def _check_deputy(request: HttpRequest, recipients: Sequence[Recipient]) -> None:
    """Deputies see a turn while they are deputies, and what they acted in from then on."""
    for each in recipients:
        deputy = deputy_in(request, each)
        if deputy and not queries.has_acted(each, deputy):
            signers.check(each, deputy, at=timezone.now())


def deputy_in(request: HttpRequest, recipient: Recipient) -> User | None:
    """The colleague who came to act for the recipient (`turn_pages.take`); nobody where their own link was opened."""
    expected = request.session.get(f"deputy {recipient.pk}")
    if expected is None:
        return None
    user = caller(request)
    if user.pk != expected:
        raise NotInvited(_("Open your list of turns again: this page belongs to somebody else."))
    return user


def by(request: HttpRequest) -> By:
    """Whoever acts for recipients in this browser, as the journal knows them."""

    def acting(recipient: Recipient) -> Actor:
        deputy = deputy_in(request, recipient)
        return signers.actor(recipient, deputy, address=address.of(request), agent=address.agent(request))

    return acting


@of_act
@require_safe
def session(request: HttpRequest, act: Act) -> HttpResponse:
    """Whatever comes next for this signer."""
    said = request.session.pop(f"said {act.id}", {})
    if _over(act):
        return _done(request, act)
    try:
        acts.open_sessions(act, by=by(request), at=timezone.now())
    except (AlreadyActed, WorkflowOver):
        act = queries.act(act.id)
        if _over(act):  # their signature was made while this page was
            return _done(request, act)
        raise
    match stage_in(request, act):
        case Stage.APPLYING:
            return _show(request, act, "applying")
        case Stage.SIGN:
            return _show(request, act, "sign")
        case Stage.IDENTIFY:
            return _identify(request, act, **said)
        case _:
            return _read(request, act)


def stage_in(request: HttpRequest, act: Act) -> Stage:
    """What comes next for whoever sits at this browser."""
    deputy = deputy_in(request, act.lead)
    return queries.stage_of(act, held=held(request, act), deputy=deputy, at=timezone.now())


@of_act
@require_POST
def accept(request: HttpRequest, act: Act) -> HttpResponse:
    """The tick under the consent text; then a code is sent."""
    if "agreed" not in request.POST:
        return _read(request, act, fault="agreed", status=422)
    language = request.POST.get("language", "en")
    shown = request.POST.get("shown", "")
    try:
        acts.accept(act, shown=shown, language=language, by=by(request), at=timezone.now())
    except DocumentsMissing as error:
        return _read(request, act, missing=str(error), status=error.status)
    return send_next(request, act)


@of_act
@require_POST
def send_code(request: HttpRequest, act: Act) -> HttpResponse:
    return send_next(request, act)


@of_act
@require_POST
def verify(request: HttpRequest, act: Act) -> HttpResponse:
    code = request.POST.get("code", "")
    try:
        proof = acts.verify(act, code=code, by=by(request), at=timezone.now())
    except CODE_FAULTS as error:
        return _identify(request, act, fault=str(error), status=error.status)
    hold(request, act, proof)
    return send_next(request, act)


@of_act
@require_POST
def answer(request: HttpRequest, act: Act) -> HttpResponse:
    try:
        proof = acts.answer(act, answer=request.POST.get("answer", ""), by=by(request), at=timezone.now())
    except ANSWER_FAULTS as error:
        return _identify(request, act, fault=str(error), status=error.status)
    hold(request, act, proof)
    return send_next(request, act)


@of_act
@require_POST
def pick_up(request: HttpRequest, act: Act) -> HttpResponse:
    """Their identity document was looked at."""
    try:
        proof = acts.pick_up(act, by=by(request), at=timezone.now())
    except NotChecked as error:
        return _identify(request, act, fault=str(error), status=error.status)
    hold(request, act, proof)
    return send_next(request, act)


def hold(request: HttpRequest, act: Act, proof: str) -> None:
    """Keep in this browser that somebody has shown who they are."""
    request.session[f"proofs {act.id}"] = [*held(request, act), proof]


def say(request: HttpRequest, act: Act, error: PlatformError) -> HttpResponse:
    """Back to the signer's page, which says once what stands in the way."""
    if not isinstance(error, ReviewPending):  # which the page finds for itself
        request.session[f"said {act.id}"] = {"fault": str(error), "status": error.status}
    return redirect("signing", act.id)


def held(request: HttpRequest, act: Act) -> list[str]:
    """The proofs that were given in this browser."""
    return list(request.session.get(f"proofs {act.id}", []))


@of_act
@require_POST
def sign(request: HttpRequest, act: Act) -> HttpResponse:
    comment = request.POST.get("comment", "").strip()[:LONGEST_REMARK]
    mark, proofs = request.POST.get("mark", ""), held(request, act)
    try:
        acts.sign(act, held=proofs, mark=mark, comment=comment, by=by(request), at=timezone.now())
    except BadMark as error:
        return _show(request, act, "sign", fault=str(error), status=error.status, comment=comment)
    return redirect("signing", act.id)


@of_act
@require_safe
def state(request: HttpRequest, act: Act) -> HttpResponse:
    """What the waiting page asks, every second: is it there?"""
    stage = stage_in(request, act)
    finished = all(each.workflow.finished_at for each in act.recipients)
    return JsonResponse({"stage": stage.value, "finished": finished})


@of_act
def refuse(request: HttpRequest, act: Act) -> HttpResponse:
    """Say no, with a reason."""
    if not _may(act, "allow_refusal"):
        raise NotRefusable(_("In this step one cannot refuse."))
    reason = request.POST.get("reason", "").strip()[:LONGEST_REMARK]
    if request.method != "POST" or not reason:
        fault = "reason" if request.method == "POST" else ""
        return _show(request, act, "refuse", fault=fault, status=422 if fault else 200)
    acts.refuse(act, reason=reason, by=by(request), at=timezone.now())
    return redirect("signing", act.id)


@of_act
@require_safe
def leave(request: HttpRequest, act: Act) -> HttpResponse:
    """Back to the site that the signer came from, if it is still one of the organisation's own."""
    target = sites.check_return(act.lead.tenant_id, _return_to(request, act))
    return HttpResponseRedirect(returns.address(act.lead, target, at=timezone.now()))


def _return_to(request: HttpRequest, act: Act) -> str:
    """Where the link that was opened in this browser leads back to; nowhere, for those in an e-mail."""
    return str(request.session.get(f"return {act.id}", ""))


@of_recipient
def delegate(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Hand one's turn to somebody else."""
    act = Act(recipient.pk, (recipient,))
    if not recipient.step.allow_delegation or deputy_in(request, recipient):
        raise NotDelegable(_("In this step one cannot hand over one’s turn."))
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            successor = senders.delegate(recipient, **form.cleaned_data, by=by(request)(recipient), at=timezone.now())
        except BadInput as error:
            form.add_error(None, str(error))
        else:
            return _show(request, act, "delegated", successor=successor, return_to="")
    return _show(request, act, "delegate", form=form, status=422 if request.method == "POST" else 200)


@of_recipient
@require_POST
def hand_over(request: HttpRequest, recipient: Recipient, requested_id: str) -> HttpResponse:
    """Take in a document that the signer was asked for."""
    act = Act(recipient.pk, (recipient,))
    attached, me, at = request.FILES.get("document"), by(request)(recipient), timezone.now()
    senders.check_turn(recipient.workflow, recipient.pk, at=at)
    if attached is None:
        return _read(request, act, missing=_("Choose a file first."), status=422)
    try:
        part = documents.receive(recipient.tenant_id, attached, attached.name or "", taken_as=As.ANYTHING, by=me, at=at)
        senders.hand_over(recipient, requested_id, part, by=me, at=at)
    except (ParaphError, WrongKind) as error:
        return _read(request, act, missing=str(error), status=422)
    return HttpResponseRedirect(f"{reverse('signing', args=[recipient.pk])}#asked")


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
    return delivered(recipient.workflow, workflows.shown_to(recipient))


@of_recipient
@require_safe
def evidence(request: HttpRequest, recipient: Recipient) -> HttpResponseBase:  # noqa: ARG001
    if recipient.workflow.evidence is None:
        raise NotFinished("The evidence file is made when everybody has signed.")
    return file(recipient.workflow.evidence)


# ---------------------------------------------------------------- screens


def _show(request: HttpRequest, act: Act, screen: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return show(request, act, f"signing/{screen}.html", status=status, **context)


def show(request: HttpRequest, act: Act, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page within the frame of the signer's pages."""
    open_ends = [each for each in act.recipients if not (each.workflow.finished_at or each.workflow.stopped_at)]
    outcome = returns.outcome(act.lead)
    frame = {
        "act": act,
        "recipient": act.lead,
        "signer": _signer(request, act),
        "workflow": act.lead.workflow,
        "kind": act.lead.step.kind,
        "key_holder": queries.key_holder(act.lead),
        "keepers": keepers.offered() if queries.key_holder(act.lead) == KeyHolder.PROVIDER else [],
        "waits": bool(open_ends),
        "may_refuse": _may(act, "allow_refusal"),
        "may_delegate": len(act.recipients) == 1 and _may(act, "allow_delegation") and not deputy_in(request, act.lead),
        "may_comment": any(each.step.allow_comments for each in act.recipients),
        "return_to": urlsplit(_return_to(request, act)).netloc,
        "signed_in": request.session.get(SIGNED_IN, {}).get(act.id, [""])[0],
        "outcome": outcome,
        "code": "" if outcome == "pending" else returns.code(act.lead, at=timezone.now()),
    }
    return render(request, template, frame | context, status=status)


def _signer(request: HttpRequest, act: Act) -> Signer:
    return signers.signer(act.lead, deputy_in(request, act.lead))


def _may(act: Act, permission: str) -> bool:
    return all(getattr(each.step, permission) for each in act.recipients)


def _read(request: HttpRequest, act: Act, *, fault: str = "", missing: str = "", status: int = 200) -> HttpResponse:
    language = get_language() or "en"
    context = {
        "parts": [_part(each) for each in act.recipients],
        "consent": workflows.consent_text(act.lead, language),
        "language": language,
        "shown": queries.seen(act, language),
        "fault": fault,
        "missing": missing,
    }
    return _show(request, act, "read", status=status, **context)


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


TEXTS = 50
"""Pages whose text is put beside their image; a longer document is better read in its own file."""


def _text(document: Any, number: int) -> str:
    try:
        return stored.page_text(document.current, number)
    except PlatformError:  # a page that cannot be read aloud can still be looked at
        return ""


def _identify(request: HttpRequest, act: Act, *, fault: str = "", status: int = 200) -> HttpResponse:
    """The first thing by which the signer has still to show who they are."""
    means = _missing(request, act)
    if means in RULES:
        offered, review = providers.offering(means), sign_ins.review(act.lead.pk)
        return _show(request, act, "provider", fault=fault, status=status, providers=offered, review=review)
    if means == Means.SECRET:
        question = shared_secrets.question(act.lead.pk)
        return _show(request, act, "secret", fault=fault, status=status, question=question)
    if means == Means.IDENTITY_DOCUMENT:
        paper = papers.shown(act.lead.pk, _signer(request, act).name, at=timezone.now())
        return _show(request, act, "paper", fault=fault, status=status, paper=paper)
    destination = actions.masked(actions.address_for(_signer(request, act), means)) if means else ""
    return _show(request, act, "identify", fault=fault, status=status, means=means, destination=destination)


def _missing(request: HttpRequest, act: Act) -> Means | None:
    signing = queries.of(act.lead)
    missing = queries.missing(signing, held(request, act), at=timezone.now()) if signing else []
    return next(iter(missing), None)


def send_next(request: HttpRequest, act: Act) -> HttpResponse:
    """Where the next thing that a signer shows is a code, send it."""
    means = _missing(request, act)
    try:
        if means in actions.CHANNELS:
            actions.request_code(act.lead, means, by=by(request)(act.lead), at=timezone.now())
    except (TooManyCodes, GuessedTooOften) as error:
        return _identify(request, act, fault=str(error), status=error.status)
    return redirect("signing", act.id)


def _over(act: Act) -> bool:
    return all(each.done_at or each.refused_at for each in act.recipients)


def _done(request: HttpRequest, act: Act) -> HttpResponse:
    return _show(request, act, "done" if act.lead.done_at else "refused")


SIGNING = "signing/<str:recipient_id>"
urlpatterns = [
    path("invite", invite, name="invite"),
    path(f"{SIGNING}/", session, name="signing"),
    path(f"{SIGNING}/accept", accept, name="accept"),
    path(f"{SIGNING}/code", send_code, name="send-code"),
    path(f"{SIGNING}/verify", verify, name="verify-code"),
    path(f"{SIGNING}/pick-up", pick_up, name="pick-up"),
    path(f"{SIGNING}/answer", answer, name="answer"),
    path(f"{SIGNING}/sign", sign, name="sign"),
    path(f"{SIGNING}/state", state, name="signing-state"),
    path(f"{SIGNING}/refuse", refuse, name="refuse"),
    path(f"{SIGNING}/return", leave, name="leave"),
    path(f"{SIGNING}/delegate", delegate, name="delegate"),
    path(f"{SIGNING}/requested/<str:requested_id>", hand_over, name="hand-over"),
    path(f"{SIGNING}/documents/<str:document_id>", original, name="shown-document"),
    path(f"{SIGNING}/documents/<str:document_id>/pages/<int:page>", page_image, name="page-image"),
    path(f"{SIGNING}/signed", signed, name="signed-documents"),
    path(f"{SIGNING}/evidence", evidence, name="signer-evidence"),
]
