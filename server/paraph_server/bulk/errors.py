"""Why a bulk send cannot be read, or not go on."""

from paraph_server.web.errors import Conflict, NotFound


class NoSuchBulkSend(NotFound):
    code = "bulk-send-not-found"


class SentBefore(Conflict):
    """The same file came before; a caller who means it says so."""

    code = "sent-before"


class NotPossibleNow(Conflict):
    """Not in this state of the bulk send."""

    code = "bulk-send-state"


class FaultyRows(Conflict):
    """Some rows cannot be sent; a caller who wants the others says so."""

    code = "faulty-rows"
