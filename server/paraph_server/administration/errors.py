"""What an administrator, or somebody about themselves, is refused."""

from paraph_server.web.errors import BadInput, Conflict, Forbidden, Gone, NotFound


class NoSuchGroup(NotFound):
    code = "group-not-found"


class NoSuchToken(NotFound):
    code = "access-token-not-found"


class NoSuchDelegation(NotFound):
    code = "delegation-not-found"


class NoSuchContact(NotFound):
    code = "contact-not-found"


class BadProfile(BadInput):
    """What is said of a person cannot be."""

    code = "bad-profile"


class BadGroup(BadInput):
    code = "bad-group"


class BadToken(BadInput):
    """A scope or a network that does not exist, or a time that is over."""

    code = "bad-access-token"


class BadDelegation(BadInput):
    code = "bad-delegation"


class OldPasswordWrong(Forbidden):
    code = "old-password-wrong"


class LastAdministrator(Conflict):
    """Nobody could administer the organisation any more."""

    code = "last-administrator"


class GroupInUse(Conflict):
    code = "group-in-use"


class StillNeeded(Conflict):
    """Somebody cannot be removed while something waits for them."""

    code = "user-still-needed"


class LinkUsed(Gone):
    """A link for choosing a password: used, replaced or too old."""

    code = "link-used"


class NotDelegated(Forbidden):
    """Nobody has delegated this to them, here and now."""

    code = "not-delegated"
