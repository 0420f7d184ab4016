"""Whoever can write `Client-Cert` can be anybody: it counts from the operator's proxies, and from nobody else."""

from collections.abc import Callable

import pytest
from cryptography import x509
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from paraph.errors import UnusableCertificate
from paraph_server.web.client_certificates import only_from_proxies, shown
from paraph_testing.pki import Pki
from paraph_testing.proxy import header, nginx_header
from paraph_testing.status import StatusService


def came(address: str, **headers: str) -> HttpRequest:
    """What of a request reaches the pages."""
    reached: list[HttpRequest] = []

    def page(request: HttpRequest) -> HttpResponse:
        reached.append(request)
        return HttpResponse()

    only_from_proxies(page)(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))
    return reached[0]


@pytest.mark.parametrize("write", [header, nginx_header])
def test_what_the_proxy_tells_is_believed(
    browsers_show: StatusService, write: Callable[[x509.Certificate], str]
) -> None:
    bob = browsers_show.pki.bob
    told = {"client-cert": write(bob.certificate)}
    assert shown(came("127.0.0.1", **told)) == [bob.certificate]
    assert shown(came("::ffff:127.0.0.1", **told)) == [bob.certificate]


def test_the_issuers_come_along(browsers_show: StatusService) -> None:
    bob = browsers_show.pki.bob
    chain = ", ".join(header(each) for each in bob.chain)
    found = shown(came("127.0.0.1", **{"client-cert": header(bob.certificate), "client-cert-chain": chain}))
    assert found == [bob.certificate, *bob.chain]


@pytest.mark.parametrize("address", ["127.0.0.2", "203.0.113.9", "unix:", ""])
def test_what_anybody_else_writes_reaches_nobody(browsers_show: StatusService, address: str) -> None:
    told = {"client-cert": header(browsers_show.pki.bob.certificate), "x-forwarded-for": "127.0.0.1"}
    request = came(address, **told)
    assert "Client-Cert" not in request.headers
    assert shown(request) == []


def test_where_no_proxy_is_named_nobody_is_believed() -> None:
    assert shown(came("127.0.0.1", **{"client-cert": header(Pki().bob.certificate)})) == []


def test_the_issuers_alone_are_nobodys(browsers_show: StatusService) -> None:
    assert shown(came("127.0.0.1", **{"client-cert-chain": header(browsers_show.pki.bob.certificate)})) == []


@pytest.mark.parametrize(
    "told",
    [":AAAA:", ":%%:", "::", "-----BEGIN%20CERTIFICATE-----", "AAAA", "a" * 20_000, ":" + "é" * 8 + ":", ",,,", " , "],
)
def test_what_cannot_be_read_is_refused(browsers_show: StatusService, told: str) -> None:
    with pytest.raises(UnusableCertificate):
        shown(came("127.0.0.1", **{"client-cert": told}))


def test_a_chain_without_end_is_refused(browsers_show: StatusService) -> None:
    own = header(browsers_show.pki.bob.certificate)
    with pytest.raises(UnusableCertificate):
        shown(came("127.0.0.1", **{"client-cert": own, "client-cert-chain": ",".join([own] * 6)}))
