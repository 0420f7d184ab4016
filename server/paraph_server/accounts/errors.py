"""What can be refused at the door."""

from paraph_server.web.errors import BadInput, Conflict, NotFound, NotSignedIn, TooManyRequests


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
