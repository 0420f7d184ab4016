"""What a grant's file says is checked when it is granted, not when somebody enrols."""

import est
import pytest
from live import CEREMONY
from paraph_trust.enrolment.order import read
from paraph_trust.errors import InvalidRequest

EXAMPLE = CEREMONY.parents[1] / "grants" / "seal.toml"


@pytest.mark.parametrize("order", [EXAMPLE.read_text(), est.SEAL, *est.OTHERS.values()])
def test_each_kind_is_understood(order: str) -> None:
    assert read(order).open_days == 7


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('label = "seal"', 'label = "ca"'),
        ('label = "seal"', ""),
        ("days = 90", "days = 0"),
        ("days = 90", "days = 90\nopen_days = 91"),
        ("days = 90", "days = 90\nsigns_days = 9"),
        ('policies = ["1.3.6.1.4.1.32473.1.2"]', ""),
        ('country = "FR"', 'country = "France"'),
        ('name = "Atelier Bob"', 'name = "Atelier\\u202e Bob"'),
        ("[organisation]", "[organisation"),
    ],
)
def test_one_that_could_not_be_issued_is_refused(old: str, new: str) -> None:
    assert old in est.SEAL
    with pytest.raises(InvalidRequest):
        read(est.SEAL.replace(old, new, 1))
