"""What a client calls, and how it was answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from paraph_testing import visitor
from paraph_testing.cast import Person
from paraph_testing.demo import Platform

PATIENCE = 90.0  # seconds until a workflow is finished
LINE = 160  # characters


@dataclass
class Walk:
    """Counts the calls that were answered as their client expects."""

    passed: int = 0
    failed: int = 0

    def begin(self, client: Path | str) -> None:
        print(f"\n{client}", flush=True)

    def call(
        self, name: str, act: Callable[..., Any], *given: Any, expect: Callable[[Any], object], **named: Any
    ) -> Any:
        """Make a call of the client; its answer, or an empty one where it raised: the walk goes on to the next."""
        try:
            answer = act(*given, **named)
            holds, says = bool(expect(answer)), repr(answer)
        except Exception as fault:  # noqa: BLE001  whatever a client raises is its opinion of our answer
            answer, holds, says = _Nothing(), False, f"{type(fault).__name__}: {fault}"
        self.passed, self.failed = self.passed + holds, self.failed + (not holds)
        print(f"{'✓' if holds else '✗'} {name:36} {'' if holds else says[:LINE]}".rstrip(), flush=True)
        return answer


class _Nothing(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def api(platform: Platform) -> httpx2.Client:
    """For what the client under test takes from its configuration."""
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    return httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=30)


def choices(platform: Platform) -> tuple[str, str]:
    """A signature profile and a consent page."""
    with api(platform) as http:
        profile, consent = (http.get(name).json()["items"][0]["id"] for name in ("signatureProfiles", "consentPages"))
    return str(profile), str(consent)


def newest(platform: Platform, person: Person) -> int:
    """The number of the last message to somebody."""
    return max((int(each["id"]) for each in visitor.messages(platform, person.email)), default=0)


def await_that(what: Callable[[], bool]) -> None:
    """Until it is true, or for as long as one waits; what did not come fails the call that looks at it."""
    patience = time.monotonic() + PATIENCE
    while not what() and time.monotonic() < patience:
        time.sleep(0.3)


def recipient(person: Person, **more: Any) -> dict[str, Any]:
    """Somebody as these clients write them."""
    return {
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "phoneNumber": person.phone_number,
        "preferredLocale": person.locale,
        "country": person.country,
        **more,
    }
