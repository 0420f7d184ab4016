"""What a template wants to know for each workflow: the columns of a spreadsheet.

A column is called by its key, `employee.lastName`, or by its label in any of our languages, `Salarié : nom`; capitals,
accents, blanks and punctuation do not matter.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paraph_server.policies.shapes import SPELT
from paraph_server.templates import patterns
from paraph_server.templates.content import Content
from paraph_server.templates.errors import BadTemplate

PERSON = {
    "lastName": gettext_lazy("last name"),
    "firstName": gettext_lazy("first name"),
    "email": gettext_lazy("e-mail address"),
    "phoneNumber": gettext_lazy("mobile number"),
    "preferredLocale": gettext_lazy("language"),
    "country": gettext_lazy("country"),
}
RISKS = {
    "document_kind": gettext_lazy("what is signed"),
    "filing_class": gettext_lazy("class of the filing plan"),
    "amount": gettext_lazy("amount"),
    "currency": gettext_lazy("currency"),
    "counterparty": gettext_lazy("signer known"),
    "person": gettext_lazy("for whom they sign"),
    "cross_border": gettext_lazy("signs abroad"),
    "regulated_act": gettext_lazy("form prescribed"),
}
"""What a row may say for the signature policy, in the order in which it is asked."""
FULL_NAME = "name"
"""What can be written into a text and needs no column: the first and the last name."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One fact: about the person in a role, for the signature policy, or to fill a gap with."""

    key: str
    role: str = ""
    field: str = ""
    required: bool = True
    risk: str = ""

    @property
    def label(self) -> str:
        """What people call it, in the current language."""
        if self.risk:
            return _("Signature policy: %(fact)s") % {"fact": RISKS[self.risk]}
        return _("%(role)s: %(fact)s") % {"role": self.role, "fact": PERSON[self.field]} if self.role else self.key

    def names(self) -> set[str]:
        """Everything it is called, folded."""
        labels = {self.key}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                labels.add(self.label)
        return {fold(each) for each in labels}


class Columns:
    """The columns of a template, in their order.

    Raises:
        BadTemplate: two of them have the same name, or there are too many.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        self._columns = tuple(columns)
        self._by_name: dict[str, Column] = {}
        for column in self._columns:
            for name in column.names():
                if self._by_name.setdefault(name, column) != column:
                    raise BadTemplate(_("Two things are called %(name)s.") % {"name": column.label})
        if sum(not column.risk for column in self._columns) > MOST:
            raise BadTemplate(_("A template asks for %(most)d things at most.") % {"most": MOST})
        self._persons = {fold(f"{column.role}.{FULL_NAME}"): column.role for column in self._columns if column.role}

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def find(self, name: str) -> Column | None:
        return self._by_name.get(fold(name))

    def person(self, name: str) -> str | None:
        """The role whose full name is meant."""
        return self._persons.get(fold(name))


def fold(name: str) -> str:
    """A name without what does not matter."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in plain if character.isalnum())


def of(content: Content, *, by_phone: frozenset[str]) -> Columns:
    """What a template asks for; `by_phone` are the consent pages that need a number. Raises as `Columns` does."""
    people = [column for role in content.roles() for column in _of_role(content, role, by_phone)]
    known, free = Columns(people), dict[str, Column]()
    for text in content.texts():
        for gap in patterns.gaps(text):
            if not known.find(gap) and not known.person(gap):
                free.setdefault(fold(gap), Column(gap))
    return Columns(
        [*people, *free.values(), *(Column(f"policy.{SPELT[risk]}", required=False, risk=risk) for risk in RISKS)]
    )


def _of_role(content: Content, role: str, by_phone: frozenset[str]) -> Iterator[Column]:
    needed = {"lastName", "firstName", "email"}
    if content.consent_pages(role) & by_phone:
        needed.add("phoneNumber")
    for field in PERSON:
        yield Column(f"{role}.{field}", role, field, required=field in needed)
