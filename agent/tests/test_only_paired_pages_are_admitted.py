import pytest
from paraph_agent.door import Door, NotPairedError

DOOR = Door(frozenset({"https://sign.example.org"}))


@pytest.mark.parametrize("host", ["127.0.0.1:24727", "localhost:24727", "[::1]:24727", "127.0.0.1"])
def test_a_paired_platform_is_admitted(host: str) -> None:
    assert DOOR.admit(origin="https://sign.example.org", host=host) == "https://sign.example.org"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://sign.example.org",
        "https://sign.example.org.mallory.example",
        "https://sign.example.org:8443",
        "https://mallory.example",
    ],
)
def test_mallorys_page_is_not(origin: str) -> None:
    with pytest.raises(NotPairedError):
        DOOR.admit(origin=origin, host="127.0.0.1:24727")


def test_a_name_pointed_at_this_machine_does_not_open_the_door() -> None:
    with pytest.raises(NotPairedError):
        DOOR.admit(origin="https://sign.example.org", host="mallory.example:24727")


def test_a_platform_paired_without_encryption_is_still_refused() -> None:
    with pytest.raises(NotPairedError):
        Door(frozenset({"http://sign.example.org"})).admit(origin="http://sign.example.org", host="127.0.0.1:24727")
