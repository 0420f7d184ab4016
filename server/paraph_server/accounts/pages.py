"""Sign in and out."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from paraph_server.accounts.errors import TooManySignIns, WrongPassword
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.accounts.sign_in import sign_in as check
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.web import address


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; a wrong one says so without telling which."""
    fault, email = "", request.POST.get("email", "")
    status = 200
    if request.method == "POST":
        try:
            user = check(email, request.POST.get("password", ""), address=address.of(request), at=timezone.now())
        except (WrongPassword, TooManySignIns) as error:
            fault, status = str(error), error.status
        else:
            with tenant_context(user.tenant_id):
                login(request, user, backend=BACKEND)
            return HttpResponseRedirect(_destination(request))
    context = {"fault": fault, "email": email, "next": request.GET.get("next", "")}
    return render(request, "accounts/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/sign-in/")


def _destination(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


urlpatterns = [path("sign-in/", sign_in, name="sign-in"), path("sign-out/", sign_out, name="sign-out")]
