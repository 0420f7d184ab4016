"""Sign in with a certificate that the browser shows while it connects. No decisions here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.authentication import certificates, sessions
from paraph_server.authentication.errors import NoAccount
from paraph_server.authentication.models import Certificate
from paraph_server.config.options import options
from paraph_server.identification.certificates import shown
from paraph_server.web.client_certificates import go_on
from paraph_server.web.errors import PlatformError


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show whose certificate it is, and whose account it opens; who agrees is in."""
    context: dict[str, Any] = {"next": sessions.destination(request), "door": f"{options().public_url}/sign-in/"}
    try:
        found = shown(request, at=timezone.now())
        opened = certificates.opened_by(found.certificate)
        if not opened:
            raise NoAccount(_("The certificate of %(holder)s opens no account here.") % {"holder": found.holder})
        chosen = next((each for each in opened if each.pk == request.POST.get("account")), None)
        if chosen:
            return _enter(request, chosen)
    except PlatformError as error:
        return render(request, "authentication/certificate.html", context | {"fault": error}, status=error.status)
    return render(request, "authentication/certificate.html", context | {"found": found, "opened": opened})


def _enter(request: HttpRequest, chosen: Certificate) -> HttpResponse:
    with tenant_context(chosen.tenant_id):
        factor = certificates.use(chosen, at=timezone.now())
    led = sessions.begin(request, chosen.user, factor, then=sessions.destination(request))
    return go_on(request, led.url)


urlpatterns = [path("sign-in/certificate/", sign_in, name="sign-in-by-certificate")]
