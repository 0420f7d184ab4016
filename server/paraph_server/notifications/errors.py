"""Why a message did not leave."""


class NotDelivered(Exception):
    """Refused for now; `permanent` when trying again would change nothing."""

    def __init__(self, answer: str, *, permanent: bool = False) -> None:
        super().__init__(answer)
        self.permanent = permanent


class NotYetKnown(Exception):
    """A receipt came for a message of which nothing is known, or not yet."""
