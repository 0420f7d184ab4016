"""The administrator's page of trust service providers. No decisions here."""

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
from paraph_server.providers import actions, queries
from paraph_server.providers.actions import LONGEST, NewProvider
from paraph_server.providers.errors import BadProvider
from paraph_server.providers.exchange import CALLBACK

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


@needs(Right.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def list_providers(request: HttpRequest) -> HttpResponse:
    """Where signers can sign with a key that is kept for them, and a form for one more."""
    form = ProviderForm(request.POST or None)
    if form.is_valid():
        try:
            wanted = NewProvider(**form.cleaned_data)
            actions.register(caller(request).tenant_id, wanted, by=acting(request), at=timezone.now())
        except BadProvider as error:
            form.add_error(None, str(error))
        else:
            return redirect("signing-providers")
    listed = queries.of(caller(request).tenant_id)
    context = {"form": form, "listed": listed, "callback": options().public_url + CALLBACK}
    return render(request, "providers/providers.html", context, status=422 if form.errors else 200)


@needs(Right.ADMINISTER)
@require_POST
def remove(request: HttpRequest, provider_id: str) -> HttpResponse:
    actions.remove(queries.find(provider_id), by=acting(request), at=timezone.now())
    return redirect("signing-providers")


urlpatterns = [
    path("signing-providers/", list_providers, name="signing-providers"),
    path("signing-providers/<str:provider_id>/remove", remove, name="remove-signing-provider"),
]
