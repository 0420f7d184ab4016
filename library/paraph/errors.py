"""Every exception of the library, one tree, one page.

::

    ParaphError
    ├── InputError               what was given cannot be used: say why and what to do
    │   ├── BrokenDocument       the bytes are not what their format promises
    │   │   ├── NotAPdf
    │   │   └── EmptyDocument
    │   ├── EncryptedDocument    a password stands in the way
    │   ├── TooLarge
    │   ├── UnusableKey          not a key, wrong passphrase, key and certificate differ
    │   ├── UnusableCertificate
    │   └── BrokenToken          not a time-stamp request, response or token
    ├── Refused                  understood, and against the rules
    │   ├── WeakAlgorithm        TS 119 312 no longer accepts it
    │   ├── Revoked              the issuer took the certificate back
    │   ├── ModificationForbidden  an earlier signature does not allow this change
    │   ├── MisleadingDocument   it could show later what its signer did not see
    │   └── LintFailed           a certificate that would break its profile
    ├── Untrusted                a signature, token or certificate that proves nothing here
    │   ├── DigestMismatch       it speaks of another document
    │   ├── NoPath               no path leads to a trusted root
    │   ├── SignatureMismatch    the signature value does not verify
    │   └── BrokenChain          a journal's entry was altered, moved or left out
    ├── Unavailable              somebody else's service did not answer: try again
    └── Problem                  a Paraph server answered with a problem document
        ├── BadRequest           what was sent cannot be used; an InputError, too
        └── Overloaded           not now: try again; Unavailable, too

Each carries a stable `code`; only the web layer makes problem documents of them, only the command line exit codes.
"""

from collections.abc import Mapping


class ParaphError(Exception):
    """The root of the tree; `str()` is a sentence for the person who can act on it."""

    code: str = "error"


class InputError(ParaphError):
    code = "bad-input"


class BrokenDocument(InputError):
    code = "broken-document"


class NotAPdf(BrokenDocument):
    code = "not-a-pdf"


class EmptyDocument(BrokenDocument):
    code = "empty-document"


class EncryptedDocument(InputError):
    code = "encrypted-document"


class TooLarge(InputError):
    code = "too-large"


class UnusableKey(InputError):
    code = "unusable-key"


class UnusableCertificate(InputError):
    code = "unusable-certificate"


class BrokenToken(InputError):
    code = "broken-token"


class Refused(ParaphError):
    code = "refused"


class UnknownClient(Refused):
    code = "unknown-client"


class WeakAlgorithm(Refused):
    code = "weak-algorithm"


class Revoked(Refused):
    code = "revoked"


class ModificationForbidden(Refused):
    code = "modification-forbidden"


class MisleadingDocument(Refused):
    code = "misleading-document"


class LintFailed(Refused):
    code = "lint-failed"


class Untrusted(ParaphError):
    code = "untrusted"


class DigestMismatch(Untrusted):
    code = "digest-mismatch"


class NoPath(Untrusted):
    code = "no-path"


class SignatureMismatch(Untrusted):
    code = "signature-mismatch"


class BrokenChain(Untrusted):
    code = "broken-chain"


class Unavailable(ParaphError):
    code = "unavailable"


class Problem(ParaphError):
    """What a Paraph server answered instead of doing what it was asked for (RFC 9457).

    `code` is the server's, such as `WorkflowNotFound`; `log_id` finds the request in its log; `facts` is the whole
    document, with whatever else it says.
    """

    def __init__(self, message: str, *, status: int, code: str, log_id: str, facts: Mapping[str, object]) -> None:
        super().__init__(message)
        self.status, self.code, self.log_id, self.facts = status, code, log_id, facts


class BadRequest(Problem, InputError):
    pass


class Overloaded(Problem, Unavailable):
    pass
