"""nginx asks browsers for certificates: Alice signs in with hers, and Bob proves his name with his."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paraph.keys.file import FileSigner
from paraph_testing import pdfs
from paraph_testing.cast import ALICE, BOB, MALLORY
from paraph_testing.demo import Platform, Ports
from paraph_testing.foreign import free_port
from paraph_testing.proxy import Nginx, header
from paraph_testing.status import StatusService
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Look = Callable[[Page, str], None]
SIZES = [(390, 844, "fr", "fr-FR"), (1280, 800, "en", "en-GB")]


class BehindNginx(Platform):
    """With the settings that an operator adds for it."""

    port = 0

    def environment(self, module: str) -> dict[str, str]:
        own = {
            "PARAPH_CLIENT_CERTIFICATE_URL": f"https://127.0.0.1:{self.port}",
            "PARAPH_CLIENT_CERTIFICATE_PROXIES": "127.0.0.1",
            "PARAPH_CLIENT_CERTIFICATE_ROOTS": str(self.folder / "browsers.pem"),
        }
        return super().environment(module) | (own if module == "paraph_server" else {})


@dataclass
class House:
    """The platform behind its proxy, and whose certificates it takes."""

    platform: Platform
    proxy: Nginx
    authority: StatusService


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with StatusService() as authority:
        folder = tmp_path_factory.mktemp("behind-nginx")
        known = [authority.pki.root.certificate, authority.pki.issuing.certificate]
        (folder / "browsers.pem").write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in known))
        wanted = BehindNginx(folder, Ports.free())
        wanted.port = free_port()
        within = tmp_path_factory.mktemp("nginx")
        with wanted as platform, Nginx(platform.url, within, authorities=known, port=wanted.port) as proxy:
            yield House(platform, proxy, authority)


@pytest.fixture
def platform(house: House) -> Platform:
    return house.platform


@pytest.fixture(params=SIZES, ids=lambda size: str(size[0]))
def size(request: pytest.FixtureRequest) -> tuple[int, int, str, str]:
    found: tuple[int, int, str, str] = request.param
    return found


@pytest.fixture
def showing(house: House, size: tuple[int, int, str, str], visit: Visit) -> Callable[..., Page]:
    """The browser of somebody who has a certificate, or none."""

    def showing(shows: FileSigner | None = None) -> Page:
        shown = [house.proxy.shown(shows)] if shows else []
        return visit(size[0], size[1], size[3], client_certificates=shown, ignore_https_errors=True)

    return showing


def call(platform: Platform, method: str, path: str, body: Any = None, **headers: str) -> Any:
    told = {"Authorization": f"Bearer {platform.account.token}", "Content-Type": "application/json", **headers}
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{platform.url}/api/{path}", content, told, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture
def link(platform: Platform) -> str:
    """Bob's, to a lease for which he shows his certificate."""
    means = {"identificationMeans": ["client-certificate", "email-code"]}
    page = call(platform, "POST", "consentPages", {"name": "Card", **means, "textEn": "I sign.", "textFr": "Je signe."})
    recipient = {
        "email": BOB.email,
        "firstName": BOB.first_name,
        "lastName": BOB.last_name,
        "preferredLocale": "en",
        "consentPageId": page["id"],
    }
    made = call(platform, "POST", "users/me/workflows", {"name": "Lease", "steps": [{"recipients": [recipient]}]})
    profile = call(platform, "GET", "signatureProfiles")["items"][0]["id"]
    file = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="Lease.pdf"'}
    call(platform, "POST", f"workflows/{made['id']}/parts?signatureProfileId={profile}", pdfs.invoice(), **file)
    call(platform, "PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"})
    invited = call(platform, "POST", f"workflows/{made['id']}/invite", {"recipientEmail": BOB.email})
    return str(invited["inviteUrl"])


def test_alice_signs_in_with_her_certificate(
    house: House,
    platform: Platform,
    showing: Callable[..., Page],
    size: tuple[int, int, str, str],
    look: Look,
    sign_in: Callable[[Page], None],
) -> None:
    language, own = size[2], house.authority.pki.in_browser(ALICE)
    alice = showing(own)
    sign_in(alice)
    alice.goto(f"{platform.url}/people/{platform.account.user_id}/certificates/")
    if alice.locator("ul.entries").count():
        alice.locator("details.card > summary").click()
    look(alice, f"certificates-none-{language}")
    alice.locator("[name=pem]").fill(own.certificate.public_bytes(Encoding.PEM).decode())
    alice.locator("main details.card form button").click()
    alice.locator("ul.entries").wait_for()
    look(alice, f"certificates-{language}")
    alice.locator(".menu summary").click()
    alice.locator("form[action='/sign-out/'] button").click()
    look(alice, f"door-certificate-{language}")
    alice.locator("main a[href*='/sign-in/certificate/']").click()
    look(alice, f"sign-in-certificate-{language}")
    assert alice.url.startswith(house.proxy.url)
    alice.locator("main form button").click()
    alice.wait_for_url(f"{platform.url}/")
    assert alice.locator(".menu summary").count() == 1


def test_a_browser_without_one_is_told_so(
    house: House, showing: Callable[..., Page], size: tuple[int, int, str, str], look: Look
) -> None:
    page = showing()
    told = header(house.authority.pki.in_browser(ALICE).certificate)
    page.set_extra_http_headers({"Client-Cert": told, "Client_Cert": told})
    page.goto(f"{house.proxy.url}/sign-in/certificate/")
    page.locator("main .fault").wait_for()
    assert page.locator("main form button").count() == 0
    look(page, f"sign-in-no-certificate-{size[2]}")


def test_bob_proves_his_name_and_signs(
    house: House, showing: Callable[..., Page], size: tuple[int, int, str, str], link: str, look: Look, inbox: Any
) -> None:
    before, language = inbox.last, size[2]
    bob = showing(house.authority.pki.in_browser(BOB))
    bob.goto(link)
    bob.locator("[name=agreed]").check()
    bob.locator("form.consent button").click()
    bob.locator("main a[href$='/certificate']").wait_for()
    look(bob, f"identify-certificate-{language}")
    bob.locator("main a[href$='/certificate']").click()
    look(bob, f"identify-certificate-shown-{language}")
    bob.locator("main form button").first.click()
    bob.locator("[name=code]").wait_for()
    assert bob.url.startswith(house.platform.url)
    bob.locator("[name=code]").fill(inbox.code(BOB.email, after=before))
    bob.locator("main form button").first.click()
    bob.locator("form[action$='/sign'] button").last.click()
    bob.locator("a[href$='/evidence']").wait_for(timeout=90_000)


def test_mallorys_certificate_is_not_bobs(
    house: House, showing: Callable[..., Page], size: tuple[int, int, str, str], link: str, look: Look
) -> None:
    mallory = showing(house.authority.pki.in_browser(MALLORY))
    mallory.goto(link)
    mallory.locator("[name=agreed]").check()
    mallory.locator("form.consent button").click()
    mallory.locator("main a[href$='/certificate']").click()
    mallory.locator("main form button").first.click()
    mallory.locator("main .fault").wait_for()
    look(mallory, f"identify-certificate-somebody-else-{size[2]}")
