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


# ---------------------------------------------------------------- downloads


def test_a_file_is_read_while_it_arrives() -> None:
    with (
        Listener(body=bytes(3 << 20)) as listener,
        fetch.download(listener.url, reachable=lambda _: True, patience=10) as (status, pieces),
    ):
        sizes = [len(piece) for piece in pieces]
    assert status == 200
    assert sum(sizes) == 3 << 20
    assert max(sizes) < 1 << 20


def test_a_download_leads_nowhere_else() -> None:
    with (
        Listener(status=302) as listener,
        fetch.download(listener.url, reachable=lambda _: True, patience=10) as (status, _pieces),
    ):
        assert status == 302
    assert listener.asked == ["/heard"]


def test_a_download_from_out_of_reach_is_never_begun() -> None:
    with Listener(body=b"secret") as listener:
        with pytest.raises(Refused), fetch.download(listener.url, reachable=lambda _: False, patience=10):
            pytest.fail("it was begun")
        assert listener.asked == []


def test_a_download_that_takes_too_long_is_given_up() -> None:
    with (
        Listener(body=bytes(3 << 20)) as listener,
        pytest.raises(Unavailable, match="too slowly"),
        fetch.download(listener.url, reachable=lambda _: True, patience=-1) as (_status, pieces),
    ):
        list(pieces)
