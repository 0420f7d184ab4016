"""The certificate that a browser showed to the proxy before us, as that one tells of it (RFC 9440).

Whoever can write the header can be anybody: it is taken from the proxies in `PARAPH_CLIENT_CERTIFICATE_PROXIES` only,
which are not those whose `X-Forwarded-For` is believed, because these might let a browser's own header pass.
"""

import base64
import binascii
from collections.abc import Callable
from urllib.parse import unquote_to_bytes, urljoin

from cryptography import x509
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from paraph import certs
from paraph.errors import UnusableCertificate

from paraph_server.config.options import options
from paraph_server.web import address

HEADERS = ("HTTP_CLIENT_CERT", "HTTP_CLIENT_CERT_CHAIN")
LONGEST = 16 * 1024  # characters
MOST = 6  # certificates of a chain


def only_from_proxies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """From everybody else it does not reach us."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not (options().client_certificates and address.came_through(request, options().certificate_proxies)):
            for name in HEADERS:
                request.META.pop(name, None)
        return get_response(request)

    return middleware


def shown(request: HttpRequest) -> list[x509.Certificate]:
    """The browser's certificate and the issuers that came along; none where it showed none.

    Raises:
        UnusableCertificate: the proxy's header cannot be read.
    """
    own, chain = (str(request.META.get(name, "")) for name in HEADERS)
    found = [each for each in [own, *chain.split(",")] if each.strip()] if own.strip() else []
    if len(own) + len(chain) > LONGEST or len(found) > MOST:
        raise UnusableCertificate("The certificate that the proxy tells of is too long.")
    return [_read(each.strip()) for each in found]


def page_at(path: str) -> str:
    """Where a page of ours is asked for with a certificate; nowhere, where no proxy asks for one."""
    return f"{options().certificate_url}{path}" if options().client_certificates else ""


def go_on(request: HttpRequest, path: str) -> HttpResponse:
    """From such a page to one without: over a page of ours, as our headers forbid forms to lead to another origin."""
    if options().certificate_url == options().public_url:
        return HttpResponseRedirect(path)
    context = {"address": urljoin(f"{options().public_url}/", path), "provider": {"name": "Paraph"}, "home": "/"}
    return render(request, "leaving.html", context)


def _read(written: str) -> x509.Certificate:
    """Base64 between colons (RFC 9651 §3.3.5), or PEM as nginx escapes it (`$ssl_client_escaped_cert`)."""
    if written.startswith(":"):
        try:
            encoded = base64.b64decode(written.strip(":"), validate=True)
        except (binascii.Error, ValueError):
            raise UnusableCertificate("The certificate that the proxy tells of is not Base64.") from None
        return certs.read(encoded)[0]
    return certs.read(unquote_to_bytes(written))[0]
