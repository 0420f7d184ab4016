"""The administrator's pages of the directories that the organisation's people sign in with. No decisions here."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from paraph.evidence import Means

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.models import Group
from paraph_server.accounts.rights import Right
from paraph_server.authentication import directories
from paraph_server.authentication.directories import KINDS, LONGEST, Terms
from paraph_server.authentication.guards import sensitive
from paraph_server.identification.openid.kinds import RULES
from paraph_server.journal.actors import acting
from paraph_server.web.forms import explained

form_page = require_http_methods(["GET", "HEAD", "POST"])


class GroupChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Group) -> str:
        return obj.name


class TermsForm(forms.Form):
    """What an administrator may decide otherwise later."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST["name"], help_text=_("What your people know it by."))
    domains = forms.CharField(
        label=_("Domains of your people’s e-mail addresses"),
        max_length=2000,
        help_text=_("Such as example.org; several with spaces between."),
    )
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=LONGEST["secret"],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted, and never shown again."),
    )
    strong_values = forms.CharField(
        label=_("Values of amr or acr that stand for a second factor"),
        max_length=LONGEST["strong_values"],
        required=False,
        help_text=_("Such as mfa. Empty: who needs a second factor shows one here."),
    )
    group = GroupChoice(
        label=_("Who has no account yet"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=_("is not let in"),
        help_text=_("An account is made for them at their first sign-in, in this group."),
    )
    alone = forms.BooleanField(
        label=_("They sign in here only: no password and no passkey of the platform opens their account"),
        required=False,
    )

    def __init__(self, *args: Any, tenant_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        groups = Group.objects.filter(tenant=tenant_id).exclude(rights__contains=[Right.ADMINISTER])
        field.queryset = groups.order_by("name")

    def terms(self) -> Terms:
        given = {name: self.cleaned_data[name] for name in ("name", "secret", "strong_values", "group", "alone")}
        return Terms(domains=self.cleaned_data["domains"].replace(",", " ").split(), **given)


class ChangeForm(TermsForm):
    """The secret may stay."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = False
        self.fields["secret"].help_text = _("Empty: it stays the same.")


class DirectoryForm(TermsForm):
    """A directory, as its own registration says."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(str(each), RULES[each].name) for each in KINDS], initial=Means.OIDC
    )
    issuer = forms.CharField(
        label=_("Address"),
        max_length=LONGEST["issuer"],
        required=False,
        help_text=_("Its issuer, such as https://login.microsoftonline.com/…/v2.0 or https://accounts.google.com"),
    )
    client_id = forms.CharField(label=_("Client identifier"), max_length=LONGEST["client_id"])
    field_order = ("kind", "name", "issuer", "client_id", "secret", "domains")


@sensitive
@needs(Right.ADMINISTER)
@form_page
def list_directories(request: HttpRequest) -> HttpResponse:
    """Where the organisation's people sign in, and a form for one more."""
    tenant_id = caller(request).tenant_id
    form = DirectoryForm(request.POST or None, tenant_id=tenant_id)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("issuer", "client_id")}
        with explained(form):
            directories.register(
                tenant_id,
                form.terms(),
                kind=Means(form.cleaned_data["kind"]),
                **facts,
                by=acting(request),
                at=timezone.now(),
            )
        if not form.errors:
            return redirect("directories")
    context = {
        "form": form,
        "listed": directories.of(tenant_id),
        "callback": directories.callback(tenant_id),
        "farewell": directories.farewell(),
    }
    return render(request, "authentication/directories.html", context, status=422 if form.errors else 200)


@sensitive
@needs(Right.ADMINISTER)
@form_page
def directory(request: HttpRequest, directory_id: str) -> HttpResponse:
    """Change what was decided about one, or remove it."""
    found, at = directories.find(directory_id), timezone.now()
    facts = {name: getattr(found, name) for name in ("name", "strong_values", "group", "alone")}
    facts["domains"] = " ".join(directories.domains(found))
    form = ChangeForm(request.POST or None, tenant_id=found.tenant_id, initial=facts)
    if "remove" in request.POST:
        directories.remove(found, by=acting(request), at=at)
        return redirect("directories")
    if form.is_valid():
        with explained(form):
            directories.change(found, form.terms(), by=acting(request), at=at)
        if not form.errors:
            return redirect("directories")
    context = {"form": form, "directory": found}
    return render(request, "authentication/directory.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("directories/", list_directories, name="directories"),
    path("directories/<str:directory_id>/", directory, name="directory"),
]
