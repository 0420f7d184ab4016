"""The one thing that must never be seen."""

from paraph_server.web.errors import PlatformError


class JournalBroken(PlatformError):
    code = "journal-broken"

    def __init__(self, sequence: int, what: str) -> None:
        super().__init__(f"Entry {sequence} of the journal {what}.", sequence=sequence)
        self.sequence = sequence
