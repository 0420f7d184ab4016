import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph_agent import links
from paraph_agent.errors import AgentError, BadLink, NotSecure

LINK = "paraph-agent://pair?origin=https%3A%2F%2Fsign.example.org&code=K7QD9XMR"


def test_a_link_names_a_platform_and_a_code() -> None:
    found = links.read(LINK)
    assert (found.origin, found.code, found.by_link) == ("https://sign.example.org", "K7QD9XMR", True)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://sign.example.org/?origin=https%3A%2F%2Fsign.example.org&code=K7QD9XMR",
        LINK.replace("//pair", "//run"),
        LINK.replace("pair?", "pair/x?"),
        LINK.replace("pair?", "mallory@pair?"),
        f"{LINK}&code=AAAAAAAA",
        f"{LINK}&pin=1234",
        f"{LINK}#x",
        LINK.replace("&code=K7QD9XMR", ""),
        LINK.replace("K7QD9XMR", "K7QD9XM"),
        LINK.replace("K7QD9XMR", "K7QD9XM%00"),
        LINK.replace("sign.example.org", "sign.example.org%2Fpath"),
        LINK.replace("sign.example.org", "bank.example%40mallory.example"),
        LINK.replace("sign.example.org", "SIGN.example.org"),
        LINK.replace("sign.example.org", "sign.example.org%3A443"),
        LINK.replace("sign.example.org", "sign.exаmple.org"),  # a Cyrillic letter
        LINK.replace("sign.example.org", "s" * 400),
        LINK.replace("https%3A", "file%3A"),
    ],
)
def test_mallorys_links_are_not(link: str) -> None:
    with pytest.raises(BadLink):
        links.read(link)


def test_a_platform_without_encryption_is_refused() -> None:
    with pytest.raises(NotSecure):
        links.read(LINK.replace("https%3A", "http%3A"))


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("sign.example.org", "https://sign.example.org"),
        ("https://sign.example.org/signing/rcp_1/?x#y", "https://sign.example.org"),
        (" HTTPS://Sign.Example.org:443/ ", "https://sign.example.org"),
        ("https://sign.example.org:8443", "https://sign.example.org:8443"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
    ],
)
def test_people_type_addresses_as_browsers_show_them(typed: str, origin: str) -> None:
    assert links.origin(typed) == origin


@pytest.mark.parametrize("typed", ["k7qd-9xmr", " K7QD 9XMR ", "k7qd9xmr", "Ｋ７ＱＤ９ＸＭＲ"])
def test_people_type_codes_in_their_own_way(typed: str) -> None:
    assert links.code(typed) == "K7QD9XMR"


def test_letters_that_are_taken_for_digits_are() -> None:
    assert links.code("oil0-ZZZZ") == "0110ZZZZ"


@given(st.text())
def test_nothing_else_is_taken(text: str) -> None:
    for read in (links.read, links.origin, links.code):
        try:
            read(text)
        except AgentError:
            continue
