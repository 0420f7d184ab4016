"""With which certificates somebody signs in: the page of those who manage people. No decisions here."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from paraph_server.accounts import queries as accounts
from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.administration.actions import people
from paraph_server.administration.api import asked
from paraph_server.authentication import certificates
from paraph_server.authentication.guards import sensitive
from paraph_server.web.forms import explained


class CertificateForm(forms.Form):
    """A certificate, and how far it is trusted."""

    pem = forms.CharField(
        label=_("Certificate"),
        max_length=certificates.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("In PEM, from -----BEGIN CERTIFICATE----- on; never the private key."),
    )
    renewed = forms.BooleanField(
        label=_("Those that the same authority makes for the same holder later open the account as well"),
        required=False,
    )
    with_pin = forms.BooleanField(
        label=_("A PIN protects it, as on a smart card: it is two factors in one"), required=False
    )


@sensitive
@needs(Right.MANAGE_USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def list_certificates(request: HttpRequest, user_id: str) -> HttpResponse:
    """Somebody's certificates, and a form for one more."""
    person = accounts.colleague(caller(request), user_id)
    form = CertificateForm(request.POST or None)
    if form.is_valid():
        with explained(form):
            people.enrol_certificate(person, **form.cleaned_data, **asked(request))
        if not form.errors:
            return redirect("certificates", person.pk)
    context = {"form": form, "person": person, "listed": certificates.of(person)}
    return render(request, "administration/certificates.html", context, status=422 if form.errors else 200)


@sensitive
@needs(Right.MANAGE_USERS)
@require_POST
def remove(request: HttpRequest, user_id: str, certificate_id: str) -> HttpResponse:
    person = accounts.colleague(caller(request), user_id)
    people.remove_certificate(person, certificate_id, **asked(request))
    return redirect("certificates", person.pk)


urlpatterns = [
    path("people/<str:user_id>/certificates/", list_certificates, name="certificates"),
    path("people/<str:user_id>/certificates/<str:certificate_id>/remove", remove, name="remove-certificate"),
]
