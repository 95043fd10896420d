"""The web chat in a real browser: what is typed, pressed, filled in and dropped, and what is seen."""

import re
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fakes.drawn import alike, filmed, middle, plain, qr
from tests.fakes.outside import decode
from tests.journeys.browsing import NEEDED, chromium, complaining
from tests.journeys.table import MADE
from tests.processes.running import running

pytestmark = [NEEDED, pytest.mark.asyncio(loop_scope="module")]
FAKE = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)  # a camera, and leave to use it
BEFORE_THE_CAMERA = "https://example.com/held-up"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """One browser for the tests of a module, whose camera sees a code."""
    film = tmp_path_factory.mktemp("camera") / "code.y4m"
    film.write_bytes(filmed(qr(BEFORE_THE_CAMERA, scale=10)))
    async with chromium(*FAKE, f"--use-file-for-fake-video-capture={film}") as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def page(tmp_path: Path, browser: Browser) -> AsyncIterator[Page]:
    """The page of a bot with nothing configured; what the browser complains of fails the test."""
    async with running(tmp_path) as bot:
        page = await browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 800})
        complaints = complaining(page)
        await page.goto(bot.url)
        await expect(page.get_by_role("heading", name="Hello! I make QR codes that scan.")).to_be_visible()
        yield page
        await page.close()
    assert complaints == []


async def said(page: Page, text: str) -> None:
    """Type a line and send it."""
    await page.get_by_label("Message").fill(text)
    await page.keyboard.press("Enter")


async def shown(page: Page) -> list[str]:
    """Read the code that is shown large."""
    return decode(await pixels(page))


async def pixels(page: Page) -> bytes:
    """Give the picture that is shown large."""
    address = await page.locator("#picture").get_attribute("src")
    assert address is not None
    return b64decode(address.partition(",")[2])


async def test_a_link_becomes_a_picture_with_buttons(page: Page) -> None:
    """The picture scans, and each button does what it says."""
    await said(page, "https://example.com")
    await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: https://example.com")
    assert await shown(page) == ["https://example.com"]
    for label in MADE:
        await expect(page.get_by_role("button", name=label, exact=True)).to_be_visible()
    await page.get_by_role("button", name="☆ Favourite").first.click()
    await expect(page.get_by_role("button", name="★ Unfavourite")).to_be_visible()
    await page.get_by_role("button", name="File", exact=True).click()
    await page.get_by_role("button", name="SVG", exact=True).click()
    await expect(page.locator("a[download$='.svg']").first).to_be_visible()


async def test_what_opens_under_a_code_stands_in_its_place_also_when_pressed_quickly(page: Page) -> None:
    """Each answer takes the place of the one before, and what is shown large is what stands there."""
    await said(page, "in its place")
    await expect(page.get_by_role("button", name="Style", exact=True)).to_be_visible()
    articles = await page.locator("#log article").count()
    await page.evaluate("""for (const label of ["Style", "File", "More", "Style"])
             [...document.querySelectorAll("#log button")].find((it) => it.textContent === label).click()""")
    await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: Looks", timeout=30_000)
    await page.get_by_role("button", name="2. ink").click()
    await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: in its place", timeout=30_000)
    assert await shown(page) == ["in its place"]
    await expect(page.locator(".own")).to_have_count(1)
    assert await page.locator("#log article").count() == articles


async def test_a_form_says_what_is_wrong_at_its_field(page: Page) -> None:
    """What was right stays, and the key is hidden."""
    await said(page, "/wifi")
    await page.get_by_label("network name").fill("Guest network")
    await page.get_by_label("network key").fill("short")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("A Wi-Fi password has 8 to 63 characters.")).to_be_visible()
    await expect(page.get_by_label("network name")).to_have_value("Guest network")
    await expect(page.get_by_label("network key")).to_have_attribute("type", "password")
    await page.get_by_label("network key").fill("long enough")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: Wi-Fi: Guest network")
    assert await shown(page) == ["WIFI:T:WPA;S:Guest network;P:long enough;;"]


async def test_a_picture_that_is_chosen_is_read(page: Page) -> None:
    """Whatever its code says is shown as text, never as markup."""
    await chosen(page, qr("<b>bold & brave</b>"))
    await expect(page.get_by_text("<b>bold & brave</b>")).to_be_visible()


async def chosen(page: Page, buffer: bytes) -> None:
    """Choose a file, as by the paper clip."""
    await page.locator("#file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": buffer})


async def test_a_command_that_takes_a_picture_goes_with_it(page: Page) -> None:
    """What is typed goes along and leaves the line; the next code wears the logo; any other text stays."""
    line = page.get_by_label("Message")
    await line.fill("/logo")
    await chosen(page, plain("tomato"))
    await expect(page.get_by_text("/logo · a.png")).to_be_visible()
    await expect(line).to_have_value("")
    await said(page, "with my logo")
    await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: with my logo")
    assert await shown(page) == ["with my logo"]
    assert alike(middle(await pixels(page)), (255, 99, 71))
    await line.fill("a text not finished")
    await chosen(page, qr("read me"))
    await expect(page.get_by_text("read me")).to_be_visible()
    await expect(line).to_have_value("a text not finished")


async def test_a_picture_is_checked_and_the_sheet_can_be_saved(page: Page) -> None:
    """With the word in the line."""
    await page.get_by_label("Message").fill("prove")
    await chosen(page, qr("check me"))
    await expect(page.get_by_text("of 100")).to_be_visible()
    await expect(page.locator("a[download='scan-check.png']").first).to_be_visible()


async def test_words_are_suggested_and_taken_by_the_keyboard(page: Page) -> None:
    """Tab takes the first."""
    await page.get_by_label("Message").press_sequentially("/hist")
    await expect(page.get_by_role("button", name="/history")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Message")).to_have_value("/history ")


async def test_it_fits_a_phone(page: Page) -> None:
    """Nothing is wider than the screen, and the picture is seen after it was made."""
    await page.set_viewport_size({"width": 360, "height": 740})
    await said(page, "https://example.com/on-a-phone")
    await expect(page.locator("#picture")).to_be_in_viewport()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


async def test_what_somebody_said_stays_whole_when_there_is_more_than_fits(page: Page) -> None:
    """The conversation scrolls; nothing in it is squeezed."""
    await page.set_viewport_size({"width": 1280, "height": 500})
    await said(page, "https://example.com/said-first")
    await expect(page.locator("#picture")).to_have_attribute("alt", re.compile("said-first"))
    assert await page.evaluate("document.querySelector('#log').scrollHeight > innerHeight")
    cut = "each => each.filter((own) => own.scrollHeight > own.clientHeight).length"
    assert await page.locator(".message.own").evaluate_all(cut) == 0


# --- other ways in ------------------------------------------------------------------------------------------

FILE = """(data) => {
    const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "carried.png", { type: "image/png" }));
    return carried;
}"""


async def test_a_picture_that_is_pasted_is_read(page: Page) -> None:
    """Wherever the keyboard is."""
    data = b64encode(qr("out of the clipboard")).decode()
    await page.evaluate(
        f"""(data) => document.body.dispatchEvent(new ClipboardEvent(
            "paste", {{ clipboardData: ({FILE})(data), bubbles: true, cancelable: true }}))""",
        data,
    )
    await expect(page.get_by_text("out of the clipboard")).to_be_visible()


async def test_a_picture_that_is_dropped_is_read(page: Page) -> None:
    """The whole page says that it may be, while it is held over it."""
    carried = await page.evaluate_handle(FILE, b64encode(qr("let go of")).decode())
    await page.dispatch_event("#log", "dragover", {"dataTransfer": carried})
    await expect(page.get_by_text("Drop the picture to read it")).to_be_visible()
    await page.dispatch_event("#log", "drop", {"dataTransfer": carried})
    await expect(page.get_by_text("let go of")).to_be_visible()
    await expect(page.get_by_text("Drop the picture to read it")).to_be_hidden()


async def test_the_camera_reads_what_is_held_before_it(page: Page) -> None:
    """By itself, and closes; the light goes out with it."""
    await page.get_by_role("button", name="Read a code with the camera").click()
    await expect(page.get_by_text(BEFORE_THE_CAMERA).first).to_be_visible()
    await expect(page.locator("#viewfinder")).to_be_hidden()
    assert await page.evaluate("document.getElementById('live').srcObject") is None


async def test_the_shutter_sends_what_the_camera_sees(page: Page) -> None:
    """Also where nothing is seen by itself."""
    await page.route("**/chat/read", lambda route: route.fulfill(json={"text": ""}))
    await page.get_by_role("button", name="Read a code with the camera").click()
    await page.get_by_role("button", name="Take the picture").click()
    await expect(page.get_by_text(BEFORE_THE_CAMERA).first).to_be_visible()
    await expect(page.locator("#viewfinder")).to_be_hidden()


async def test_all_goes_by_keys(page: Page) -> None:
    """The keys that the page names do what it says, none holds the keyboard back, and Escape closes."""
    message = page.get_by_label("Message")
    await page.keyboard.press("Control+;")
    await expect(page.get_by_role("heading", name="Your codes")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+.")
    await expect(page.get_by_role("tab", name="Looks")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Help").focus()
    await page.keyboard.press("Control+/")
    await expect(message).to_be_focused()
    await message.press_sequentially("/hist")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_focused()
    await expect(message).to_have_value("/hist")


async def test_style_and_proof_stand_beside_the_picture(page: Page) -> None:
    """With what was mended, how surely it scans, and the way to change it."""
    await said(page, "/qr beside it")
    await expect(page.locator("#measured")).to_contain_text("of 100, grade A.")
    await expect(page.locator("#grade")).to_have_text("A")
    await page.get_by_role("button", name="Change the style").click()
    await page.get_by_role("tab", name="Colours").click()
    await page.locator(".colour input").first.fill("#dddddd")
    await expect(page.locator("#look")).to_contain_text("#dddddd")
    await page.get_by_role("button", name="Use it").click()
    await expect(page.locator("#worn")).to_contain_text("#dddddd")
    await expect(page.locator("#mended li").first).to_be_visible()
    await expect(page.locator("#inks i").first).to_have_css("background-color", "rgb(221, 221, 221)")
