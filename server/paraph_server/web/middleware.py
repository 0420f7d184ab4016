"""What every request passes: an id for the log, headers that forbid, errors that explain."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from paraph_server.web import ids, problems
from paraph_server.web.logs import current_request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; "  # the signature as it is drawn, before it is sent
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
NOBODY = "'none'"
LARGEST_BODY = 110 * 2**20  # bytes: the largest document, and the form around it
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def request_id(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Name each request (`X-Log-Id`), so that what a person reports is found in the log."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        log_id = ids.new("log")
        request.log_id = log_id  # type: ignore[attr-defined]  # Django's own way of passing facts along
        token = current_request.set(log_id)
        try:
            response = get_response(request)
        finally:
            current_request.reset(token)
        response.headers["X-Log-Id"] = log_id
        return response

    return middleware


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Nothing is loaded from elsewhere, nothing is framed, and nothing personal stays in a cache."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = content_security_policy()
            response.headers["X-Frame-Options"] = "DENY"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def content_security_policy(*, framed_by: str = NOBODY) -> str:
    """What a page may load, and which site may show it within its own: usually none."""
    return CONTENT_SECURITY_POLICY + framed_by


def body_limit(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse what is too large before any of it is read; a body without a length is not read at all (WSGI)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return problems.answer(request, problems.Problem(413, "too-large", _("This is larger than 100 MB.")))
        return get_response(request)

    return middleware


class ErrorPages:
    """Errors that a view raises and somebody foresaw become problem documents or pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        problem = problems.describe(exception)
        return problems.answer(request, problem) if problem else None
