"""The pages on which an organisation decides how its signers are identified, and what they accept."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from paraph.evidence import Means, SignatureLevel

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.identification.means import WORDS
from paraph_server.identification.offers import offered
from paraph_server.journal.actors import acting
from paraph_server.workflows import actions, queries
from paraph_server.workflows.errors import BadConsentPage

LEVELS = {
    SignatureLevel.SIMPLE: _("Simple"),
    SignatureLevel.ADVANCED: _("Advanced (eIDAS, article 26)"),
    SignatureLevel.QUALIFIED: _("Qualified (eIDAS, article 3)"),
    SignatureLevel.RGS_1: _("RGS *"),
    SignatureLevel.RGS_2: _("RGS **"),
    SignatureLevel.RGS_3: _("RGS ***"),
}
USUAL = _("Left empty: the usual text for this level, which says what the law makes of it.")


def _text(label: Any, **options: Any) -> forms.CharField:
    tall = forms.Textarea(attrs={"rows": 8})
    return forms.CharField(label=label, max_length=actions.LONGEST_TEXT, widget=tall, **options)


class TextForm(forms.Form):
    """A name, and what signers accept, in both languages."""

    name = forms.CharField(label=_("Name"), max_length=100)
    text_fr = _text(_("Text in French"))
    text_en = _text(_("Text in English"))


class ConsentPageForm(TextForm):
    """A new page, with what cannot be changed afterwards."""

    means = forms.MultipleChoiceField(
        label=_("Signers are identified by"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(each.value, WORDS[each]) for each in offered()],
    )
    level = forms.ChoiceField(
        label=_("Level of signature"),
        required=False,
        choices=[("", _("The highest that these means reach")), *LEVELS.items()],
    )
    text_fr = _text(_("Text in French"), required=False, help_text=USUAL)
    text_en = _text(_("Text in English"), required=False, help_text=USUAL)
    field_order = ("name", "means", "level", "text_fr", "text_en")


@needs(Right.TEMPLATES)
@require_safe
def consent_pages(request: HttpRequest) -> HttpResponse:
    shown = [(each, LEVELS[SignatureLevel(each.level)]) for each in queries.consent_pages()]
    return render(request, "workflows/consent_pages.html", {"shown": shown})


@needs(Right.TEMPLATES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = ConsentPageForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        level = SignatureLevel(said["level"]) if said["level"] else None
        means = [Means(each) for each in said["means"]]
        wanted = actions.NewConsentPage(said["name"], means, said["text_en"], said["text_fr"], level=level)
        try:
            actions.create_page(wanted, owner=caller(request), by=acting(request), at=timezone.now())
        except BadConsentPage as error:
            form.add_error(None, str(error))
        else:
            return redirect("consent-pages")
    return _form(request, form)


@needs(Right.TEMPLATES)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, page_id: str) -> HttpResponse:
    """Put a text better, or offer the page no longer."""
    page = queries.consent_page(page_id)
    form = TextForm(request.POST or None, initial={name: getattr(page, name) for name in TextForm.base_fields})
    try:
        if "withdraw" in request.POST:
            actions.withdraw_page(page, by=acting(request), at=timezone.now())
            return redirect("consent-pages")
        if form.is_valid():
            actions.change_page(page, **form.cleaned_data, by=acting(request), at=timezone.now())
            return redirect("consent-pages")
    except BadConsentPage as error:
        form.add_error(None, str(error))
    level = LEVELS[SignatureLevel(page.level)]
    return _form(request, form, page=page, level=level, texts=page.texts.all())


def _form(request: HttpRequest, form: forms.Form, **context: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "workflows/consent_page.html", {"form": form, **context}, status=status)


urlpatterns = [
    path("consent-pages/", consent_pages, name="consent-pages"),
    path("consent-pages/new", new, name="new-consent-page"),
    path("consent-pages/<str:page_id>", change, name="consent-page"),
]
