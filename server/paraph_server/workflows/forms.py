"""The form that sends a workflow: its title, its files, and its people in rows."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from paraph.evidence import Means, SignatureLevel

from paraph_server.identification import addresses, shared_secrets
from paraph_server.policies.levels import TEXTS
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import queries
from paraph_server.workflows.models import ConsentPage

MOST_PEOPLE = 20
MOST_FILES = 20
LANGUAGES = [("fr", _("French")), ("en", _("English"))]


class Files(forms.FileField):
    """One or several files at once."""

    class Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = Input(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data]
        if len(chosen) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most %(most)d files."), params={"most": MOST_FILES})
        return [super(Files, self).clean(each, initial) for each in chosen]


class ByLevel(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]  # generic in the stubs only
    """Consent pages under the level that each reaches, the lowest first."""

    def __iter__(self) -> Iterator[tuple[str, list[tuple[Any, Any]]]]:  # type: ignore[override]  # groups, as Django has
        order = list(SignatureLevel)
        pages = sorted(self.queryset, key=lambda each: order.index(SignatureLevel(each.level)))
        for level, reaching in groupby(pages, key=lambda each: SignatureLevel(each.level)):
            yield str(TEXTS[level].title), [self.choice(each) for each in reaching]


class Identification(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """How somebody is identified, in the sender's words."""

    iterator = ByLevel

    def label_from_instance(self, obj: ConsentPage) -> str:
        return obj.called


class WorkflowForm(forms.Form):
    """What is signed, and in which order."""

    name = forms.CharField(label=_("Title"), max_length=200)
    message = forms.CharField(
        label=_("Message"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    documents = Files(label=_("Documents"), help_text=_("PDF, office files and pictures; these become PDFs."))
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("sequence", _("One after the other")), ("parallel", _("Everybody at the same time"))],
        initial="sequence",
        widget=forms.RadioSelect,
    )


class PersonForm(forms.Form):
    """Somebody, and where they are reached."""

    first_name = forms.CharField(label=_("First name"), max_length=60)
    last_name = forms.CharField(label=_("Last name"), max_length=60)
    email = forms.EmailField(label=_("E-mail address"))
    phone_number = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "placeholder": "+33 6 39 98 01 02"}),
    )

    def clean_phone_number(self) -> str:
        number = str(self.cleaned_data["phone_number"])
        try:
            return addresses.phone_number(number) if number else ""
        except PlatformError as error:
            raise forms.ValidationError(str(error)) from None


class RecipientForm(PersonForm):
    """Somebody who signs."""

    consent_page = Identification(label=_("Identified by"), queryset=ConsentPage.objects.none(), empty_label=None)
    locale = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    question = forms.CharField(
        label=_("Question that only they can answer"), max_length=shared_secrets.LONGEST_QUESTION, required=False
    )
    answer = forms.CharField(
        label=_("Its answer"),
        max_length=shared_secrets.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pages = self.fields["consent_page"]
        assert isinstance(pages, Identification)  # noqa: S101  declared above
        pages.queryset = queries.consent_pages()
        if not any(Means.SECRET in each.asked for each in pages.queryset):
            del self.fields["question"], self.fields["answer"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        page = cleaned.get("consent_page")
        if page is not None and page.by_phone and not cleaned.get("phone_number") and "phone_number" not in self.errors:
            self.add_error("phone_number", _("Needed to send the code by SMS."))
        if page is not None and Means.SECRET in page.asked:
            for name in ("question", "answer"):
                if not cleaned.get(name):
                    self.add_error(name, _("Needed for the shared secret."))
        return cleaned

    def person(self) -> dict[str, Any]:
        """What `NewRecipient` is made of."""
        facts = dict(self.cleaned_data)
        question, answer = facts.pop("question", ""), facts.pop("answer", "")
        return facts | {"secret": shared_secrets.NewSecret(question, answer) if question else None}


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """At least one person; empty rows do not count."""

    use_required_attribute: ClassVar[bool] = False


RecipientRows = forms.formset_factory(
    RecipientForm, formset=Rows, extra=0, min_num=1, validate_min=True, max_num=MOST_PEOPLE, absolute_max=MOST_PEOPLE
)
