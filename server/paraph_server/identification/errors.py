"""Why a code proves nothing, or cannot be had."""

from paraph_server.web.errors import BadInput, Conflict, Forbidden, Gone, TooManyRequests


class BadAddress(BadInput):
    """No code can be sent there."""

    code = "bad-address"


class TooManyCodes(TooManyRequests):
    code = "too-many-codes"


class GuessedTooOften(Forbidden):
    """So many wrong codes were entered that no further one is sent to this person."""

    code = "guessed-too-often"


class NoCode(Conflict):
    """None was asked for."""

    code = "no-code"


class WrongCode(Forbidden):
    """Another code than the one that was sent; says how often one may still try."""

    code = "wrong-code"

    def __init__(self, message: str, *, remaining: int) -> None:
        super().__init__(message, remaining=remaining)
        self.remaining = remaining


class ExpiredCode(Gone):
    code = "expired-code"


class UsedCode(Gone):
    code = "used-code"


class LockedCode(Gone):
    """Too many wrong tries: only a new code helps."""

    code = "locked-code"
