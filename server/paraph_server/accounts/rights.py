"""What a user may do: the rights of all their groups together, and nothing else.

A right is given to a group, never to a person: whoever asks why somebody may do something looks at their groups. There
is no right that includes another one; administrators hold each of theirs in a group like everybody.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paraph_server.accounts.errors import NotPermitted
from paraph_server.accounts.models import User


class Right(StrEnum):
    """The value is what the database and the REST API write."""

    ADMINISTER = "administer"
    MANAGE_USERS = "manageUsers"
    SEND = "send"
    SEND_FOR_GROUP = "sendForGroup"
    SEE_GROUP = "seeGroup"
    SIGN = "sign"
    APPROVE = "approve"
    TEMPLATES = "manageTemplates"
    WEBHOOKS = "manageWebhooks"
    CHECK_IDENTITIES = "checkIdentities"
    JOURNAL = "readJournal"
    OPERATE = "operate"
    OVERRIDE_POLICY = "overridePolicy"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Right.ADMINISTER: gettext_lazy("Administer the organisation: groups and their rights"),
    Right.MANAGE_USERS: gettext_lazy("Manage people: invite, change, disable"),
    Right.SEND: gettext_lazy("Send workflows"),
    Right.SEND_FOR_GROUP: gettext_lazy("Send and change workflows in the name of the group’s members"),
    Right.SEE_GROUP: gettext_lazy("See the workflows of the group’s members"),
    Right.SIGN: gettext_lazy("Sign"),
    Right.APPROVE: gettext_lazy("Approve"),
    Right.TEMPLATES: gettext_lazy("Manage templates, consent pages and signature profiles"),
    Right.WEBHOOKS: gettext_lazy("Manage webhooks"),
    Right.CHECK_IDENTITIES: gettext_lazy("Check signers’ identity documents in person"),
    Right.JOURNAL: gettext_lazy("Read the journal"),
    Right.OPERATE: gettext_lazy("Operate the platform: jobs and repairs"),
    Right.OVERRIDE_POLICY: gettext_lazy("Send below the signature policy, with a reason"),
}

MEMBERS = (Right.SEND, Right.SIGN, Right.APPROVE, Right.TEMPLATES, Right.WEBHOOKS)
"""What the first group of a tenant may do."""
ADMINISTRATORS = (Right.ADMINISTER, Right.MANAGE_USERS, Right.TEMPLATES, Right.WEBHOOKS, Right.JOURNAL, Right.OPERATE)
"""What the group of its administrators may do besides. They do not see what others send: that is a right of its own."""


def of(user: User) -> frozenset[Right]:
    return frozenset(Right(each) for rights in user.rights_by_group.values() for each in rights)


def has(user: User, right: Right) -> bool:
    return right in of(user)


def check(user: User, right: Right) -> None:
    """Let pass whoever has the right.

    Raises:
        NotPermitted: none of their groups has it.
    """
    if not has(user, right):
        raise NotPermitted(_("None of your groups has the right: %(right)s.") % {"right": right.label})


def check_grant(user: User, granted: Iterable[str]) -> None:
    """Let somebody give away what they have themselves; administrators give every right.

    Raises:
        NotPermitted: they would make somebody, perhaps themselves, mightier than they are.
    """
    mine = of(user)
    if Right.ADMINISTER not in mine and not set(granted) <= mine:
        raise NotPermitted(_("You cannot give, or take away, rights that you do not have yourself."))


def groups_with(user: User, right: Right) -> list[str]:
    """The groups of a user which have a right: of those rights that speak of the group's members."""
    return [group_id for group_id, rights in user.rights_by_group.items() if right in rights]


def frame(request: HttpRequest) -> dict[str, object]:
    """For the templates: `may.SEND` and so on, asked of the database by the first page that wants to know."""
    user = getattr(request, "user", None)  # a request that is refused at once has none
    return {"may": SimpleLazyObject(lambda: {right.name: True for right in of(user)} if isinstance(user, User) else {})}
