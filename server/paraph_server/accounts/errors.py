"""What can be refused at the door."""

from paraph_server.web.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooManyRequests


class WrongPassword(NotSignedIn):
    """Also said for an unknown address: the page must not tell who has an account."""

    code = "wrong-password"


class TooManySignIns(TooManyRequests):
    code = "too-many-sign-ins"


class WrongToken(NotSignedIn):
    code = "wrong-token"


class NotInvited(NotFound):
    """This browser did not come through the recipient's own link."""

    code = "not-invited"


class NoSuchUser(NotFound):
    code = "user-not-found"


class EmailTaken(Conflict):
    code = "email-taken"


class WeakPassword(BadInput):
    code = "weak-password"


class NotPermitted(Forbidden):
    """None of the user's groups has the right."""

    code = "not-permitted"


class OutOfScope(Forbidden):
    """The user may, this access token of theirs may not."""

    code = "out-of-scope"


class TooManyCalls(TooManyRequests):
    code = "too-many-calls"
