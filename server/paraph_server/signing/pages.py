"""The signer's pages: read, accept, prove, sign, keep a copy. A signer's link never meets a sign-in page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from paraph.errors import ParaphError

from paraph_server.accounts.guests import admit
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.documents import actions as documents
from paraph_server.documents.actions import As
from paraph_server.embedding import framing
from paraph_server.embedding import queries as sites
from paraph_server.identification.errors import (
    ExpiredCode,
    GuessedTooOften,
    LockedCode,
    NoCode,
    NoSecret,
    NotChecked,
    TooManyAnswers,
    UsedCode,
    WrongAnswer,
    WrongCode,
)
from paraph_server.signing import acts, queries, returns
from paraph_server.signing.errors import BadMark
from paraph_server.signing.queries import Act, Stage
from paraph_server.signing.screens import done, identify, may, over, read, screen, send_next
from paraph_server.signing.visits import SIGNING, by, deputy_in, held, hold, of_act, of_recipient, return_to
from paraph_server.web.errors import BadInput
from paraph_server.workflows import actions as senders
from paraph_server.workflows import invites
from paraph_server.workflows.errors import (
    AlreadyActed,
    DocumentsMissing,
    NotDelegable,
    NotRefusable,
    WorkflowOver,
    WrongKind,
)
from paraph_server.workflows.forms import PersonForm
from paraph_server.workflows.models import Recipient

CODE_FAULTS = (WrongCode, ExpiredCode, LockedCode, UsedCode, NoCode)
ANSWER_FAULTS = (WrongAnswer, TooManyAnswers, GuessedTooOften, NoSecret)
LONGEST_REMARK = 2000  # characters


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


@of_act
@require_safe
def session(request: HttpRequest, act: Act) -> HttpResponse:
    """Whatever comes next for this signer."""
    said = request.session.pop(f"said {act.id}", {})
    if over(act):
        return done(request, act)
    try:
        acts.open_sessions(act, by=by(request), at=timezone.now())
    except (AlreadyActed, WorkflowOver):
        act = queries.act(act.id)
        if over(act):  # their signature was made while this page was
            return done(request, act)
        raise
    match stage_in(request, act):
        case Stage.APPLYING:
            return screen(request, act, "applying")
        case Stage.SIGN:
            return screen(request, act, "sign")
        case Stage.IDENTIFY:
            return identify(request, act, **said)
        case _:
            return read(request, act)


def stage_in(request: HttpRequest, act: Act) -> Stage:
    """What comes next for whoever sits at this browser."""
    deputy = deputy_in(request, act.lead)
    return queries.stage_of(act, held=held(request, act), deputy=deputy, at=timezone.now())


@of_act
@require_POST
def accept(request: HttpRequest, act: Act) -> HttpResponse:
    """The tick under the consent text; then a code is sent."""
    if "agreed" not in request.POST:
        return read(request, act, fault="agreed", status=422)
    language = request.POST.get("language", "en")
    shown = request.POST.get("shown", "")
    try:
        acts.accept(act, shown=shown, language=language, by=by(request), at=timezone.now())
    except DocumentsMissing as error:
        return read(request, act, missing=str(error), status=error.status)
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
        return identify(request, act, fault=str(error), status=error.status)
    hold(request, act, proof)
    return send_next(request, act)


@of_act
@require_POST
def answer(request: HttpRequest, act: Act) -> HttpResponse:
    try:
        proof = acts.answer(act, answer=request.POST.get("answer", ""), by=by(request), at=timezone.now())
    except ANSWER_FAULTS as error:
        return identify(request, act, fault=str(error), status=error.status)
    hold(request, act, proof)
    return send_next(request, act)


@of_act
@require_POST
def pick_up(request: HttpRequest, act: Act) -> HttpResponse:
    """Their identity document was looked at."""
    try:
        proof = acts.pick_up(act, by=by(request), at=timezone.now())
    except NotChecked as error:
        return identify(request, act, fault=str(error), status=error.status)
    hold(request, act, proof)
    return send_next(request, act)


@of_act
@require_POST
def sign(request: HttpRequest, act: Act) -> HttpResponse:
    comment = request.POST.get("comment", "").strip()[:LONGEST_REMARK]
    mark, proofs = request.POST.get("mark", ""), held(request, act)
    try:
        acts.sign(act, held=proofs, mark=mark, comment=comment, by=by(request), at=timezone.now())
    except BadMark as error:
        return screen(request, act, "sign", fault=str(error), status=error.status, comment=comment)
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
    if not may(act, "allow_refusal"):
        raise NotRefusable(_("In this step one cannot refuse."))
    reason = request.POST.get("reason", "").strip()[:LONGEST_REMARK]
    if request.method != "POST" or not reason:
        fault = "reason" if request.method == "POST" else ""
        return screen(request, act, "refuse", fault=fault, status=422 if fault else 200)
    acts.refuse(act, reason=reason, by=by(request), at=timezone.now())
    return redirect("signing", act.id)


@of_act
@require_safe
def leave(request: HttpRequest, act: Act) -> HttpResponse:
    """Back to the site that the signer came from, if it is still one of the organisation's own."""
    target = sites.check_return(act.lead.tenant_id, return_to(request, act))
    return HttpResponseRedirect(returns.address(act.lead, target, at=timezone.now()))


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
            return screen(request, act, "delegated", successor=successor, return_to="")
    return screen(request, act, "delegate", form=form, status=422 if request.method == "POST" else 200)


@of_recipient
@require_POST
def hand_over(request: HttpRequest, recipient: Recipient, requested_id: str) -> HttpResponse:
    """Take in a document that the signer was asked for."""
    act = Act(recipient.pk, (recipient,))
    attached, me, at = request.FILES.get("document"), by(request)(recipient), timezone.now()
    senders.check_turn(recipient.workflow, recipient.pk, at=at)
    if attached is None:
        return read(request, act, missing=_("Choose a file first."), status=422)
    try:
        part = documents.receive(recipient.tenant_id, attached, attached.name or "", taken_as=As.ANYTHING, by=me, at=at)
        senders.hand_over(recipient, requested_id, part, by=me, at=at)
    except (ParaphError, WrongKind) as error:
        return read(request, act, missing=str(error), status=422)
    return HttpResponseRedirect(f"{reverse('signing', args=[recipient.pk])}#asked")


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
]
