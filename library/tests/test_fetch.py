"""Whom strangers name is asked only where they may lead."""

from ipaddress import ip_address

import pytest
from paraph import fetch
from paraph.errors import Refused, Unavailable
from paraph_testing.listener import Listener


def test_the_host_keeps_its_name_when_its_number_is_asked() -> None:
    with Listener() as listener:
        url = listener.url.replace("127.0.0.1", "localhost")
        answer = fetch.post(url, b"{}", content_type="application/json", reachable=lambda _: True)
        ((headers, body),) = listener.heard
    assert (answer.status, body) == (200, b"{}")
    assert headers["host"].startswith("localhost:")


def test_a_host_out_of_reach_is_never_connected_to() -> None:
    with Listener() as listener:
        with pytest.raises(Refused, match="not asked from here"):
            fetch.post(
                listener.url,
                b"{}",
                content_type="application/json",
                reachable=lambda address: address != ip_address("127.0.0.1"),
            )
        assert listener.heard == []


@pytest.mark.parametrize("url", ["http://nowhere.invalid/", "http:///path", "http://[::1", "http://a:99999/"])
def test_what_is_no_host_is_unavailable(url: str) -> None:
    with pytest.raises(Unavailable):
        fetch.post(url, b"", content_type="text/plain", reachable=lambda _: True)
