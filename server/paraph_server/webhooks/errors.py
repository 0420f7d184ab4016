"""Why a webhook cannot be, or was not told."""

from paraph_server.web.errors import BadInput, NotFound


class NoSuchWebhook(NotFound):
    code = "webhook-not-found"


class NoSuchWebhookEvent(NotFound):
    code = "webhook-event-not-found"


class BadEndpoint(BadInput):
    code = "bad-endpoint"


class UnknownEvent(BadInput):
    code = "unknown-event"


class NotHeard(Exception):
    """The endpoint did not take an event; `pause` is how many seconds to wait before it is told again."""

    def __init__(self, pause: int) -> None:
        super().__init__(f"The endpoint is told again in {pause} s.")
        self.pause = pause
