"""Why somebody has not shown who they are, or cannot change how they do."""

from paraph_server.web.errors import BadInput, Conflict, Forbidden, NotFound


class WrongFactor(Forbidden):
    """A code or a passkey that proves nothing."""

    code = "wrong-second-factor"


class BadPasskey(BadInput):
    """What the browser sent is not a new passkey of ours."""

    code = "bad-passkey"


class TooManyPasskeys(Conflict):
    code = "too-many-passkeys"


class NoSuchPasskey(NotFound):
    code = "passkey-not-found"


class NoSuchSession(NotFound):
    code = "session-not-found"


class FactorRequired(Conflict):
    """One of the person's groups asks for a second factor: the last one stays."""

    code = "second-factor-required"
