"""Every refusal the service can answer with, one tree, one page.

::

    TrustError
    ├── InvalidRequest     400  malformed, or against the rules: the client must change its request
    │   └── OversizeRequest 413
    ├── InvalidToken       401  no bearer token, or one that is not known
    └── NotReady           503  keys, ceremony or a fresh list are missing: the operator must act

`error` and `error_description` are what the CSC API prescribes; anything that is not in this tree becomes
`server_error` outside and a stack trace in the process log only.
"""

from typing import ClassVar


class TrustError(Exception):
    """The root of the tree; `str()` is the `error_description`."""

    error: ClassVar[str] = "server_error"
    status: ClassVar[int] = 500


class InvalidRequest(TrustError):
    error = "invalid_request"
    status = 400


class OversizeRequest(InvalidRequest):
    status = 413


class InvalidToken(TrustError):
    error = "invalid_token"
    status = 401


class NotReady(TrustError):
    error = "temporarily_unavailable"
    status = 503
