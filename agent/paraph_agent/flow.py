"""From a link or a code to signatures: claim, show, choose, check, sign, deliver.

Whatever goes wrong is told to the person in words, and to the signing page by a code of one word.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from paraph_agent import attributes, cards, modules, remembered
from paraph_agent.cards import Credential
from paraph_agent.errors import (
    AgentError,
    CardRemoved,
    Expired,
    LockedPin,
    NoCard,
    NoCertificate,
    NoReader,
    Refused,
    WrongPin,
)
from paraph_agent.links import Invitation
from paraph_agent.log import logger
from paraph_agent.messages import ALGORITHMS, Request, Standing, ToSign, check_shown
from paraph_agent.paired import Platform
from paraph_agent.texts import say
from paraph_agent.windows import Windows

POLL = 1.0
"""Seconds between two questions to the platform."""
_WORKING = {"claimed", "checking"}


def sign(invitation: Invitation, windows: Windows, platform: Platform) -> None:
    """Lend the card to one signing page, once.

    Raises:
        AgentError: nothing was signed, or what was signed was not taken.
    """
    logger.info("A signing page of %s asks.", invitation.origin)
    request = windows.during(say("Asking {origin} …", origin=invitation.origin), lambda: platform.claim(invitation))
    try:
        windows.confirm(request, invitation, remembered.of(invitation.origin))
        remembered.remember(invitation.origin, request.organisation)
        _sign(request, windows, platform)
    except AgentError as fault:
        logger.warning("Given up: %s", fault.code)
        platform.report(request, fault.code, final=True)
        raise


def _sign(request: Request, windows: Windows, platform: Platform) -> None:
    credential, algorithm, standing = _accepted(request, windows, platform)
    to_sign = standing.to_sign
    check_shown(request, to_sign)
    for each in to_sign:
        attributes.check(each.attributes, credential.certificate, ALGORITHMS[algorithm])
    values = _signed(request, credential, to_sign, algorithm, windows=windows, platform=platform)
    for each in to_sign:
        logger.info("Signed %r, SHA-256 %s.", each.document.name, each.document.sha256)
    signatures = [(each.document, value) for each, value in zip(to_sign, values, strict=True)]
    windows.during(
        say("The signatures go to the signing page …"),
        lambda: _settled(platform, request, platform.deliver(request, signatures), _WORKING | {"ready", "received"}),
    )
    windows.tell(say("Signed. Go back to the signing page; you can take out your card."))


def _accepted(request: Request, windows: Windows, platform: Platform) -> tuple[Credential, str, Standing]:
    """A certificate that the person chose and the platform takes, and what is to be signed with it."""
    while True:
        credential = windows.choose(_found(request, windows, platform))
        if credential.card.tries == "locked":
            raise LockedPin
        algorithm = credential.algorithm(request.algorithms)
        if algorithm is None:
            windows.ask_again(NoCertificate(say("The platform takes no signatures of this kind of card.")))
            continue
        present = partial(_presented, platform, request, credential, algorithm)
        standing = windows.during(say("The certificate is being checked …"), present)
        if standing.state == "ready":
            return credential, algorithm, standing
        windows.ask_again(Refused(standing.reason))


def _presented(platform: Platform, request: Request, credential: Credential, algorithm: str) -> Standing:
    answer = platform.present(request, credential.certificate, credential.chain, algorithm)
    return _settled(platform, request, answer, _WORKING)


def _settled(platform: Platform, request: Request, standing: Standing, working: set[str]) -> Standing:
    """Wait until the platform is not in one of these states any more.

    Raises:
        Expired: it takes longer than the pairing lasts.
        Refused: the signing page has given up.
    """
    until = time.monotonic() + request.seconds
    while standing.state in working:
        if time.monotonic() > until:
            raise Expired
        time.sleep(POLL)
        standing = platform.standing(request)
    if standing.state == "over":
        raise Refused(standing.reason) if standing.reason else Expired
    return standing


def _found(request: Request, windows: Windows, platform: Platform) -> list[Credential]:
    return _until_there(
        request, windows, platform, lambda: cards.credentials(modules.installed(), at=datetime.now(UTC))
    )


def _until_there(
    request: Request, windows: Windows, platform: Platform, look: Callable[[], list[Credential]]
) -> list[Credential]:
    while True:
        try:
            return windows.during(say("Looking for cards …"), look)
        except (NoReader, NoCard, NoCertificate) as fault:
            platform.report(request, fault.code, final=False)
            windows.ask_again(fault)


def _signed(
    request: Request,
    credential: Credential,
    to_sign: Sequence[ToSign],
    algorithm: str,
    *,
    windows: Windows,
    platform: Platform,
) -> list[bytes]:
    """Ask the PIN and let the card sign: again when the PIN was wrong, or the card was out for a moment."""
    wrong, messages = False, [each.attributes for each in to_sign]
    while True:
        pad = credential.card.has_pad
        pin = None if pad else windows.ask_pin(credential.card, wrong=wrong)
        what = say("Type your PIN on the reader …") if pad else say("The card signs …")
        try:
            return windows.during(what, partial(cards.sign, credential, pin, messages, algorithm=algorithm))
        except (WrongPin, CardRemoved) as fault:
            logger.warning("The card did not sign: %s", fault.code)
            platform.report(request, fault.code, final=False)
            wrong = isinstance(fault, WrongPin)
            if pad or not wrong:
                windows.ask_again(fault)
        credential = _same(credential, request, windows, platform)


def _same(wanted: Credential, request: Request, windows: Windows, platform: Platform) -> Credential:
    """The certificate that was chosen, on its card as it is now."""

    def look() -> list[Credential]:
        found = cards.credentials(modules.installed(), at=datetime.now(UTC))
        same = [each for each in found if each.certificate == wanted.certificate]
        if not same:
            raise NoCard(say("Put the card back with which you began."))
        return same

    [credential] = _until_there(request, windows, platform, look)
    if credential.card.tries == "locked":
        raise LockedPin
    return credential
