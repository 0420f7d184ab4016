"""The address that is written down and judged: the peer's own, or what the operator's proxies say of it."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.config.options import options
from paraph_server.web import address


@pytest.fixture(autouse=True)
def proxies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PARAPH_TRUSTED_PROXIES", "10.1.0.5, 10.2.0.0/24")
    options.cache_clear()
    yield
    monkeypatch.undo()
    options.cache_clear()


def seen(peer: str, forwarded: str) -> str:
    return address.of(RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded}))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # no proxy of ours
        ("10.1.0.5", "192.0.2.7", "192.0.2.7"),
        ("::ffff:10.1.0.5", "2001:db8::1", "2001:db8::1"),
        ("10.1.0.5", "198.51.100.1, 192.0.2.7", "192.0.2.7"),  # the first was written by the client
        ("10.1.0.5", "192.0.2.7, 10.2.0.9", "192.0.2.7"),
        ("10.1.0.5", "<script>", "10.1.0.5"),
        ("10.1.0.5", "", "10.1.0.5"),
        ("", "192.0.2.7", ""),
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: str, expected: str) -> None:
    assert seen(peer, forwarded) == expected


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=100))
def test_whatever_is_forwarded_an_address_comes_out(forwarded: str) -> None:
    assert len(seen("10.1.0.5", forwarded)) <= 45
