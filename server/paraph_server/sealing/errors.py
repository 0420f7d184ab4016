"""Why a seal is not delivered."""

from paraph_server.web.errors import Conflict


class SealNotValid(Conflict):
    """What was made does not validate; it is kept from everybody."""

    code = "seal-not-valid"


class SealWithdrawn(Conflict):
    """The organisation may not use this seal any more."""

    code = "seal-withdrawn"
