"""The administrator's page of identity providers, and the keys that those encrypt for. No decisions here."""

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from paraph.evidence import Means
from paraph.evidence.level import Assurance

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.accounts.tenancy import every_tenant
from paraph_server.identification import providers
from paraph_server.identification.api import shape
from paraph_server.identification.means import WORDS
from paraph_server.identification.openid.kinds import RULES
from paraph_server.identification.providers import NewProvider
from paraph_server.journal.actors import acting
from paraph_server.web.forms import explained

WORTH = [(Assurance.NONE, _("nothing")), (Assurance.LOW, _("low")), (Assurance.SUBSTANTIAL, _("substantial"))]


class ProviderForm(forms.Form):
    """A provider, as its own registration says."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(str(each), WORDS[each]) for each in RULES])
    client_id = forms.CharField(label=_("Client identifier"), max_length=200)
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted, and never shown again."),
    )
    issuer = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_("Known for FranceConnect and ProConnect; needed for their test environments, and for any other."),
    )
    name = forms.CharField(label=_("Name"), max_length=60, required=False, help_text=_("What signers know it by."))
    acr = forms.CharField(
        label=_("Assurance that is asked for"),
        max_length=100,
        required=False,
        help_text=_("Values of acr, such as eidas2."),
    )
    assurance = forms.TypedChoiceField(
        label=_("What its word is worth"),
        choices=WORTH,
        coerce=lambda value: Assurance(int(value)),
        help_text=_("Where its acr does not say: how surely it knows its people’s civil names."),
    )

    def wanted(self) -> NewProvider:
        return NewProvider(**self.cleaned_data | {"kind": Means(self.cleaned_data["kind"])})


@needs(Right.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def list_providers(request: HttpRequest) -> HttpResponse:
    """By whom signers' identity can be vouched for, and a form for one more."""
    form = ProviderForm(request.POST or None)
    if form.is_valid():
        with explained(form):
            providers.register(caller(request).tenant_id, form.wanted(), by=acting(request), at=timezone.now())
        if not form.errors:
            return redirect("identity-providers")
    listed = [shape(each) for each in providers.of(caller(request).tenant_id)]
    context = {"form": form, "listed": [{**each, "words": WORDS[each["kind"]]} for each in listed]}
    return render(request, "identification/providers.html", context, status=422 if form.errors else 200)


@needs(Right.ADMINISTER)
@require_POST
def remove(request: HttpRequest, provider_id: str) -> HttpResponse:
    providers.remove(providers.find(provider_id), by=acting(request), at=timezone.now())
    return redirect("identity-providers")


@require_GET
def keys(request: HttpRequest, provider_id: str) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """What a provider encrypts for: public, whoever's it is."""
    with every_tenant():
        return JsonResponse(providers.published_keys(providers.find(provider_id)))


urlpatterns = [
    path("identity-providers/", list_providers, name="identity-providers"),
    path("identity-providers/<str:provider_id>/remove", remove, name="remove-identity-provider"),
    path("openid/<str:provider_id>/keys", keys, name="openid-keys"),
]
