"""Why a signing page and an agent do not come together."""

from paraph_server.web.errors import BadInput, Conflict, Gone, NotFound, TooManyRequests


class NoSuchPairing(NotFound):
    """No page shows this code, or it was used."""

    code = "no-such-pairing"


class PairingOver(Gone):
    """It took too long, or the page asked for another code."""

    code = "pairing-over"


class AgentTooOld(BadInput):
    """The agent speaks another protocol than this platform."""

    code = "agent-too-old"


class TooManyClaims(TooManyRequests):
    """Somebody may be trying codes."""

    code = "too-many-claims"


class NoCardHere(Conflict):
    """In this step nobody signs with a card."""

    code = "no-card-here"
