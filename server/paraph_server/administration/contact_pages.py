"""The pages of the address book. No decisions here."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from paraph_server.accounts import rights
from paraph_server.accounts.api import caller
from paraph_server.accounts.rights import Right
from paraph_server.administration import lists, queries
from paraph_server.administration.actions import contacts
from paraph_server.administration.api import asked
from paraph_server.administration.forms import ContactForm, ContactListForm
from paraph_server.administration.models import Contact
from paraph_server.administration.pages import form_page, listed, shown
from paraph_server.web.forms import explained


@login_required
@require_safe
def list_contacts(request: HttpRequest) -> HttpResponse:
    """One's own contacts, and those that others share, by name."""
    text = request.GET.get("text", "").strip()
    found = queries.contacts(caller(request), text).select_related("user").order_by("last_name", "pk")
    return listed(request, found, "administration/contacts.html")


@login_required
@form_page
def new_contact(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST or None)
    if form.is_valid():
        with explained(form):
            contacts.create(form.cleaned_data, **asked(request))
        if not form.errors:
            return redirect("contacts")
    return shown(request, "administration/contact.html", form)


@login_required
@form_page
def contact(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Change somebody; who may not only reads."""
    found = queries.contact(caller(request), contact_id)
    facts = {name: getattr(found, name) for name in contacts.FACTS}
    form = ContactForm(request.POST or None, initial=facts)
    if form.is_valid():
        with explained(form):
            contacts.change(found, form.cleaned_data, **asked(request))
        if not form.errors:
            return redirect("contacts")
    return shown(request, "administration/contact.html", form, contact=found, may_change=_may_change(request, found))


def _may_change(request: HttpRequest, found: Contact) -> bool:
    user = caller(request)
    return found.user_id == user.pk or rights.has(user, Right.MANAGE_USERS)


@login_required
@require_POST
def remove_contact(request: HttpRequest, contact_id: str) -> HttpResponse:
    contacts.remove(queries.contact(caller(request), contact_id), **asked(request))
    return redirect("contacts")


@login_required
@form_page
def import_contacts(request: HttpRequest) -> HttpResponse:
    """Take in a list; what could not be taken is said line by line."""
    form = ContactListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {}
    if form.is_valid():
        with explained(form):
            rows = lists.read(form.cleaned_data["file"].read(lists.LARGEST + 1))
            context["imported"] = contacts.take_in(rows, is_shared=form.cleaned_data["is_shared"], **asked(request))
    return shown(request, "administration/import_contacts.html", form, **context)


urlpatterns = [
    path("contacts/", list_contacts, name="contacts"),
    path("contacts/new/", new_contact, name="new-contact"),
    path("contacts/import/", import_contacts, name="import-contacts"),
    path("contacts/<str:contact_id>/", contact, name="contact"),
    path("contacts/<str:contact_id>/remove", remove_contact, name="remove-contact"),
]
