"""What the agent shows and asks; in windows where there is a display, in the terminal otherwise."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from paraph_agent.cards import Card, Credential
from paraph_agent.errors import AgentError
from paraph_agent.links import Invitation
from paraph_agent.messages import Request
from paraph_agent.remembered import Remembered
from paraph_agent.texts import say

T = TypeVar("T")


class Windows(Protocol):
    """Everything that is asked may be answered with no: then `Cancelled` is raised."""

    def ask_invitation(self, known: Sequence[Remembered]) -> Invitation:
        """The address of the signing page, and the code that it shows."""

    def confirm(self, request: Request, invitation: Invitation, known: Remembered | None) -> None:
        """Show who asks and for what; whoever came by a link also types the number that the page shows."""

    def choose(self, credentials: Sequence[Credential]) -> Credential:
        """Which certificate to sign with."""

    def ask_pin(self, card: Card, *, wrong: bool) -> str:
        """The PIN of the card; `wrong` when the last one was."""

    def ask_again(self, fault: AgentError) -> None:
        """Say what is missing, and wait until the person has seen to it."""

    def during(self, what: str, work: Callable[[], T]) -> T:
        """Show what is being done while it is done."""

    def tell(self, message: str) -> None:
        """Say how it ended."""


def who_asks(request: Request, invitation: Invitation, known: Remembered | None) -> list[str]:
    """What a person must know before they say yes, in lines."""
    before = (
        say(
            "You have signed here before: {organisation}, last on {day}.",
            organisation=known.organisation,
            day=known.last,
        )
        if known
        else say("You have never signed here with this agent. Is this the address of the page that you are on?")
    )
    return [
        invitation.origin,
        before,
        say("{sender}, {organisation}, asks {signer} to sign:", **_people(request)),
    ]


def _people(request: Request) -> dict[str, str]:
    return {"sender": request.sender, "organisation": request.organisation, "signer": request.signer}


def what_is_signed(request: Request) -> list[str]:
    """The documents, as the signing page names them, with the beginning of their digests."""
    lines = []
    for each in request.documents:
        pages = say("{pages} pages", pages=each.pages) if each.pages > 1 else say("1 page")
        about = f"{pages}, " if each.pages > 0 else ""
        lines.append(f"{each.name} ({about}SHA-256 {each.sha256[:16]}…)")
    return lines


def about_tries(card: Card, *, wrong: bool) -> str:
    """What a person must know before they try a PIN."""
    warning = {
        "low": say("A wrong PIN was entered before; few tries are left."),
        "last": say("This is the last try: one more wrong PIN locks the card."),
    }.get(card.tries, "")
    return " ".join(each for each in ((say("This PIN is wrong.") if wrong else ""), warning) if each)


def about(credential: Credential) -> str:
    until = credential.certificate.not_valid_after_utc.date().isoformat()
    return say(
        "{holder}, issued by {issuer}, valid until {until}, on {card}",
        holder=credential.holder,
        issuer=credential.issuer,
        until=until,
        card=credential.card.label,
    )
