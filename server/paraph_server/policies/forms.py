"""The forms of the policy's pages and of the adviser, and the facts that a sender is asked for."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from paraph.evidence import Means, SignatureLevel
from paraph.evidence.level import Assurance

from paraph_server.identification.means import WORDS as MEANS
from paraph_server.policies.actions import LONGEST_NAME
from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person
from paraph_server.policies.queries import in_force
from paraph_server.policies.rules import Condition, Example, Requirements, Rule, Table
from paraph_server.policies.starters import STARTERS
from paraph_server.policies.words import ASSURANCES, COUNTERPARTIES, KINDS, LEVELS, PERSONS

Choices = list[tuple[str, str | Promise]]
YES, NO = "yes", "no"


def _unless_known(known: dict[Any, Any], otherwise: str | Promise) -> Choices:
    return [("", otherwise), *((str(key), label) for key, label in known.items())]


def _yes_or_no(label: Any) -> forms.ChoiceField:
    choices = [("", _("Not known")), (YES, _("Yes")), (NO, _("No"))]
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=18, decimal_places=2, min_value=0)


def _currency() -> forms.RegexField:
    return forms.RegexField(label=_("Currency"), regex=r"^[A-Za-z]{3}$", initial="EUR")


def _filing_class() -> forms.CharField:
    return forms.CharField(label=_("Class of the filing plan, such as RH/Contrats"), required=False, max_length=200)


class FactsForm(forms.Form):
    """What is known of a workflow. What is left open counts as the riskier value."""

    document_kind = forms.ChoiceField(
        label=_("What is signed?"), choices=_unless_known(KINDS, _("Not known")), required=False
    )
    filing_class = _filing_class()
    amount = _amount(_("What does it commit to? (0: no payment)"))
    currency = _currency()
    counterparty = forms.ChoiceField(
        label=_("Do you know who signs?"), choices=_unless_known(COUNTERPARTIES, _("Not known")), required=False
    )
    person = forms.ChoiceField(
        label=_("For whom do they sign?"), choices=_unless_known(PERSONS, _("Not known")), required=False
    )
    cross_border = _yes_or_no(_("Does somebody sign in another country?"))
    regulated_act = _yes_or_no(_("Does a text say in which form it is signed?"))
    signers = forms.IntegerField(label=_("How many people sign?"), required=False, min_value=1, max_value=10_000)

    def only(self, names: Iterable[str]) -> "FactsForm":
        """The same form without the other questions."""
        kept = set(names)
        for name in [each for each in self.fields if each in FACTS and each not in kept]:
            del self.fields[name]
        return self

    def facts(self) -> Facts:
        """What was answered."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        kind, counterparty, person = said.get("document_kind"), said.get("counterparty"), said.get("person")
        return Facts(
            filing_class=said.get("filing_class", ""),
            document_kind=DocumentKind(kind) if kind else None,
            amount=said.get("amount"),
            currency=said.get("currency", "").upper(),
            counterparty=Counterparty(counterparty) if counterparty else None,
            person=Person(person) if person else None,
            cross_border=_known(said.get("cross_border")),
            regulated_act=_known(said.get("regulated_act")),
            signers=said.get("signers"),
        )


FACTS = {each.name for each in fields(Facts)}
ADVISED = FACTS - {"filing_class", "signers"}


def _known(answer: str | None) -> bool | None:
    return None if answer is None else answer == YES


def initial(found: Facts) -> dict[str, Any]:
    """The answers that mean these facts."""
    answers = {each.name: getattr(found, each.name) for each in fields(Facts)}
    spelt = {True: YES, False: NO, None: ""}
    for name in ("cross_border", "regulated_act"):
        answers[name] = spelt[answers[name]]
    return {name: value for name, value in answers.items() if value not in (None, "")}


class SenderForm(FactsForm):
    """What a policy wants to know of a workflow beside what stands in it anyway; `known` is known before."""

    def __init__(self, table: Table, data: Any, *, known: Facts) -> None:
        super().__init__(data, initial=initial(known), prefix="facts")
        self._known = known
        self.only(answers(table))

    @classmethod
    def of(cls, tenant_id: str, data: Any, *, known: Facts, at: datetime) -> "SenderForm | None":
        """The questions of an organisation's policy, if it has one that has any."""
        policy = in_force(tenant_id, at)
        form = cls(policy.table, data, known=known) if policy else None
        return form if form and form.fields else None

    def facts(self) -> Facts:
        """What is known now: what was answered, and what was not asked."""
        said = super().facts()
        return replace(self._known, **{name: getattr(said, name) for name in self.fields})

    def strict(self) -> Facts:
        """The same; where nobody asks for the signers' countries, what is not known counts as another one."""
        said = self.facts()
        return replace(said, cross_border=True) if "cross_border" in self.fields and said.cross_border is None else said


ANSWERED = {
    "document_kind": ("document_kind",),
    "filing_class": ("filing_class",),
    "amount_from": ("amount", "currency"),
    "unknown_counterparty": ("counterparty",),
    "person": ("person",),
    "cross_border": ("cross_border",),
    "regulated_act": ("regulated_act",),
}
"""Which facts a sender is asked for by a condition."""


def answers(table: Table) -> set[str]:
    """The facts that a policy asks a sender for."""
    asked = table.asks_about()
    return {fact for condition, facts in ANSWERED.items() if condition in asked for fact in facts}


class AdviserForm(FactsForm):
    """The questionnaire."""

    public_body = forms.BooleanField(label=_("An administration signs, or is signed to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only(ADVISED)


class ExampleForm(FactsForm):
    """Facts, and what the policy must say of them."""

    level = forms.ChoiceField(label=_("Least level"), choices=[(str(each), LEVELS[each]) for each in LEVELS])
    revision = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("document_kind", "filing_class", "amount", "currency", "counterparty", "person")

    def example(self) -> Example:
        return Example(self.facts(), SignatureLevel(self.cleaned_data["level"]))


class RuleForm(forms.Form):
    """A row of the table."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("Senders read it when the rule refuses something.")
    )
    document_kind = forms.ChoiceField(
        label=_("What is signed"), choices=_unless_known(KINDS, _("Anything")), required=False
    )
    filing_class = _filing_class()
    amount_from = _amount(_("From this amount on"))
    currency = _currency()
    person = forms.ChoiceField(label=_("For whom"), choices=_unless_known(PERSONS, _("Anybody")), required=False)
    signers_from = forms.IntegerField(
        label=_("From this number of signers on"), required=False, min_value=1, max_value=10_000
    )
    unknown_counterparty = forms.BooleanField(label=_("We do not know who signs"), required=False)
    cross_border = forms.BooleanField(label=_("Somebody signs in another country"), required=False)
    regulated_act = forms.BooleanField(label=_("A text says in which form it is signed"), required=False)

    level = forms.ChoiceField(label=_("Least level"), choices=[(str(each), LEVELS[each]) for each in LEVELS])
    assurance = forms.TypedChoiceField(
        label=_("Assurance of the identity, at least"),
        choices=[(str(int(each)), ASSURANCES[each]) for each in Assurance],
        coerce=lambda value: Assurance(int(value)),
    )
    means = forms.MultipleChoiceField(
        label=_("Ways to identify oneself, all of them"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(each), MEANS[each]) for each in Means],
    )
    time_stamp = forms.BooleanField(label=_("Time-stamp"), required=False, initial=True)
    evidence = forms.BooleanField(label=_("Evidence file"), required=False, initial=True)
    archive_years = forms.IntegerField(
        label=_("Years that it is kept after what was agreed has ended"), min_value=0, max_value=100, initial=0
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def conditions(self) -> list[Any]:
        return [self[name] for name in self.fields if name in Condition.__dataclass_fields__]

    @property
    def asked(self) -> list[Any]:
        return [self[name] for name in ("level", *Requirements.__dataclass_fields__) if name in self.fields]

    def rule(self) -> Rule:
        said = self.cleaned_data
        kind, person = said["document_kind"], said["person"]
        condition = Condition(
            filing_class=said["filing_class"],
            document_kind=DocumentKind(kind) if kind else None,
            amount_from=said["amount_from"],
            currency=said["currency"].upper() if said["amount_from"] is not None else "",
            unknown_counterparty=said["unknown_counterparty"],
            person=Person(person) if person else None,
            cross_border=said["cross_border"],
            regulated_act=said["regulated_act"],
            signers_from=said["signers_from"],
        )
        requirements = Requirements(
            levels=(SignatureLevel(said["level"]),),
            assurance=said["assurance"],
            means=tuple(Means(each) for each in said["means"]),
            time_stamp=said["time_stamp"],
            evidence=said["evidence"],
            archive_years=said["archive_years"],
        )
        return Rule(said["name"].strip(), condition, requirements)

    @staticmethod
    def of(rule: Rule) -> dict[str, Any]:
        """What the form shows of a rule."""
        asked = rule.requirements
        shown = {name: getattr(rule.condition, name) for name in Condition.__dataclass_fields__}
        shown |= {name: getattr(asked, name) for name in Requirements.__dataclass_fields__ if name != "levels"}
        shown["currency"] = shown["currency"] or "EUR"
        return shown | {"name": rule.name, "level": asked.levels[0], "assurance": int(asked.assurance)}


class BeginForm(forms.Form):
    """What a new draft starts from."""

    source = forms.ChoiceField(
        label=_("Start from"),
        widget=forms.RadioSelect,
        choices=lambda: [
            ("present", _("The policy in force; an empty table where there is none")),
            *((each.id, each.title) for each in STARTERS),
        ],
        initial="present",
    )


class CountryForm(forms.Form):
    """Where the organisation is."""

    country = forms.RegexField(label=_("Country (two letters)"), regex=r"^[A-Za-z]{2}$")
    revision = forms.IntegerField(widget=forms.HiddenInput)


class EnforceForm(forms.Form):
    """From when on."""

    since = forms.DateTimeField(
        label=_("From (empty: at once)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
