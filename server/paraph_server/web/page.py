"""What every page's frame shows."""

from importlib.metadata import version

from django.http import HttpRequest

from paraph_server.config.options import options

VERSION = version("paraph-server")


def frame(request: HttpRequest) -> dict[str, object]:
    return {
        "version": VERSION,
        "demo": options().demo,
        "log_id": getattr(request, "log_id", ""),
        "framed_by": getattr(request, "framed_by", ""),
    }
