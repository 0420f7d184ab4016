"""docs/examples/shop, on another site than the platform: localhost and 127.0.0.1 are strangers to a browser."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from paraph import pades
from paraph_testing.cast import BOB
from paraph_testing.demo import Platform
from playwright.sync_api import Browser, FrameLocator, Page, expect

pytestmark = pytest.mark.browser

SHOP = Path(__file__).resolve().parents[3] / "docs" / "examples" / "shop" / "shop.py"
PATIENCE = 90_000  # milliseconds; a clock that jumps, as a halted machine’s does, makes no time-stamps for a minute


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Iterator[str]:
    """The shop's address, once it is open."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"PARAPH_API": f"{platform.url}/api", "PARAPH_TOKEN": platform.account.token, "PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, SHOP], env=os.environ | options, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        assert running.stdout
        said = running.stdout.readline()
        assert f"http://localhost:{port}/" in said
        yield f"http://localhost:{port}"
        running.kill()


@pytest.fixture
def strangers_site() -> Iterator[Callable[[str], str]]:
    """A site that nobody has allowed; it answers whatever HTML it is given."""
    content = {"html": ""}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = content["html"].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()

    def answering(html: str) -> str:
        content["html"] = html
        return f"http://localhost:{server.server_port}/"

    yield answering
    server.shutdown()
    server.server_close()


@pytest.fixture
def victim(browser: Browser) -> Iterator[Page]:
    """Somebody who visits the stranger's site; their browser may complain."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def order(page: Page, shop: str) -> FrameLocator:
    """Bob orders; the frame in which he is to sign."""
    page.goto(f"{shop}/")
    page.get_by_role("button", name="Finaliser ma commande").click()
    page.wait_for_url(f"{shop}/orders/*")
    return page.frame_locator("paraph-sign iframe")


def agree(frame: FrameLocator) -> None:
    frame.locator("[name=agreed]").check(timeout=PATIENCE)
    frame.locator("form.consent button").click()
    frame.locator("[name=code]").wait_for()


def sign(frame: FrameLocator, inbox: Any, *, after: int) -> None:
    frame.locator("[name=code]").fill(inbox.code(BOB.phone_number, after=after))
    frame.locator("main form button").first.click()
    frame.locator("form[data-mark-form] > button").click()


def invitation(page: Page) -> str:
    return page.locator("paraph-sign").get_attribute("src") or ""


def session(page: Page) -> str:
    """The address of the page in the frame."""
    [found] = [each.url for each in page.frames if "/framed/" in each.url]
    return found


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_from_the_order_to_the_signed_contract(
    width: int,
    height: int,
    platform: Platform,
    shop: str,
    inbox: Any,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
) -> None:
    before = inbox.last
    bob = visit(width, height, "fr-FR")
    bob.goto(f"{shop}/")
    look(bob, "shop-order")
    frame = order(bob, shop)
    frame.locator("[name=agreed]").wait_for(timeout=PATIENCE)
    look(bob, "shop-read")
    assert frame.locator("iframe").count() == 0
    tall = bob.locator("paraph-sign iframe").bounding_box()
    assert tall
    assert tall["height"] > 900, "all of the document is there to be read, without a second scrollbar"
    agree(frame)
    look(bob, "shop-code")
    low = bob.locator("paraph-sign iframe").bounding_box()
    assert low
    assert low["height"] < tall["height"]
    assert low["y"] >= 0, "the next page begins where Bob can see it"
    frame.locator("[name=code]").fill(inbox.code(BOB.phone_number, after=before))
    frame.locator("main form button").first.click()
    frame.locator("canvas").wait_for()
    look(bob, "shop-sign")
    frame.locator("form[data-mark-form] > button").click()
    bob.get_by_role("heading", name="signée et payée").wait_for(timeout=PATIENCE)
    look(bob, "shop-paid")
    assert not bob.context.cookies(platform.url), "the frame has done without"

    with urllib.request.urlopen(f"{bob.url}/contract.pdf") as answer:
        [signature] = pades.read(answer.read())
    assert "CN=Bob Durand" in signature.signer


def test_the_events_of_the_component(shop: str, visit: Callable[..., Page]) -> None:
    bob = visit()
    bob.add_init_script(
        """addEventListener("message", ({ data, origin }) => (window.told ??= []).push([origin, data]))"""
    )
    frame = order(bob, shop)
    frame.locator("[name=agreed]").wait_for(timeout=PATIENCE)
    platform = "{0.scheme}://{0.netloc}".format(urlsplit(invitation(bob)))
    bob.wait_for_function("told.some(([, data]) => data.type === 'resize')")
    told = bob.evaluate("told")
    assert {origin for origin, _ in told} == {platform}
    assert told[0][1]["type"] == "ready"
    assert told[0][1]["workflowId"].startswith("wfl_")
    frame.get_by_role("link", name="Refuser").click()
    frame.locator("textarea").fill("Trop cher")
    with bob.expect_response(lambda answer: answer.url.endswith("/return")) as verified:
        frame.get_by_role("button", name="Refuser").click()
    assert verified.value.status == 303
    bob.get_by_role("heading", name="Commande annulée").wait_for(timeout=PATIENCE)


def test_who_closes_the_page_leaves(shop: str, visit: Callable[..., Page]) -> None:
    bob = visit()
    frame = order(bob, shop)
    frame.get_by_role("button", name="Fermer").click(timeout=PATIENCE)
    bob.wait_for_url(f"{shop}/")


def test_the_frame_is_named_and_reached_by_keyboard(shop: str, visit: Callable[..., Page]) -> None:
    bob = visit()
    frame = order(bob, shop)
    frame.locator("[name=agreed]").wait_for(timeout=PATIENCE)
    assert bob.locator("paraph-sign iframe").get_attribute("title") == "Signature du bon de commande"
    bob.evaluate("document.querySelector('paraph-sign').focus()")
    bob.keyboard.press("Tab")
    bob.keyboard.press("Tab")
    expect(frame.locator(":focus")).to_have_count(1)


def test_a_forged_return_pays_nothing(shop: str, inbox: Any, visit: Callable[..., Page]) -> None:
    """Mallory's own code, of another order that was signed, and one that she made up."""
    before, mallory, bob = inbox.last, visit(), visit()
    frame = order(mallory, shop)
    agree(frame)
    with mallory.expect_request(lambda asked: asked.url.endswith("/return"), timeout=PATIENCE) as paid:
        sign(frame, inbox, after=before)
    code = (paid.value.post_data or "").removeprefix("code=")
    order(bob, shop)
    for each in (code, "signed", ""):
        answer = bob.request.post(f"{bob.url}/return", form={"code": each})
        assert answer.status == 403
        assert bob.request.get(f"{bob.url}/return?outcome=signed&code={each}").status == 403
    bob.reload()
    expect(bob.get_by_role("heading", name="Signez votre commande")).to_be_visible()


def test_by_redirect_where_no_frame_is_shown(shop: str, inbox: Any, visit: Callable[..., Page], look: Any) -> None:
    """The link inside the component, which a browser without frames shows."""
    before, bob = inbox.last, visit(390, 844, "fr-FR")
    bob.route("**/static/paraph/paraph-sign.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    order(bob, shop)
    bob.get_by_role("link", name="Signer sur la page de signature").click()
    assert "token" not in bob.url
    look(bob, "redirected-read")
    page: Any = bob
    agree(page)
    sign(page, inbox, after=before)
    back = bob.get_by_role("link", name="Continuer vers")
    back.wait_for(timeout=PATIENCE)
    bob.locator("a[href$='/signed']").wait_for(timeout=PATIENCE)
    look(bob, "redirected-done")
    back.click()
    bob.get_by_role("heading", name="signée et payée").wait_for(timeout=PATIENCE)
    assert "code" not in bob.url


def test_the_link_appears_when_the_frame_says_nothing(shop: str, visit: Callable[..., Page]) -> None:
    bob = visit()
    bob.clock.install()
    bob.route("**/invite?token=*", lambda route: route.fulfill(body="<p>Blocked by the company"))
    order(bob, shop)
    link = bob.get_by_role("link", name="Signer sur la page de signature")
    expect(link).to_be_hidden()
    bob.clock.fast_forward(11_000)
    expect(link).to_be_visible()


def test_the_browser_refuses_to_show_it_on_another_site(
    shop: str, visit: Callable[..., Page], victim: Page, strangers_site: Callable[[str], str]
) -> None:
    bob = visit()
    frame = order(bob, shop)
    frame.locator("[name=agreed]").wait_for(timeout=PATIENCE)
    for address in (invitation(bob), session(bob)):
        blocked = [each for each in shown(victim, strangers_site, address) if "frame-ancestors" in each]
        assert blocked, address
        assert victim.frame_locator("iframe").locator("[name=agreed]").count() == 0


def test_nor_within_the_shop_on_another_site(
    shop: str, visit: Callable[..., Page], victim: Page, strangers_site: Callable[[str], str]
) -> None:
    """Clickjacking by way of the site that is allowed: every ancestor counts."""
    bob = visit()
    order(bob, shop)
    assert [each for each in shown(victim, strangers_site, bob.url) if "frame-ancestors" in each]


def shown(page: Page, strangers_site: Callable[[str], str], address: str) -> list[str]:
    """What the browser says when the stranger's site shows an address in a frame."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(strangers_site(f'<iframe src="{address}" width="900" height="900"></iframe>'))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    return said


def test_a_session_cannot_be_handed_to_somebody_else(shop: str, visit: Callable[..., Page]) -> None:
    """Mallory begins, and has Bob open what she began: his code would be hers."""
    mallory, bob = visit(), visit()
    frame = order(mallory, shop)
    agree(frame)
    answer = bob.goto(session(mallory))
    assert answer
    assert answer.status == 404
    assert bob.locator("[name=code]").count() == 0


def test_another_sites_form_does_nothing(
    shop: str, visit: Callable[..., Page], victim: Page, strangers_site: Callable[[str], str]
) -> None:
    """Even one who knows the secret address has no form of hers accepted."""
    bob = visit()
    frame = order(bob, shop)
    frame.locator("[name=agreed]").wait_for(timeout=PATIENCE)
    fields = frame.locator("form.consent").evaluate("form => Object.fromEntries(new FormData(form))")
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in {**fields, "agreed": "on"}.items())
    action = f"{session(bob)}accept"
    forged = f'<iframe name="in"></iframe><form id="f" method="post" target="in" action="{action}">{inputs}</form>'
    with victim.expect_response(action) as answer:
        victim.goto(strangers_site(f"{forged}<script>document.forms.f.submit()</script>"))
    assert answer.value.status == 403
    bob.reload()
    frame.locator("[name=agreed]").wait_for(timeout=PATIENCE)


def test_no_site_is_returned_to_that_was_not_allowed(platform: Platform, shop: str, visit: Callable[..., Page]) -> None:
    bob = visit()
    frame = order(bob, shop)
    frame.locator("[name=agreed]").wait_for(timeout=PATIENCE)
    workflow = bob.frames[1].locator("meta[name=paraph-framed]").get_attribute("data-workflow-id")
    wanted = {"recipientPhone": BOB.phone_number, "redirectUrl": "https://evil.example/"}
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    answer = bob.request.post(f"{platform.url}/api/workflows/{workflow}/invite", data=wanted, headers=headers)
    assert answer.status == 400
    assert json.loads(answer.body())["code"] == "OriginNotAllowed"


def test_it_works_where_no_cookie_is_kept(shop: str, inbox: Any, visit: Callable[..., Page]) -> None:
    """As Safari keeps none of a frame's, and nor does a private window: here, they are lost after every answer."""
    before, bob = inbox.last, visit(390, 844, "fr-FR")
    bob.on("response", lambda _: bob.context.clear_cookies())
    frame = order(bob, shop)
    agree(frame)
    sign(frame, inbox, after=before)
    bob.get_by_role("heading", name="signée et payée").wait_for(timeout=PATIENCE)
