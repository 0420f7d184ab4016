"""A Django view that does nothing, served as the platform is: what no answer can be faster than."""

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from granian.constants import HTTPModes, Interfaces
from granian.server import MPServer


def nothing(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    return JsonResponse({})


urlpatterns = [path("", nothing)]


def application() -> Callable[..., Any]:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="nothing", MIDDLEWARE=[])
    return get_wsgi_application()


if __name__ == "__main__":
    MPServer(
        "benchmarks.empty",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        blocking_threads=4,
    ).serve(target_loader=application, wrap_loader=False)
