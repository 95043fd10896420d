"""The web chat in a real browser: what is typed, pressed, filled in and dropped, and what is seen."""

import shutil
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.fakes.drawn import alike, middle, plain, qr
from tests.fakes.outside import decode
from tests.journeys.table import MADE
from tests.processes.running import running

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: make system"),
    pytest.mark.asyncio(loop_scope="module"),
]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for the tests of a module; each page is a window without the others' cookies."""
    async with async_playwright() as browsers:
        started = await browsers.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(tmp_path: Path, browser: Browser) -> AsyncIterator[Page]:
    """The page of a bot with nothing configured; what the browser complains of fails the test."""
    complaints: list[str] = []
    async with running(tmp_path) as bot:
        page = await browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 800})
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
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
