"""The agent's questions in a terminal."""

import getpass
from collections.abc import Callable, Sequence
from typing import TypeVar

from paraph_agent import links, windows
from paraph_agent.cards import Card, Credential
from paraph_agent.errors import AgentError, Cancelled
from paraph_agent.links import Invitation
from paraph_agent.messages import Request
from paraph_agent.remembered import Remembered
from paraph_agent.texts import say

T = TypeVar("T")
_TRIES = 3


class Terminal:
    """Lines of text, and a PIN that is not echoed."""

    def ask_invitation(self, known: Sequence[Remembered]) -> Invitation:
        usual = known[0].origin if known else ""
        typed = _asked(say("Address of the signing page") + (f" [{usual}]" if usual else "")) or usual
        origin = links.origin(typed)
        return Invitation(origin, links.code(_asked(say("Code that the signing page shows"))), by_link=False)

    def confirm(self, request: Request, invitation: Invitation, known: Remembered | None) -> None:
        for line in ("", *windows.who_asks(request, invitation, known)):
            self.tell(line)
        for line in windows.what_is_signed(request):
            self.tell(f"  • {line}")
        if not invitation.by_link:
            if _asked(say("Do you want to sign this? (yes/no)")).lower() not in {"y", "yes", "o", "oui"}:
                raise Cancelled
            return
        for _ in range(_TRIES):
            typed = _asked(say("Type the number that the signing page shows, or nothing to cancel"))
            if typed == request.check:
                return
            if not typed:
                break
        raise Cancelled

    def choose(self, credentials: Sequence[Credential]) -> Credential:
        for number, each in enumerate(credentials, start=1):
            self.tell(f"  {number}. {windows.about(each)}")
        if len(credentials) == 1:
            return credentials[0]
        for _ in range(_TRIES):
            typed = _asked(say("Number of the certificate to sign with"))
            if typed.isdecimal() and 1 <= int(typed) <= len(credentials):
                return credentials[int(typed) - 1]
        raise Cancelled

    def ask_pin(self, card: Card, *, wrong: bool) -> str:
        if warning := windows.about_tries(card, wrong=wrong):
            self.tell(warning)
        try:
            pin = getpass.getpass(say("PIN of {card}, or nothing to cancel", card=card.label) + ": ")
        except (EOFError, KeyboardInterrupt):
            raise Cancelled from None
        if not pin:
            raise Cancelled
        return pin

    def ask_again(self, fault: AgentError) -> None:
        self.tell(str(fault))
        if _asked(say("Press Enter to try again, or type “no” to cancel")).lower() in {"n", "no", "non"}:
            raise Cancelled

    def during(self, what: str, work: Callable[[], T]) -> T:
        self.tell(what)
        return work()

    def tell(self, message: str) -> None:
        print(message, flush=True)  # noqa: T201  a terminal is for this


def _asked(question: str) -> str:
    try:
        return input(f"{question}: ").strip()
    except (EOFError, KeyboardInterrupt):
        raise Cancelled from None
