"""A signer shows the certificate in their browser. No decisions here."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from paraph_server.identification.certificates import shown
from paraph_server.signing import acts
from paraph_server.signing.queries import Act
from paraph_server.signing.screens import identify, screen, send_next
from paraph_server.signing.visits import SIGNING, by, hold, of_act
from paraph_server.web.client_certificates import go_on
from paraph_server.web.errors import PlatformError


@of_act
@require_http_methods(["GET", "POST"])
def show_certificate(request: HttpRequest, act: Act) -> HttpResponse:
    """Say whose it is; who agrees has shown it."""
    at = timezone.now()
    try:
        found = shown(request, at=at)
        if request.method == "POST":
            hold(request, act, acts.show_certificate(act, found, by=by(request), at=at))
            send_next(request, act)  # a code, where that comes next; the page it leads to says the rest
            return go_on(request, reverse("signing", args=[act.id]))
    except PlatformError as error:
        return identify(request, act, fault=str(error), status=error.status)
    return screen(request, act, "certificate", found=found)


urlpatterns = [path(f"{SIGNING}/certificate", show_certificate, name="show-certificate")]
