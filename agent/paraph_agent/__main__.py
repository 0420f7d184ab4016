"""`paraph-agent`: lend the card in this computer to a signing page.

paraph-agent                                   asks for the address and the code that the signing page shows
paraph-agent --page sign.example.org K7QD9XMR  both on the command line
paraph-agent 'paraph-agent://pair?…'           what the system calls when somebody follows the page's link
paraph-agent cards                             which certificates could sign
paraph-agent platforms | forget ADDRESS        where one has signed before
paraph-agent register                          open the links of signing pages with this program
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from paraph_agent import cards, flow, links, log, modules, registration, remembered, windows
from paraph_agent.errors import AgentError
from paraph_agent.links import Invitation
from paraph_agent.paired import Platform
from paraph_agent.terminal import Terminal
from paraph_agent.texts import say
from paraph_agent.windows import Windows


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; 0 when it was done, 1 when not."""
    asked = _parser().parse_args(arguments)
    log.begin()
    command = COMMANDS.get(asked.what or "")
    shown = Terminal() if asked.terminal or command else _windows()
    try:
        if command:
            command(asked)
        else:
            _sign(asked, shown)
    except AgentError as fault:
        shown.tell(str(fault))
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="paraph-agent", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="?", help="a link, a code, or one of the words above")
    parser.add_argument("address", nargs="?", help="for `forget`")
    parser.add_argument("--page", metavar="ADDRESS", help="of the signing page, as the browser shows it")
    parser.add_argument("--terminal", action="store_true", help="ask here, not in windows of its own")
    parser.add_argument("--version", action="version", version=version("paraph-agent"))
    return parser


def _sign(asked: argparse.Namespace, shown: Windows) -> None:
    invitation = _invitation(asked, shown)
    platform = Platform(invitation.origin)
    try:
        flow.sign(invitation, shown, platform)
    finally:
        platform.close()


def _invitation(asked: argparse.Namespace, shown: Windows) -> Invitation:
    if asked.what and asked.what.lower().startswith(f"{links.SCHEME}:"):
        return links.read(asked.what)
    if asked.what and asked.page:
        return Invitation(links.origin(asked.page), links.code(asked.what), by_link=False)
    return shown.ask_invitation(remembered.everybody())


def _windows() -> Windows:
    """Windows where there is a display, the terminal otherwise."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        try:
            from paraph_agent.desktop import Desktop  # noqa: PLC0415  not every Python has Tk

            return Desktop()
        except (ImportError, RuntimeError) as fault:
            log.logger.warning("No windows: %s", fault)
    return Terminal()


def _cards(_asked: argparse.Namespace) -> None:
    for each in cards.credentials(modules.installed(), at=datetime.now(UTC)):
        Terminal().tell(windows.about(each))


def _platforms(_asked: argparse.Namespace) -> None:
    for each in remembered.everybody():
        Terminal().tell(f"{each.origin}  {each.organisation}  {each.last}")


def _forget(asked: argparse.Namespace) -> None:
    known = remembered.forget(links.origin(asked.address or ""))
    Terminal().tell(say("Forgotten.") if known else say("This platform was not known."))


def _register(_asked: argparse.Namespace) -> None:
    registration.register()
    Terminal().tell(say("Links of signing pages open this agent from now on."))


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "cards": _cards,
    "platforms": _platforms,
    "forget": _forget,
    "register": _register,
}

if __name__ == "__main__":
    sys.exit(main())
