"""The worker keeps the trusted lists of the Member States: once a day, and every hour while that fails."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import fetch
from paraph.errors import Unavailable
from paraph_server import trust
from paraph_server.config.options import Options
from paraph_server.signing.tasks import refresh_lists
from paraph_testing.pki import Pki
from paraph_testing.trustlist import LISTS, Publisher


class Internet:
    """Where the lists are, or nothing."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher, self.away, self.asked = publisher, False, 0

    def get(self, address: str, **_: object) -> fetch.Answer:
        self.asked += 1
        if self.away:
            raise Unavailable(f"{address} does not answer.")
        return fetch.Answer(200, "application/vnd.etsi.tsl+xml", self.publisher.get(address))


@pytest.fixture
def internet(tmp_path: Path, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    internet = Internet(Publisher(Pki(noon)))
    signer = tmp_path / "commission.pem"
    signer.write_bytes(internet.publisher.signer.certificate.public_bytes(Encoding.PEM))
    set_up = Options(trusted_lists_dir=tmp_path / "lists", lotl_url=LISTS, lotl_signers=signer)
    monkeypatch.setattr(trust, "options", lambda: set_up)
    monkeypatch.setattr(fetch, "get", internet.get)
    trust.trusted_lists.cache_clear()
    yield internet
    trust.trusted_lists.cache_clear()


def refresh(at: datetime) -> None:
    refresh_lists(int(at.timestamp()))


def test_once_a_day(internet: Internet, noon: datetime) -> None:
    pki = internet.publisher.pki
    refresh(noon)
    lists = trust.trusted_lists()
    assert lists is not None
    found = lists.qualification(pki.qualified.certificate, pki.qualified.chain, at=noon)
    assert found is not None
    assert found.qualified
    refresh(noon + timedelta(hours=23))
    assert internet.asked == 2
    refresh(noon + timedelta(hours=25))
    assert internet.asked == 4


def test_while_they_cannot_be_had_the_old_ones_hold(
    internet: Internet, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    refresh(noon)
    internet.away = True
    refresh(noon + timedelta(days=2))
    assert "does not answer" in caplog.text
    pki, lists = internet.publisher.pki, trust.trusted_lists()
    assert lists is not None
    assert lists.qualification(pki.qualified.certificate, pki.qualified.chain, at=noon + timedelta(days=2))
