"""The forms of the administration pages. What they want is judged by the actions, whose sentences they show."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from paraph_server.accounts import queries as accounts
from paraph_server.accounts.models import Group, User
from paraph_server.accounts.permissions import SCOPES
from paraph_server.accounts.rights import Right
from paraph_server.administration import queries

TELEPHONE = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "placeholder": "+33 6 39 98 01 02"})
MOMENT = "%Y-%m-%dT%H:%M"


class GroupChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Group) -> str:
        return obj.name


class GroupChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Group) -> str:
        return obj.name


class Lines(forms.CharField):
    """Several values, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


def _moment(label: Any, *, required: bool) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=required, widget=widget, input_formats=[MOMENT])


class NameForm(forms.Form):
    """Who somebody is, and how they are reached."""

    first_name = forms.CharField(label=_("First name"), max_length=60)
    last_name = forms.CharField(label=_("Last name"), max_length=60)
    email = forms.EmailField(label=_("E-mail address"))
    phone_number = forms.CharField(label=_("Mobile number"), max_length=30, required=False, widget=TELEPHONE)
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="fr")
    country = forms.RegexField(label=_("Country (two letters)"), regex=r"^[A-Za-z]{2}$", initial="FR")


class PersonForm(NameForm):
    """Everything that is said of somebody."""

    organization_titles = Lines(label=_("Titles, one per line"), required=False, max_length=2000)
    group = GroupChoice(label=_("Main group"), queryset=Group.objects.none(), empty_label=None)
    further = GroupChoices(
        label=_("Further groups"),
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("group", "further"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = queries.groups(by).order_by("name")

    def profile(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "further"}


class GroupForm(forms.Form):
    """A group, and what it may do."""

    name = forms.CharField(label=_("Name"), max_length=200)
    rights = forms.MultipleChoiceField(
        label=_("Rights"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(right.value, right.label) for right in Right],
    )
    needs_second_factor = forms.BooleanField(
        label=_("Members sign in with a second factor: a passkey or an authenticator app"), required=False
    )

    def facts(self) -> dict[str, Any]:
        return {("granted" if name == "rights" else name): value for name, value in self.cleaned_data.items()}


class TokenForm(forms.Form):
    """A token for a program."""

    name = forms.CharField(label=_("Name"), max_length=200)
    scopes = forms.MultipleChoiceField(
        label=_("Scopes (none: everything you may do)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope, scope) for scope in SCOPES],
    )
    ip_ranges = Lines(label=_("Networks, one per line (none: from everywhere)"), required=False, max_length=2000)
    expires_at = _moment(_("Expires"), required=False)


class DelegationForm(forms.Form):
    """Who stands in, when, and for what."""

    deputy = forms.EmailField(label=_("Deputy’s e-mail address"))
    starts_at = _moment(_("From"), required=True)
    ends_at = _moment(_("Until"), required=False)
    away = forms.BooleanField(label=_("I am away: tell my deputy of each turn"), required=False)
    may_sign = forms.BooleanField(label=_("May sign"), required=False, initial=True)
    may_approve = forms.BooleanField(label=_("May approve"), required=False, initial=True)
    filing_classes = Lines(label=_("Document classes, one per line (none: all)"), required=False, max_length=5000)
    max_amount = forms.DecimalField(
        label=_("Up to the amount of"), required=False, max_digits=18, decimal_places=2, min_value=0
    )
    currency = forms.CharField(label=_("Currency"), required=False, min_length=3, max_length=3, initial="EUR")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["starts_at"].initial = timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)

    def clean_deputy(self) -> User:
        address = str(self.cleaned_data["deputy"]).lower()
        found = accounts.colleagues(self.by).filter(email=address).first()
        if found is None:
            raise forms.ValidationError(_("Nobody of your organisation has this address."))
        return found


class AccountForm(forms.Form):
    """What somebody changes about themselves."""

    phone_number = forms.CharField(label=_("Mobile number"), max_length=30, required=False, widget=TELEPHONE)
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class NewPasswordForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        label=_("New password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 characters at least; a sentence is easier to remember than signs."),
    )
    again = forms.CharField(
        label=_("The same once more"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("These are two different passwords."))
        return cleaned


class PasswordForm(NewPasswordForm):
    """Another password, for who knows the present one."""

    old = forms.CharField(
        label=_("Present password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password", "again")


class ContactForm(NameForm):
    """Somebody outside the organisation."""

    is_shared = forms.BooleanField(label=_("Everybody in the organisation sees this contact"), required=False)


class ContactListForm(forms.Form):
    """A list of contacts."""

    file = forms.FileField(
        label=_("List (CSV)"),
        help_text=_(
            "The first line names the columns: first name, last name, e-mail address, and if you like mobile number, "
            "language, country."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    is_shared = forms.BooleanField(label=_("Everybody in the organisation sees these contacts"), required=False)
