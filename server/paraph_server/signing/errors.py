"""Why a signature cannot be made yet, or not any more."""

from paraph_server.web.errors import BadInput, Conflict


class NotAccepted(Conflict):
    """The consent text comes first."""

    code = "consent-missing"


class NotProven(Conflict):
    """They must show who they are first."""

    code = "identification-missing"


class LevelNotReached(Conflict):
    """What was done does not give the level of signature that is asked for."""

    code = "level-not-reached"


class DocumentsChanged(Conflict):
    """These are not the documents that were shown: they must be shown again."""

    code = "documents-changed"


class OthersFirst(Conflict):
    """Another signature in the same documents is half made: this one is put on top of it."""

    code = "others-first"


class BadMark(BadInput):
    """The drawn signature is not a small PNG."""

    code = "bad-mark"


class NotValid(Conflict):
    """What was made does not validate; it is kept from everybody."""

    code = "signature-not-valid"


class BadReturn(BadInput):
    """The code of a return proves nothing."""

    code = "bad-return"


class NotTogether(BadInput):
    """One consent, one code and one name would not do for these workflows."""

    code = "not-together"


class SignAgain(Conflict):
    """What a card signed is of no use any more: its holder has to sign once more."""

    code = "sign-again"


class BadCertificate(Conflict):
    """A certificate that a signer brought and that does not do; the message says why."""

    code = "certificate-refused"


class NotPrepared(Conflict):
    """Nothing waits for this signature any more."""

    code = "pairing-over"


class WrongSignature(BadInput):
    """Not the signature that was asked for."""

    code = "wrong-signature"
