"""The codes are those of RFC 6238, appendix B, cut to six digits; near ones count, used ones do not."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some
from paraph_server.authentication import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("seconds", "expected"), VECTORS.items())
def test_the_vectors_of_the_standard(seconds: int, expected: str) -> None:
    assert totp.code(SECRET, totp.step(datetime.fromtimestamp(seconds, UTC))) == expected[-6:]


@given(some.integers(0, 2**40), some.integers(-3, 3))
def test_a_code_counts_one_step_before_and_after(step: int, away: int) -> None:
    now = datetime.fromtimestamp((step + 10) * totp.STEP % 2**35, UTC)
    code = totp.code(SECRET, totp.step(now) + away)
    found = totp.matching_step(SECRET, code, at=now, after=0)
    if abs(away) <= 1:
        assert found is not None
        assert totp.code(SECRET, found) == code
    else:
        assert found is None or totp.code(SECRET, found) == code


@pytest.mark.parametrize("entered", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "é" * 1000])
def test_what_is_no_code_proves_nothing(entered: str) -> None:
    assert totp.matching_step(SECRET, entered, at=datetime.fromtimestamp(59, UTC), after=0) is None


def test_what_the_qr_code_says_can_be_read_by_every_app() -> None:
    said = totp.address(SECRET, account="alice@example.org", issuer="Paraph Marchand & Co")
    assert said == (
        f"otpauth://totp/Paraph%20Marchand%20%26%20Co:alice%40example.org?secret={SECRET}"
        "&issuer=Paraph%20Marchand%20%26%20Co"
    )
