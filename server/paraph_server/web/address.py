"""Where a request comes from, as far as we can know."""

from django.http import HttpRequest


def of(request: HttpRequest) -> str:
    """The peer's address. Forwarded headers are not believed: anyone can write them."""
    return request.META.get("REMOTE_ADDR") or ""


def agent(request: HttpRequest) -> str:
    """The browser's name for itself, cut to what is worth keeping."""
    return request.headers.get("User-Agent", "")[:300]
