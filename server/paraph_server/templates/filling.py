"""A template and facts make a workflow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from paraph.formats.pdf import forms

from paraph_server.identification import addresses
from paraph_server.templates import patterns, risks
from paraph_server.templates.columns import Column, Columns, fold
from paraph_server.templates.content import Content, Paper
from paraph_server.templates.errors import MissingValue
from paraph_server.web.errors import PlatformError
from paraph_server.workflows.actions import LONGEST_NAME, NewStep, NewWorkflow
from paraph_server.workflows.requests import RecipientIn, StepIn

LONGEST_TITLE = 200
LANGUAGES = {"fr", "en"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Who takes which role, as the REST API writes recipients, and what the gaps are filled with; by folded names."""

    people: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, str]

    @classmethod
    def given(cls, people: Mapping[str, RecipientIn], values: Mapping[str, str]) -> "Facts":
        """As a program gives them; a user of the platform is asked for nothing that their account says."""
        return cls(
            {fold(role): _known(person) for role, person in people.items()},
            {fold(name): text for name, text in values.items()},
        )

    @classmethod
    def row(cls, columns: Columns, row: Mapping[str, str]) -> "Facts":
        """From the cells of a spreadsheet, by the columns' keys; what is empty does not count."""
        people: dict[str, dict[str, str]] = {fold(column.role): {} for column in columns if column.role}
        for column in columns:
            if column.role and row.get(column.key):
                people[fold(column.role)][column.field] = row[column.key]
        return cls(
            people,
            {fold(column.key): row.get(column.key, "") for column in columns if not (column.role or column.risk)},
        )


def _known(person: RecipientIn) -> dict[str, Any]:
    given = person.model_dump(exclude_unset=True)
    if not person.userId:
        return given
    user = person.wanted()
    account = {"email": user.email, "firstName": user.first_name, "lastName": user.last_name}
    return account | {"phoneNumber": user.phone_number, "preferredLocale": user.locale} | given


class Filling:
    """The workflow that a template and facts make."""

    def __init__(self, content: Content, columns: Columns, facts: Facts) -> None:
        self._content, self._columns, self._facts = content, columns, facts

    def text(self, pattern: str) -> str:
        """A text with its gaps filled.

        Raises:
            MissingValue: nothing is known for a gap.
        """
        return patterns.filled(pattern, self._value)

    def workflow(self) -> NewWorkflow:
        """The workflow, as it is asked for.

        Raises:
            MissingValue: a role has nobody, or a gap nothing.
            PlatformError: somebody does not exist.
        """
        content = self._content
        return NewWorkflow(
            name=self.text(content.name)[:LONGEST_TITLE],
            description=self.text(content.description),
            steps=[self._step(each) for each in content.steps],
            data={name: self.text(pattern) for name, pattern in content.data.items()},
        )

    def values(self, paper: Paper) -> dict[str, str]:
        """What is written into a document's fields."""
        return {name: self.text(pattern) for name, pattern in paper.values.items()}

    def _step(self, step: Mapping[str, Any]) -> NewStep:
        people = [self._person(each) for each in step["recipients"]]
        return StepIn.model_validate({**step, "recipients": people}).wanted()

    def _person(self, recipient: Mapping[str, Any]) -> dict[str, Any]:
        role = recipient.get("role", "")
        return {**recipient, **self._in(role)} if role else dict(recipient)

    def _in(self, role: str) -> Mapping[str, Any]:
        try:
            return self._facts.people[fold(role)]
        except KeyError:
            raise MissingValue(_("Nobody was named for %(role)s.") % {"role": role}) from None

    def _value(self, gap: str) -> str:
        if role := self._columns.person(gap):
            person = self._in(role)
            return f"{person.get('firstName', '')} {person.get('lastName', '')}".strip()
        column = self._columns.find(gap)
        if column and column.role:
            return str(self._in(column.role).get(column.field) or "")
        if fold(gap) not in self._facts.values:
            raise MissingValue(_("Nothing was given for %(name)s.") % {"name": gap})
        return self._facts.values[fold(gap)]


# ---------------------------------------------------------------- before anything is made


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell, in its reader's language; without a column, with the whole row."""

    column: str
    text: str


def faults(content: Content, columns: Columns, row: Mapping[str, str]) -> list[Fault]:
    """Everything that keeps a row from becoming a workflow, as far as it can be told without making one."""
    found = [fault for column in columns if (fault := _fault(column, row.get(column.key, "")))]
    return found or _faults_of_texts(content, columns, row)


def _fault(column: Column, text: str) -> Fault | None:
    if not text:
        return Fault(column.label, _("This is missing.")) if column.required else None
    if not all(character.isprintable() or character in "\n\t" for character in text):
        return Fault(column.label, _("This contains characters that cannot be shown."))
    try:
        if column.field:
            _CHECKS[column.field](text)
        elif column.risk:
            risks.cell(column, text)
    except (PlatformError, ValueError) as error:
        return Fault(column.label, str(error))
    return None


def _faults_of_texts(content: Content, columns: Columns, row: Mapping[str, str]) -> list[Fault]:
    filling = Filling(content, columns, Facts.row(columns, row))
    title = filling.text(content.name).strip()
    found = []
    if not 0 < len(title) <= LONGEST_TITLE:
        found.append(_("The title would be empty, or longer than 200 characters."))
    for paper in content.papers:
        for name, text in filling.values(paper).items():
            longest = paper.text_fields.get(name)
            if longest is not None and len(text) > longest:
                room = _("The field %(field)s of the form has room for %(most)d characters.")
                found.append(room % {"field": name, "most": longest})
            if letters := forms.unshowable(text):
                found.append(_("The form cannot show these letters: %(letters)s") % {"letters": letters})
    return [Fault("", text) for text in found]


def _check_name(text: str) -> None:
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise ValueError(_("A name has 60 characters at most."))


def _check_language(text: str) -> None:
    if text[:2].lower() not in LANGUAGES:
        raise ValueError(_("Write fr or en."))


def _check_country(text: str) -> None:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):  # noqa: PLR2004 - ISO 3166-1 alpha-2
        raise ValueError(_("Write the country with two letters, such as FR."))


_CHECKS: dict[str, Callable[[str], object]] = {
    "lastName": _check_name,
    "firstName": _check_name,
    "email": addresses.email,
    "phoneNumber": addresses.phone_number,
    "preferredLocale": _check_language,
    "country": _check_country,
}
