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


# ---------------------------------------------------------------- directories


class BadDirectory(BadInput):
    """A directory that cannot be spoken to, or a domain that cannot be."""

    code = "bad-directory"


class NoSuchDirectory(NotFound):
    code = "directory-not-found"


class DomainTaken(Conflict):
    """Another directory answers for this domain."""

    code = "domain-taken"


class OnlyByDirectory(Forbidden):
    """Their organisation lets its people in by its own sign-in, and by nothing else."""

    code = "only-by-directory"


class NoAccount(Forbidden):
    """The directory knows them; nobody of this organisation does."""

    code = "no-account"


class AddressNotVerified(Forbidden):
    """Anybody could have written the address: it opens nobody's account."""

    code = "address-not-verified"


class LinkedElsewhere(Conflict):
    """The account is somebody else's there, or they are somebody else here."""

    code = "linked-elsewhere"


# ---------------------------------------------------------------- certificates


class BadCertificate(BadInput):
    """Not a certificate, or one that this person has already."""

    code = "bad-certificate"


class NoSuchCertificate(NotFound):
    code = "certificate-not-found"
