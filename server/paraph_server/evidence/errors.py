"""Why a workflow cannot finish."""

from paraph_server.web.errors import Conflict


class NotProved(Conflict):
    """A file that would be delivered does not hold; it is kept from everybody."""

    code = "not-proved"
