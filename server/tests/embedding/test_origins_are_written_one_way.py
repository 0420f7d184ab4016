import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.embedding import origins
from paraph_server.embedding.errors import BadOrigin


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://shop.example.org", "https://shop.example.org"),
        (" HTTPS://Shop.Example.ORG:443/ ", "https://shop.example.org"),
        ("https://shop.example.org:8443", "https://shop.example.org:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8042", "http://localhost:8042"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_as_browsers_write_them(written: str, origin: str) -> None:
    assert origins.canonical(written) == origin


@pytest.mark.parametrize(
    "written",
    [
        "",
        "*",
        "null",
        "shop.example.org",
        "http://shop.example.org",
        "http://localhost.example.org",
        "https://*.example.org",
        "https://shop.example.org/basket",
        "https://shop.example.org?x",
        "https://shop.example.org#x",
        "https://shop.example.org@evil.example",
        "https://shop.example.org; script-src *",
        "https://shop.example.org https://evil.example",
        "https://shop.example.org:99999",
        "https://[::1",
        "https://straße.example",  # browsers and Python do not agree what this is in ASCII
        "javascript:alert(1)",
        "data:text/html,x",
        "//shop.example.org",
    ],
)
def test_what_is_none(written: str) -> None:
    with pytest.raises(BadOrigin):
        origins.canonical(written)


@pytest.mark.parametrize(
    "address",
    [
        "https:\\\\shop.example.org/x",
        "https://shop.example.org\\@evil.example/",
        "https://shop.example.org/\r\nSet-Cookie: a=b",
        "https://shop.example.org/a b",
        "https://evil.example\t.org/",
        "https://user:word@shop.example.org/",
        "https:///evil.example",
        "javascript://shop.example.org/%0aalert(1)",
        "https://shop.example.org/" + "x" * 2000,
    ],
)
def test_addresses_that_browsers_could_read_otherwise(address: str) -> None:
    with pytest.raises(BadOrigin):
        origins.check_address(address)


@given(st.text() | st.text("htps:/.@#?;*'\\[]%19az \t\r\n").map(lambda rest: f"https://{rest}"))
def test_an_origin_is_safe_in_a_header_and_stays_what_it_is(written: str) -> None:
    try:
        origin = origins.canonical(written)
    except BadOrigin:
        return
    assert not origins.UNSAFE.search(origin)
    assert not set(origin) & set(";,*@? ")
    assert origins.canonical(origin) == origin
