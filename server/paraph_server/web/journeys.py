"""Browsers that leave for somebody else's page and come back: the one that left is the one that counts."""

from typing import Any

from django.http import HttpRequest

MOST = 5
"""Under way at once in one browser, of each kind."""


def remember(request: HttpRequest, kind: str, state: str, begun: Any) -> None:
    """Keep in its session what was `begun`, under the state by which the answer names it (RFC 6749 §4.1.1)."""
    underway = {**request.session.get(kind, {}), state: begun}
    request.session[kind] = dict(list(underway.items())[-MOST:])


def recall(request: HttpRequest, kind: str) -> tuple[str, Any]:
    """The state that an answer names, and what was begun, this once; None where it did not begin here."""
    state = request.GET.get("state", "")
    underway = dict(request.session.get(kind, {}))
    begun = underway.pop(state, None)
    if begun is not None:
        request.session[kind] = underway
    return state, begun
