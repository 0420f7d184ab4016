"""The forms of the pages: a template with its roles, and the facts for one workflow."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from paraph_server.templates.columns import Columns
from paraph_server.templates.filling import Fault
from paraph_server.templates.requests import TemplateStepIn
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.forms import LANGUAGES, MOST_PEOPLE, Files, Identification, Rows
from paraph_server.workflows.models import ConsentPage, Step

KINDS = [(Step.Kind.SIGNATURE.value, _("Signs")), (Step.Kind.APPROVAL.value, _("Approves"))]
ONE_BY_ONE, TOGETHER = "sequence", "parallel"


class TemplateForm(forms.Form):
    """What every workflow of a template has in common; its texts may have gaps."""

    name = forms.CharField(label=_("Name of the template"), max_length=200)
    workflow_name = forms.CharField(
        label=_("Title of the workflows"),
        max_length=200,
        help_text=_("Gaps are filled each time: {Employee.lastName}, or anything else, such as {reference}."),
    )
    message = forms.CharField(
        label=_("Message"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    documents = Files(label=_("Documents (PDF)"), validators=[FileExtensionValidator(["pdf"])], required=False)
    shared = forms.BooleanField(label=_("My whole group may use it"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[(ONE_BY_ONE, _("One after the other")), (TOGETHER, _("Everybody at the same time"))],
        initial=ONE_BY_ONE,
        widget=forms.RadioSelect,
    )


class RoleForm(forms.Form):
    """A role; with a name and an address, somebody who is always the same."""

    role = forms.CharField(label=_("Role"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("What they do"), choices=KINDS)
    consent_page = Identification(label=_("Identified by"), queryset=ConsentPage.objects.none(), empty_label=None)
    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone_number = forms.CharField(label=_("Mobile number"), max_length=30, required=False)
    locale = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)

    PERSON = ("first_name", "last_name", "email", "phone_number", "locale")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pages = self.fields["consent_page"]
        assert isinstance(pages, Identification)  # noqa: S101  declared above
        pages.queryset = workflows.consent_pages()

    @property
    def person(self) -> list[Any]:
        """The fields that a role does not need."""
        return [self[name] for name in self.PERSON]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("role") and not cleaned.get("email"):
            self.add_error("role", _("Name the role, or somebody who is always the same."))
        return cleaned


RoleRows = forms.formset_factory(
    RoleForm, formset=Rows, extra=0, min_num=1, validate_min=True, max_num=MOST_PEOPLE, absolute_max=MOST_PEOPLE
)


def steps(order: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the rows mean; people who act at the same time and do the same share a step."""
    people = [(each["kind"], _recipient(each)) for each in rows if each]
    alone = [(kind, [person]) for kind, person in people]
    together = [(kind, [person for _, person in some]) for kind, some in groupby(people, key=lambda each: each[0])]
    return [
        TemplateStepIn.model_validate({"stepType": kind, "recipients": some}).stored()
        for kind, some in (alone if order == ONE_BY_ONE else together)
    ]


def _recipient(row: Mapping[str, Any]) -> dict[str, Any]:
    page = {"consentPageId": row["consent_page"].pk}
    if row["role"]:
        return page | {"role": row["role"]}
    names = {"firstName": row["first_name"], "lastName": row["last_name"], "email": row["email"]}
    return page | names | {"phoneNumber": row["phone_number"], "preferredLocale": row["locale"]}


def rows(written: Iterable[Mapping[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The order and the rows that would mean these steps; whether they do, `steps` tells."""
    found = [(step, each) for step in written for each in step["recipients"]]
    order = TOGETHER if any(len(step["recipients"]) > 1 for step, _each in found) else ONE_BY_ONE
    return order, [
        {
            "role": each.get("role", ""),
            "kind": step["stepType"],
            "consent_page": each["consentPageId"],
            "first_name": each.get("firstName", ""),
            "last_name": each.get("lastName", ""),
            "email": each.get("email", ""),
            "phone_number": each.get("phoneNumber", ""),
            "locale": each.get("preferredLocale", "fr"),
        }
        for step, each in found
    ]


class FactsForm(forms.Form):
    """What a template wants to know for one workflow."""

    def __init__(self, columns: Columns, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns = list(columns)
        for place, column in enumerate(self._columns):
            if column.field == "preferredLocale":
                self.fields[f"c{place}"] = forms.ChoiceField(label=column.label, choices=LANGUAGES)
            elif column.required or column.field == "phoneNumber":
                self.fields[f"c{place}"] = forms.CharField(
                    label=column.label, max_length=1000, required=column.required, widget=_widget(column.field)
                )

    def row(self) -> dict[str, str]:
        """The facts by the columns' keys."""
        return {self._columns[int(name[1:])].key: value for name, value in self.cleaned_data.items()}

    def blame(self, faults: Iterable[Fault]) -> None:
        places = {column.label: f"c{place}" for place, column in enumerate(self._columns)}
        for fault in faults:
            self.add_error(places.get(fault.column), fault.text)


def _widget(field: str) -> forms.Widget:
    return {
        "email": forms.EmailInput(),
        "phoneNumber": forms.TextInput(attrs={"type": "tel", "placeholder": "+33 6 39 98 01 02"}),
    }.get(field, forms.TextInput())
