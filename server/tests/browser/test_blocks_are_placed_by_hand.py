"""Blocks on the pages of a document: by mouse, finger and keyboard, by the sender and through a viewer's link."""

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paraph_testing import office, pdfs
from paraph_testing.cast import BOB, CAROL
from paraph_testing.demo import Platform
from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

SCREENS = [(390, 844, "en"), (1280, 800, "en"), (390, 844, "fr"), (1280, 800, "fr")]
LOCALES = {"en": "en-GB", "fr": "fr-FR"}


def call(platform: Platform, method: str, path: str, body: object = None, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{platform.url}/api/{path}", content, method=method)
    for name, value in {"Authorization": f"Bearer {platform.account.token}", **headers}.items():
        request.add_header(name.replace("_", "-"), value)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture
def document(platform: Platform) -> str:
    """A contract of two pages, in a draft for Bob and Carol."""
    people = [{"email": each.email, "firstName": each.first_name, "lastName": each.last_name} for each in (BOB, CAROL)]
    steps = [{"stepType": "signature", "recipients": people}]
    json_type = {"Content_Type": "application/json"}
    made = call(platform, "POST", "users/me/workflows", {"name": "Contrat 42", "steps": steps}, **json_type)
    profile = call(platform, "GET", "signatureProfiles")["items"][0]["id"]
    upload = f"workflows/{made['id']}/parts?createDocuments=true&signatureProfileId={profile}"
    [document] = call(platform, "POST", upload, pdfs.contract(2), Content_Type="application/pdf")["documents"]
    return str(document["id"])


@pytest.fixture
def fields(platform: Platform, document: str) -> Callable[[], dict[int, dict[str, Any]]]:
    return lambda: {
        each["signer"]: each for each in call(platform, "GET", f"documents/{document}")["pdfSignatureFields"]
    }


def viewer(platform: Platform, document: str) -> str:
    made = call(platform, "POST", f"documents/{document}/viewer", {}, Content_Type="application/json")
    return str(made["viewerUrl"])


def drag(page: Page, what: Locator, to: Locator, x: float, y: float) -> None:
    """Take something at its middle and let it go at a place of something else."""
    what.evaluate("element => element.scrollIntoView({ block: 'center' })")
    box = what.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    target = to.bounding_box()
    assert target
    page.mouse.move(target["x"] + x * target["width"], target["y"] + y * target["height"], steps=8)
    page.mouse.up()


@pytest.mark.parametrize(("width", "height", "language"), SCREENS)
def test_through_a_link_by_keyboard_and_mouse(
    width: int,
    height: int,
    language: str,
    platform: Platform,
    document: str,
    fields: Callable[[], dict[int, dict[str, Any]]],
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
) -> None:
    page = visit(width, height, LOCALES[language])
    page.goto(viewer(platform, document))
    first, second = page.locator("[data-page='1']"), page.locator("[data-page='2']")
    first.scroll_into_view_if_needed()

    page.locator("[data-signer='1'] [data-add]").press("Enter")
    block = page.locator(".block", has_text="Bob Durand")
    assert block.evaluate("element => element === document.activeElement")
    start = page.locator("#id_signer-1-x").input_value()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowUp", "PageDown"):
        page.keyboard.press(key)
    assert block.evaluate("element => element === document.activeElement")
    assert float(page.locator("#id_signer-1-x").input_value()) == pytest.approx(float(start) + 10, abs=0.2)
    assert "2" in page.locator("[data-said]").inner_text()

    page.locator("[data-signer='2'] [data-add]").click()
    carol = page.locator(".block", has_text=CAROL.name)
    sheet = carol.locator("xpath=..")
    drag(page, carol, sheet, 0.5, 0.5)
    drag(page, carol.locator(".grip"), carol, 1.2, 1.4)
    second.scroll_into_view_if_needed()
    look(page, f"placing-{language}")
    page.locator(".save button").click()
    page.locator(".success").wait_for()
    look(page, f"placed-{language}")

    placed = fields()
    assert placed[1]["imagePage"] == 2
    assert placed[1]["imageWidth"] == pytest.approx(165 + 5 * 72 / 25.4, abs=1)
    assert placed[2]["imageWidth"] > 170


def test_a_block_is_carried_to_another_page(
    platform: Platform, document: str, fields: Callable[[], dict[int, dict[str, Any]]], visit: Callable[..., Page]
) -> None:
    page = visit(1280, 2600)
    page.goto(viewer(platform, document))
    page.locator("[data-signer='1'] [data-add]").click()
    block, second = page.locator(".block"), page.locator("[data-page='2']")
    drag(page, block, second, 0.5, 0.25)
    page.locator(".save button").click()
    page.locator(".success").wait_for()
    field = fields()[1]
    assert field["imagePage"] == 2
    assert field["imageX"] + field["imageWidth"] / 2 == pytest.approx(595 / 2, abs=4)
    assert field["imageY"] + field["imageHeight"] / 2 == pytest.approx(842 / 4, abs=6)


def test_by_finger(
    platform: Platform, document: str, fields: Callable[[], dict[int, dict[str, Any]]], visit: Callable[..., Page]
) -> None:
    page = visit(390, 844)
    page.goto(viewer(platform, document))
    page.locator("[data-page='1']").scroll_into_view_if_needed()
    page.locator("[data-signer='1'] [data-add]").dispatch_event("click")
    block = page.locator(".block")
    block.scroll_into_view_if_needed()
    before, scrolled = block.bounding_box(), page.evaluate("scrollY")
    assert before
    touch = page.context.new_cdp_session(page)
    x, y = before["x"] + 20, before["y"] + 8
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": x - 8 * step, "y": y + 10 * step}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    after = block.bounding_box()
    assert after
    assert page.evaluate("scrollY") == scrolled
    assert after["x"] == pytest.approx(before["x"] - 40, abs=3)
    assert after["y"] == pytest.approx(before["y"] + 50, abs=3)


def test_a_block_is_taken_away_again(
    platform: Platform, document: str, fields: Callable[[], dict[int, dict[str, Any]]], visit: Callable[..., Page]
) -> None:
    page = visit(1280, 800)
    page.goto(viewer(platform, document))
    page.locator("[data-signer='1'] [data-add]").click()
    page.keyboard.press("Delete")
    assert page.locator(".block").count() == 0
    page.locator(".save button").click()
    page.locator(".success").wait_for()
    assert fields() == {}


@pytest.mark.parametrize(("width", "height", "language"), SCREENS[::3])
def test_the_sender_places_blocks_before_sending(
    width: int,
    height: int,
    language: str,
    platform: Platform,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    sign_in: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    picture = tmp_path / "scan.jpg"
    picture.write_bytes(office.picture("JPEG", (800, 1100)))
    alice = visit(width, height, LOCALES[language])
    sign_in(alice)
    alice.goto(f"{platform.url}/workflows/new/")
    alice.locator("[name=documents]").set_input_files(picture)
    alice.locator("[name=name]").fill("Contrat 43")
    for field in ("first_name", "last_name", "email"):
        alice.locator(f"#id_people-0-{field}").fill(getattr(BOB, field))
    look(alice, f"new-with-placing-{language}")
    alice.locator("[name=place]").click()
    alice.wait_for_url("**/documents/doc_*/")
    alice.locator("[data-add]").click()
    look(alice, f"placing-as-sender-{language}")
    alice.locator(".save button").click()
    alice.wait_for_url("**/workflows/wfl_*/")
    look(alice, f"draft-{language}")
    alice.locator("form[action$='/start'] button").click()
    alice.locator(".steps").wait_for()
    assert alice.locator("form[action$='/stop']").count() == 1
