"""Nobody overwrites what they have not seen: `ETag`, `If-None-Match` and `If-Match` (RFC 9110 §13).

A version is a digest of the answer that a GET gives: whatever a resource is made of, and wherever its parts are kept,
it changes exactly when what a program sees changes. A change asked for with `If-Match` first locks what stands in its
address, then reads it as the program would, and is carried out in the same transaction.
"""

import contextlib
import copy
import functools
from hashlib import blake2b
from http import HTTPStatus

from django.apps import apps
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.calls.errors import Changed
from paraph_server.web.door import Door

REFUSED = 400


def stamped(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with its version, or without its content when the program has it already.

    Raises:
        Changed: the program wants to read one version only, and it is gone.
    """
    if response.status_code != HTTPStatus.OK or not isinstance(response, HttpResponse) or "ETag" in response.headers:
        return response
    version = f'"{blake2b(response.content, digest_size=15).hexdigest()}"'
    response.headers["ETag"] = version
    if request.method in {"GET", "HEAD"}:
        known = parse_etags(request.headers.get("If-None-Match", ""))
        if known == ["*"] or version in (each.removeprefix("W/") for each in known):
            return HttpResponseNotModified(headers={"ETag": version})
    return response


def guarded(request: HttpRequest, door: Door, **place: str) -> HttpResponseBase:
    """Carry out a change, if what it is about is still what the program has read.

    Raises:
        Changed: it is not.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return door(request, **place)
    with transaction.atomic():
        for identifier in place.values():
            _lock(request.user.pk if identifier == "me" and isinstance(request.user, User) else identifier)
        current = _read(request)
        if current.status_code != HTTPStatus.OK:
            return current
        if wanted.strip() != "*" and current.headers.get("ETag") not in parse_etags(wanted):
            raise Changed(_("Somebody else has changed this in the meantime. Read it again."))
        response = door(request, **place)
        if response.status_code >= REFUSED:
            transaction.set_rollback(True)
        return response


def _read(request: HttpRequest) -> HttpResponseBase:
    """What a GET answers at this address, or at the nearest one above it that can be read.

    Raises:
        Changed: there is none, and so no version that could be the right one.
    """
    asking = copy.copy(request)
    asking.method = "GET"
    asking.META = {name: value for name, value in request.META.items() if name != "HTTP_IF_NONE_MATCH"}
    vars(asking).pop("headers", None)  # they are made of META again
    address = request.path_info
    while address:
        with contextlib.suppress(Resolver404):
            match = resolve(address)
            response = match.func(asking, **match.kwargs)
            if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                return stamped(request, response)
        address = address.rstrip("/").rpartition("/")[0]
    raise Changed(_("What is made here has no version yet."))


def _lock(identifier: str) -> None:
    """Nobody else changes what has this id until the transaction ends.

    What changes together with something larger (`changes_with`) is locked with that.
    """
    model = _models().get(identifier.partition("_")[0])
    if model is None:
        return
    found = model._default_manager.filter(pk=identifier)  # noqa: SLF001  Django's own name for it
    if whole := getattr(model, "changes_with", ""):
        larger = functools.reduce(_related, whole.split("__"), model)
        found = larger._default_manager.filter(pk__in=found.values(whole))  # noqa: SLF001
    found.select_for_update().only("pk").first()


def _related(model: type[models.Model], field: str) -> type[models.Model]:
    return model._meta.get_field(field).related_model  # type: ignore[return-value]  # noqa: SLF001  never "self" here


@functools.cache
def _models() -> dict[str, type[models.Model]]:
    """What the ids stand for, by their prefix."""
    makers = {each: getattr(each._meta.pk, "default", None) for each in apps.get_models()}  # noqa: SLF001
    return {maker.args[0]: each for each, maker in makers.items() if isinstance(maker, functools.partial)}


@functools.cache
def prefixes() -> dict[str, str]:
    """The prefix of the ids of each thing, by its name in addresses."""
    return {model.__name__.lower(): prefix for prefix, model in _models().items()}
