"""The page at which everybody signs in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from paraph_server.authentication import webauthn
from paraph_server.web import client_certificates
from paraph_server.web.errors import PlatformError


def show(
    request: HttpRequest, error: PlatformError | None = None, *, email: str = "", with_password: bool = True
) -> HttpResponse:
    """It, with what stood in the way."""
    context = {
        "fault": str(error or ""),
        "email": email,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "with_password": with_password,
        "passkeys": webauthn.possible(),
        "certificates": client_certificates.page_at("/sign-in/certificate/"),
    }
    return render(request, "accounts/sign_in.html", context, status=error.status if error else 200)
