"""The counter's pages: find who stands there, look at their document, record it. No decisions here."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.authentication.guards import sensitive
from paraph_server.identification import papers
from paraph_server.identification.models import PaperKind
from paraph_server.identification.papers import NewPaper
from paraph_server.journal.actors import acting
from paraph_server.signing import checks
from paraph_server.web.errors import PlatformError

PER_PAGE = 20


class PaperForm(forms.Form):
    """What an operator sees on the document."""

    kind = forms.ChoiceField(label=_("Identity document"), choices=PaperKind.choices)
    country = forms.CharField(label=_("Country (two letters)"), min_length=2, max_length=2, initial="FR")
    number_end = forms.CharField(
        label=_("Last characters of its number"),
        max_length=4,
        help_text=_("Two to four of them. The whole number is not kept."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    expires_on = forms.DateField(
        label=_("Expires on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    names_match = forms.BooleanField(
        label=_("The document is genuine as far as I can see, shows this person, and bears this name"), required=False
    )


@needs(Right.CHECK_IDENTITIES)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("text", "").strip()[:200]
    page = Paginator(checks.waiting(caller(request), text), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "signing/identities.html", {"page": page, "text": text})


@sensitive
@needs(Right.CHECK_IDENTITIES)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, recipient_id: str) -> HttpResponse:
    """One person at the counter."""
    by, at = caller(request), timezone.now()
    recipient = checks.find(by, recipient_id)
    form = PaperForm(request.POST or None)
    if form.is_valid():
        try:
            checks.check(recipient, NewPaper(**form.cleaned_data), by=by, acting=acting(request), at=at)
        except PlatformError as error:
            form.add_error(None, str(error))
        else:
            return redirect("identity", recipient.pk)
    paper = papers.shown(recipient.pk, recipient.name, at=at)
    context = {"recipient": recipient, "form": form, "paper": paper}
    return render(request, "signing/identity.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("identities/", waiting, name="identities"),
    path("identities/<str:recipient_id>/", check, name="identity"),
]
