"""Why somebody has not proven who they are."""

from paraph_server.web.errors import (
    BadInput,
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    PlatformError,
    TooManyRequests,
)


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


# ---------------------------------------------------------------- identity providers


class BadProvider(BadInput):
    """A provider cannot be spoken to like this."""

    code = "bad-provider"


class NoSuchProvider(NotFound):
    code = "no-such-provider"


class ProviderUnavailable(PlatformError):
    """It does not answer, or not as it should."""

    code = "provider-unavailable"
    status = 503


class Abandoned(Conflict):
    """Whoever went to sign in came back without."""

    code = "sign-in-abandoned"


class NotBegun(Forbidden):
    """Nobody went to sign in from this browser, or they did and it is over."""

    code = "sign-in-not-begun"


class StaleAnswer(Gone):
    """A code or token that was used, or whose time is over."""

    code = "sign-in-expired"


class UntrustedAnswer(Forbidden):
    """Not the provider's word, or not to us."""

    code = "sign-in-untrusted"


class TooWeak(Forbidden):
    """The provider is less sure of them than was asked."""

    code = "sign-in-too-weak"


class OtherPerson(Forbidden):
    """The proven names are not those of the invitation."""

    code = "other-person"


class ReviewPending(Conflict):
    """The names leave doubt; somebody has to decide."""

    code = "names-in-doubt"


class NothingToReview(Conflict):
    """It was decided already, or there is nothing to decide."""

    code = "nothing-to-review"


class BadSecret(BadInput):
    """A question or an answer that cannot be kept."""

    code = "bad-shared-secret"


class NoSecret(Conflict):
    """Nothing was agreed on."""

    code = "no-shared-secret"


class WrongAnswer(Forbidden):
    code = "wrong-answer"


class TooManyAnswers(TooManyRequests):
    code = "too-many-answers"


class BadPaper(BadInput):
    """An identity document that has expired, or cannot be."""

    code = "bad-identity-document"


class NamesDiffer(Conflict):
    """The document is somebody else's."""

    code = "names-differ"


class NotChecked(Conflict):
    """Nobody has looked at this person's identity document yet."""

    code = "identity-not-checked"


class BadClientCertificate(Forbidden):
    """The browser showed none, or one that proves nothing here."""

    code = "bad-client-certificate"


class StatusUnknown(PlatformError):
    """Nobody says now whether the certificate is revoked."""

    code = "certificate-status-unknown"
    status = 503
