"""Why a call is not carried out, or not again."""

from paraph_server.web.errors import BadInput, Conflict, PlatformError


class BadKey(BadInput):
    code = "bad-idempotency-key"


class UnderWay(Conflict):
    """The same call was made before and has not been answered yet."""

    code = "call-under-way"
    retry_after = 1


class KeyTaken(PlatformError):
    """The key stands for another call."""

    code = "idempotency-key-reused"
    status = 422


class Changed(PlatformError):
    """Somebody else changed it since it was read."""

    code = "changed-meanwhile"
    status = 412
