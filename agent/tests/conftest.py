"""A card that is real but for its plastic, a signing page, and Carol, who lends the one to the other."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paraph_agent import flow
from paraph_agent.links import Invitation
from paraph_agent.paired import Platform
from paraph_testing.lending import CODE, Page, Person
from paraph_testing.pki import Pki
from paraph_testing.token import MODULE, Token


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The agent's own folder, its language and its modules; and no pauses."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PARAPH_AGENT_HOME", str(folder))
    monkeypatch.setenv("PARAPH_AGENT_LANGUAGE", "en")
    monkeypatch.setenv("PARAPH_AGENT_MODULES", str(MODULE))
    monkeypatch.setattr(flow, "POLL", 0.01)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    if not (MODULE.exists() and shutil.which("softhsm2-util")):
        pytest.skip("softhsm2 is not installed")
    folder = tmp_path / "softhsm"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def pki() -> Pki:
    return Pki(datetime.now(UTC))


@pytest.fixture
def card(store: Path, pki: Pki) -> Token:
    """Carol's card: her certificate and her issuers'."""
    made = Token(store, "Carol's card")
    made.put(pki.agent, "signature")
    return made


@pytest.fixture
def page() -> Iterator[Page]:
    """A signing page on this machine, over real HTTP."""
    with Page() as page:
        yield page


@pytest.fixture
def carol() -> Person:
    return Person()


@pytest.fixture
def lend(page: Page, carol: Person) -> Callable[[], None]:
    """Carol lends her card to the signing page."""

    def lend(*, by_link: bool = False, code: str = CODE) -> None:
        platform = Platform(page.url, pause=lambda _seconds: None)
        try:
            flow.sign(Invitation(page.url, code, by_link), carol, platform)
        finally:
            platform.close()

    return lend
