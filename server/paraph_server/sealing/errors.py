"""Why a seal is not delivered."""

from paraph_server.web.errors import Conflict


class SealNotValid(Conflict):
    """What was made does not validate; it is kept from everybody."""

    code = "seal-not-valid"
