"""The door of the CSC API: a known client, a well-formed request, an answer or a refusal in JSON."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ValidationError

from paraph_trust import web
from paraph_trust.clients.models import Client
from paraph_trust.clients.queries import bearer
from paraph_trust.errors import InvalidRequest, TrustError

Request = TypeVar("Request", bound=BaseModel)
Answer = dict[str, object]


def endpoint(
    model: type[Request],
) -> Callable[[Callable[[Client, Request], Answer]], Callable[[HttpRequest], HttpResponse]]:
    """Make a view of a function from a client and its request to an answer."""

    def decorate(respond: Callable[[Client, Request], Answer]) -> Callable[[HttpRequest], HttpResponse]:
        @require_POST
        @wraps(respond)
        def view(request: HttpRequest) -> HttpResponse:
            try:
                client = bearer(request.headers.get("Authorization", ""))
                return JsonResponse(respond(client, parse(model, request)))
            except TrustError as error:
                return web.refusal(error)

        return view

    return decorate


def parse(model: type[Request], request: HttpRequest) -> Request:
    """Read a JSON body.

    Raises:
        InvalidRequest: names the first parameter that is missing or wrong.
    """
    try:
        return model.model_validate_json(web.body(request, content_type="application/json"))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        trouble = f"parameter {where}: {first['msg']}" if where else first["msg"]
        raise InvalidRequest(f"Invalid {trouble}.") from None
