"""Who acts in a workflow, as a person writes it."""

import re
from typing import Any

import click

from paraph.client import NewRecipient, NewStep

_STEP = re.compile(r"(?:(?P<verb>sign|approve)?\s*,?\s*(?:(?P<required>[1-9]\d{0,2})\s+of)?\s*:)?(?P<people>[^:]+)")
_PERSON = re.compile(
    r"(?P<first_name>[^\s<>]+)\s+(?P<last_name>[^<>]*[^<>\s])\s*"
    r"<(?P<email>[^<>\s]+@[^<>\s]+)>\s*(?P<phone_number>\+[\d ().-]{5,})?"
)
_USER = re.compile(r"usr_\w+")
_KINDS = {"sign": "signature", "approve": "approval"}


class StepType(click.ParamType[NewStep]):
    """`[sign|approve][, N of]: First Last <address> [+telephone], …`; a user of the platform by their id, `usr_…`."""

    name = "step"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> NewStep:
        found = _STEP.fullmatch(str(value).strip())
        if found is None:
            self.fail('Write it as "Bob Durand <bob@example.org>" or "approve, 1 of: …, …".', param, ctx)
        recipients = [_person(each.strip()) for each in found["people"].split(",")]
        if not all(recipients):
            self.fail("Write each person as: First Last <address@example.org> +telephone", param, ctx)
        return NewStep(
            recipients=[each for each in recipients if each],
            step_type=_KINDS[found["verb"] or "sign"],
            required_recipients=int(found["required"]) if found["required"] else None,
        )


def _person(written: str) -> NewRecipient | None:
    if _USER.fullmatch(written):
        return NewRecipient(user_id=written)
    found = _PERSON.fullmatch(written)
    return NewRecipient(**found.groupdict()) if found else None
