"""What can go wrong, and what the person and the signing page are told of it."""

from paraph_agent.texts import say


class AgentError(Exception):
    """Nothing was signed. `code` is what the signing page is told, and no more; `message` is for the person."""

    code = "failed"
    message = "Something went wrong; nothing was signed."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or say(self.message))


class BadLink(AgentError):
    """A link or a code that no signing page of Paraph gives."""

    message = "This link or code is not one that a signing page gives."


class NotSecure(AgentError):
    """An address that anybody on the way could answer for."""

    message = "The address of a signing page begins with https://."


class Unreachable(AgentError):
    """No answer from the platform."""

    message = "The signing page’s platform does not answer. Check your connection, and try again."


class Misbehaves(AgentError):
    """An answer that the platform would not give."""

    code = "misbehaves"
    message = "The platform’s answer is not understood; nothing was signed."


class TooOld(AgentError):
    """The platform speaks a protocol that is newer than this agent."""

    code = "agent-too-old"
    message = "This platform needs a newer Paraph agent. Update it the way you installed it."


class Refused(AgentError):
    """The platform says no, in its own words."""

    code = "refused"


class NotAsShown(AgentError):
    """What is to be signed is not what the person was shown."""

    code = "not-as-shown"
    message = "The platform asks for a signature over something else than you were shown. Nothing was signed."


class Cancelled(AgentError):
    """The person said no."""

    code = "cancelled"
    message = "You cancelled; nothing was signed."


class Expired(AgentError):
    """The pairing is over."""

    code = "expired"
    message = "The code of the signing page is no longer good. Ask the page for another one."


# ---------------------------------------------------------------- the card


class NoReader(AgentError):
    """No driver for cards is installed, or none can be loaded."""

    code = "no-driver"
    message = "No driver for smart cards was found. Install your card’s software, or name its PKCS#11 module."


class NoCard(AgentError):
    """No card is in any reader."""

    code = "no-card"
    message = "There is no card in the reader, or no token in the computer."


class NoCertificate(AgentError):
    """The cards there are hold no certificate to sign with."""

    code = "no-certificate"
    message = "There is no valid certificate for signatures on the card."


class WrongPin(AgentError):
    """The card refused the PIN; another try is possible."""

    code = "wrong-pin"
    message = "This PIN is wrong."


class LockedPin(AgentError):
    """The card lets nobody try any more."""

    code = "locked-pin"
    message = "The PIN is locked after too many wrong ones. Whoever issued the card can unlock it with its PUK."


class CardRemoved(AgentError):
    """The card was there and is not any more."""

    code = "card-removed"
    message = "The card was removed before it had signed."


class CardRefuses(AgentError):
    """Something else; the log has the card's own word for it."""

    code = "card-refuses"
    message = "The card does not sign. The log says why."
