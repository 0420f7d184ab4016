"""The platform's own refusals, whatever the domain: each says what it is (`code`) and how HTTP puts it (`status`).

::

    PlatformError
    ├── BadInput           400   what was sent cannot be used: say why
    ├── NotSignedIn        401
    ├── Forbidden          403
    ├── NotFound           404   also for what belongs to somebody else
    ├── Conflict           409   understood, and not possible now
    ├── Gone               410   it was possible, once
    └── TooManyRequests    429   carries when to try again

Domains subclass these. The library has its own tree, `paraph.errors`; `problems` turns both into answers.
"""

from typing import ClassVar

Fact = int | str | list[str]
"""What a problem document may say besides."""


class PlatformError(Exception):
    """`str()` is a sentence for the person who reads it; `facts` go into the problem document beside it."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.facts = facts


class BadInput(PlatformError):
    code = "bad-input"
    status = 400


class BadSpreadsheet(BadInput):
    """It cannot be read, or is larger than we take."""

    code = "bad-spreadsheet"


class TooBroad(BadInput):
    """A search that would take too long to answer."""

    code = "too-broad"


class NotSignedIn(PlatformError):
    code = "not-signed-in"
    status = 401


class Forbidden(PlatformError):
    code = "forbidden"
    status = 403


class NotFound(PlatformError):
    code = "not-found"
    status = 404


class Conflict(PlatformError):
    code = "conflict"
    status = 409


class Gone(PlatformError):
    code = "gone"
    status = 410


class TooManyRequests(PlatformError):
    """Carries the seconds to wait, which HTTP says as `Retry-After`."""

    code = "too-many-requests"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
