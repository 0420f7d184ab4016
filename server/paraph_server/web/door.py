"""A door: what answers a request at an address."""

from typing import Protocol

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Door(Protocol):
    def __call__(self, request: HttpRequest, **place: str) -> HttpResponseBase: ...
