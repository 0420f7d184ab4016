"""Sites that people may be sent on to."""

from urllib.parse import urlsplit

from paraph_server.config.options import options


def of(url: str) -> str:
    """The origin of an address, `""` where it is none that a browser should be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return ""
    return f"{parts.scheme}://{parts.hostname}{f':{port}' if port else ''}"


def allowed(url: str) -> bool:
    """Whether it leads to us, or to a site that the operator named."""
    if any(character in url for character in "\\\r\n\t"):  # which browsers read otherwise
        return False
    return of(url) in {options().public_url, *options().origins}
