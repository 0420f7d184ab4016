"""The administration's pages, and everybody's own account. No decisions here."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procrastinate.contrib.django import app

from paraph_server.accounts import queries as accounts
from paraph_server.accounts import sign_in
from paraph_server.accounts.api import caller
from paraph_server.accounts.errors import TooManySignIns
from paraph_server.accounts.guards import needs
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.administration import passwords, queries
from paraph_server.administration.actions import delegations, groups, people, tokens
from paraph_server.administration.api import asked
from paraph_server.administration.errors import LinkUsed
from paraph_server.administration.forms import (
    AccountForm,
    DelegationForm,
    GroupForm,
    NewPasswordForm,
    PasswordForm,
    PersonForm,
    TokenForm,
)
from paraph_server.authentication import sessions
from paraph_server.authentication.guards import sensitive
from paraph_server.authentication.queries import has_factor
from paraph_server.config.options import options
from paraph_server.journal.actors import acting, actor
from paraph_server.web import address
from paraph_server.web.forms import explained

PER_PAGE = 20
SEND_LINK = "paraph_server.administration.tasks.send_link"
form_page = require_http_methods(["GET", "POST"])


def listed(request: HttpRequest, found: QuerySet[Any], template: str, **context: Any) -> HttpResponse:
    page: Page[Any] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, template, {"page": page, "text": request.GET.get("text", "").strip(), **context})


def shown(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


# ---------------------------------------------------------------- people


@needs(Right.MANAGE_USERS)
@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """Everybody of the organisation, by name."""
    text = request.GET.get("text", "").strip()
    found = accounts.colleagues(caller(request), text)
    return listed(request, found.order_by("last_name", "pk"), "administration/people.html")


@sensitive
@needs(Right.MANAGE_USERS)
@form_page
def invite(request: HttpRequest) -> HttpResponse:
    by = caller(request)
    form = PersonForm(request.POST or None, by=by, initial={"group": by.group_id})
    if form.is_valid():
        with explained(form):
            user = people.invite(people.NewUser(**form.profile()), **asked(request))
            _put_into(request, user, form)
        if not form.errors:
            return redirect("people")
    return shown(request, "administration/person.html", form)


@sensitive
@needs(Right.MANAGE_USERS)
@form_page
def person(request: HttpRequest, user_id: str) -> HttpResponse:
    """Change somebody."""
    by, user = caller(request), accounts.colleague(caller(request), user_id)
    further = [each.group for each in user.memberships.all()]
    facts = {name: getattr(user, name) for name in people.PROFILE} | {"further": further}
    form = PersonForm(request.POST or None, by=by, initial=facts)
    if form.is_valid():
        with explained(form):
            changes = {name: value for name, value in form.profile().items() if value != facts[name]}
            if changes:
                people.change(user, changes, **asked(request))
            _put_into(request, user, form)
        if not form.errors:
            return redirect("people")
    protected = has_factor(user) or user.links.exists() or user.certificates.exists()
    certificates = options().client_certificates
    context = {"person": user, "protected": protected, "certificates": certificates}
    return shown(request, "administration/person.html", form, **context)


def _put_into(request: HttpRequest, user: User, form: PersonForm) -> None:
    """Into the further groups that were ticked, and out of the others."""
    before = {each.group_id: each.group for each in user.memberships.all()}
    after = {each.pk: each for each in form.cleaned_data["further"] if each.pk != form.cleaned_data["group"].pk}
    for group_id in after.keys() - before.keys():
        groups.add(user, after[group_id], **asked(request))
    for group_id in before.keys() - after.keys():
        groups.take_out(user, before[group_id], **asked(request))


def _about(act: Callable[[HttpRequest, User], object]) -> Callable[..., HttpResponseBase]:
    """A button beside somebody's name."""

    @sensitive
    @needs(Right.MANAGE_USERS)
    @require_POST
    def pressed(request: HttpRequest, user_id: str) -> HttpResponse:
        act(request, accounts.colleague(caller(request), user_id))
        return redirect("people")

    return pressed


@_about
def switch(request: HttpRequest, user: User) -> None:
    """Disable or enable."""
    changes = {"is_active": "enable" in request.POST}
    people.change(user, changes, **asked(request))


@_about
def remove(request: HttpRequest, user: User) -> None:
    people.remove(user, **asked(request))


@_about
def invite_again(request: HttpRequest, user: User) -> None:
    people.invite_again(user, **asked(request))


@_about
def forget_factors(request: HttpRequest, user: User) -> None:
    """Their telephone is lost: their password opens the door again."""
    people.forget_factors(user, **asked(request))


# ---------------------------------------------------------------- groups


@needs(Right.ADMINISTER)
@require_safe
def list_groups(request: HttpRequest) -> HttpResponse:
    found = queries.groups(caller(request), request.GET.get("text", "").strip())
    return listed(request, found.order_by("name", "pk"), "administration/groups.html")


@sensitive
@needs(Right.ADMINISTER)
@form_page
def new_group(request: HttpRequest) -> HttpResponse:
    form = GroupForm(request.POST or None)
    if form.is_valid():
        with explained(form):
            groups.create(**form.facts(), **asked(request))
        if not form.errors:
            return redirect("groups")
    return shown(request, "administration/group.html", form)


@sensitive
@needs(Right.ADMINISTER)
@form_page
def group(request: HttpRequest, group_id: str) -> HttpResponse:
    """Change a group, or remove it."""
    found = queries.group(caller(request), group_id)
    facts = {"name": found.name, "rights": found.rights, "needs_second_factor": found.needs_second_factor}
    form = GroupForm(request.POST or None, initial=facts)
    if form.is_valid():
        with explained(form):
            if "remove" in request.POST:
                groups.remove(found, **asked(request))
            else:
                groups.change(found, **form.facts(), **asked(request))
        if not form.errors:
            return redirect("groups")
    members = accounts.members(found)
    context = {"group": found, "members": members.order_by("last_name", "pk")[:PER_PAGE], "total": members.count()}
    return shown(request, "administration/group.html", form, **context)


# ---------------------------------------------------------------- access tokens


@sensitive
@form_page
def list_tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one is shown this once."""
    by, written = caller(request), ""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        with explained(form):
            written = tokens.create(by, **form.cleaned_data, **asked(request))[1]
    form = form if form.errors else TokenForm()
    found = queries.tokens(by).order_by("-created_at", "pk")
    answer = listed(request, found, "administration/tokens.html", form=form, written=written)
    answer.status_code = 422 if form.errors else 200
    return answer


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: str) -> HttpResponse:
    by = caller(request)
    tokens.revoke(queries.token(by, token_id), **asked(request))
    return redirect("tokens")


# ---------------------------------------------------------------- delegations


@login_required
@require_safe
def list_delegations(request: HttpRequest) -> HttpResponse:
    """Those one gave and received; who manages people sees everybody's."""
    found = queries.all_delegations(caller(request)).order_by("-starts_at", "pk")
    return listed(request, found, "administration/delegations.html", now=timezone.now())


@sensitive
@form_page
def delegate(request: HttpRequest) -> HttpResponse:
    """Give one's own turns to somebody."""
    by = caller(request)
    form = DelegationForm(request.POST or None, by=by)
    if form.is_valid():
        with explained(form):
            terms = delegations.Terms(**form.cleaned_data)
            delegations.give(by, terms, **asked(request))
        if not form.errors:
            return redirect("delegations")
    return shown(request, "administration/delegate.html", form)


@login_required
@require_POST
def revoke_delegation(request: HttpRequest, delegation_id: str) -> HttpResponse:
    by = caller(request)
    delegations.revoke(queries.delegation(by, delegation_id), **asked(request))
    return redirect("delegations")


# ---------------------------------------------------------------- one's own account


@login_required
@form_page
def account(request: HttpRequest) -> HttpResponse:
    """One's number and language."""
    user = caller(request)
    form = AccountForm(request.POST or None, initial={"phone_number": user.phone_number, "locale": user.locale})
    if form.is_valid():
        with explained(form):
            people.change(user, form.cleaned_data, **asked(request))
        if not form.errors:
            return redirect("account")
    return shown(request, "administration/account.html", form, password=PasswordForm())


@login_required
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    user = caller(request)
    form = PasswordForm(request.POST)
    if form.is_valid():
        with explained(form):
            old, new = form.cleaned_data["old"], form.cleaned_data["password"]
            user = people.change_own_password(user, old=old, new=new, acting=acting(request), at=timezone.now())
        if not form.errors:
            sessions.outlive_password(request, user)
            return redirect("account")
    facts = AccountForm(initial={"phone_number": user.phone_number, "locale": user.locale})
    answer = shown(request, "administration/account.html", facts, password=form)
    answer.status_code = 422
    return answer


@form_page
def welcome(request: HttpRequest, user_id: str, token: str) -> HttpResponse:
    """The link in an invitation: choose a password, once."""
    return _choose_password(request, user_id, token, passwords.INVITED, "administration/welcome.html")


@form_page
def another_password(request: HttpRequest, user_id: str, token: str) -> HttpResponse:
    """The link for somebody who has forgotten theirs."""
    return _choose_password(request, user_id, token, passwords.FORGOTTEN, "administration/another_password.html")


@form_page
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for such a link; the answer is the same for every address."""
    email, fault, asked_for = request.POST.get("email", "").strip(), "", False
    status = 200
    if request.method == "POST":
        try:
            sign_in.note_question(address=address.of(request), at=timezone.now())
        except TooManySignIns as error:
            fault, status = str(error), error.status
        else:
            app.configure_task(SEND_LINK).defer(email=email[:254], address=address.of(request))
            asked_for = True
    context = {"email": email, "fault": fault, "asked_for": asked_for}
    return render(request, "administration/forgotten.html", context, status=status)


def _choose_password(
    request: HttpRequest, user_id: str, token: str, links: passwords.Links, template: str
) -> HttpResponse:
    with every_tenant():
        user = User.objects.filter(pk=user_id).select_related("tenant").first()
    if user is None or not links.good(user, token):
        raise LinkUsed(_("This link was used already, or is too old. Ask your administrator for another one."))
    form = NewPasswordForm(request.POST or None)
    with tenant_context(user.tenant_id):
        if form.is_valid():
            by = actor(request, user)
            with explained(form):
                chosen = form.cleaned_data["password"]
                people.choose_password(user, token, chosen, links=links, acting=by, at=timezone.now())
            if not form.errors:
                return HttpResponseRedirect("/sign-in/")
        return shown(request, template, form, person=user)


urlpatterns = [
    path("people/", list_people, name="people"),
    path("people/new/", invite, name="invite-person"),
    path("people/<str:user_id>/", person, name="person"),
    path("people/<str:user_id>/switch", switch, name="switch-person"),
    path("people/<str:user_id>/remove", remove, name="remove-person"),
    path("people/<str:user_id>/forget-factors", forget_factors, name="forget-factors"),
    path("people/<str:user_id>/invite", invite_again, name="invite-again"),
    path("groups/", list_groups, name="groups"),
    path("groups/new/", new_group, name="new-group"),
    path("groups/<str:group_id>/", group, name="group"),
    path("tokens/", list_tokens, name="tokens"),
    path("tokens/<str:token_id>/revoke", revoke_token, name="revoke-token"),
    path("delegations/", list_delegations, name="delegations"),
    path("delegations/new/", delegate, name="delegate"),
    path("delegations/<str:delegation_id>/revoke", revoke_delegation, name="revoke-delegation"),
    path("account/", account, name="account"),
    path("account/password", change_password, name="change-password"),
    path("welcome/<str:user_id>/<str:token>/", welcome, name="welcome"),
    path("password/", forgotten, name="forgotten-password"),
    path("password/<str:user_id>/<str:token>/", another_password, name="another-password"),
]
