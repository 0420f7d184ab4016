"""The administrator's pages of trust service providers. No decisions here."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from paraph.keys.csc import Version

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.config.options import options
from paraph_server.journal.actors import acting
from paraph_server.providers import actions, connection, queries
from paraph_server.providers.actions import LONGEST, NewProvider
from paraph_server.providers.exchange import CALLBACK
from paraph_server.providers.models import Provider
from paraph_server.web.forms import explained

VERSIONS = [(str(Version.V2), _("CSC API, version 2")), (str(Version.V1), _("CSC API, version 1"))]


class ProviderForm(forms.Form):
    """A provider, as its contract says."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST["name"], help_text=_("What signers know it by."))
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST["address"],
        help_text=_("Of its API, as far as /csc/ goes: https://sign.example.org"),
    )
    version = forms.TypedChoiceField(label=_("Interface"), choices=VERSIONS, coerce=Version)
    client_id = forms.CharField(label=_("Client identifier"), max_length=LONGEST["client_id"])
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=LONGEST["secret"],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted, and never shown again."),
    )


class KnownProviderForm(ProviderForm):
    """The same of one that is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = False
        self.fields["secret"].help_text = _(
            "Leave it empty to keep the one that is known; another address needs it anew."
        )


@needs(Right.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def list_providers(request: HttpRequest) -> HttpResponse:
    """Where signers can sign with a key that is kept for them, and a form for one more."""
    form = ProviderForm(request.POST or None)
    if form.is_valid():
        with explained(form):
            wanted = NewProvider(**form.cleaned_data)
            actions.register(caller(request).tenant_id, wanted, by=acting(request), at=timezone.now())
        if not form.errors:
            return redirect("signing-providers")
    listed = queries.of(caller(request).tenant_id)
    context = {"form": form, "listed": listed, "callback": options().public_url + CALLBACK}
    return render(request, "providers/providers.html", context, status=422 if form.errors else 200)


@needs(Right.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Change what is known of one, or try the connection."""
    found = queries.find(provider_id)
    form = KnownProviderForm(request.POST or None, initial=asdict(actions.known(found)))
    if form.is_valid():
        with explained(form):
            actions.change(found, NewProvider(**form.cleaned_data), by=acting(request), at=timezone.now())
        if not form.errors:
            return redirect("signing-provider", provider_id)
    return _shown(request, found, form)


@needs(Right.ADMINISTER)
@require_POST
def look(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What came of trying the connection, with what is known at present."""
    found = queries.find(provider_id)
    form = KnownProviderForm(initial=asdict(actions.known(found)))
    return _shown(request, found, form, findings=connection.look(found))


def _shown(request: HttpRequest, found: Provider, form: KnownProviderForm, **more: object) -> HttpResponse:
    context = {"form": form, "provider": found, "callback": options().public_url + CALLBACK, **more}
    return render(request, "providers/provider.html", context, status=422 if form.errors else 200)


@needs(Right.ADMINISTER)
@require_POST
def allow(request: HttpRequest, provider_id: str) -> HttpResponse:
    allowed = "allowed" in request.POST
    actions.allow(queries.find(provider_id), allowed=allowed, by=acting(request), at=timezone.now())
    return redirect("signing-provider", provider_id)


@needs(Right.ADMINISTER)
@require_POST
def remove(request: HttpRequest, provider_id: str) -> HttpResponse:
    actions.remove(queries.find(provider_id), by=acting(request), at=timezone.now())
    return redirect("signing-providers")


urlpatterns = [
    path("signing-providers/", list_providers, name="signing-providers"),
    path("signing-providers/<str:provider_id>/", provider, name="signing-provider"),
    path("signing-providers/<str:provider_id>/try", look, name="try-signing-provider"),
    path("signing-providers/<str:provider_id>/allow", allow, name="allow-signing-provider"),
    path("signing-providers/<str:provider_id>/remove", remove, name="remove-signing-provider"),
]
