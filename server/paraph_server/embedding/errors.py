"""Why a site is not trusted."""

from paraph_server.web.errors import BadInput


class BadOrigin(BadInput):
    """It names no site, or one that anybody on the way could impersonate."""

    code = "bad-origin"


class OriginNotAllowed(BadInput):
    """The organisation has not said that this site is its own."""

    code = "origin-not-allowed"
