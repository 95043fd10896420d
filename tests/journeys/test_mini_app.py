"""The Mini App in a real browser at a phone's size, opened as Telegram opens it, by day and by night."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fakes import FakeTelegram
from tests.fakes.outside import decode
from tests.fakes.telegram import Person
from tests.fakes.telegram.launch import DAY, NIGHT, SCRIPT, STAND_IN, address, opened
from tests.journeys.browsing import NEEDED
from tests.journeys.test_page import browser, pixels, said, shown
from tests.processes.running import Running, running

__all__ = ["browser"]

pytestmark = [
    NEEDED,
    pytest.mark.asyncio(loop_scope="module"),
]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB", "has_touch": True}


@dataclass
class Phones:
    """A bot on Telegram without a web chat, a browser, and what pages complained of."""

    tg: FakeTelegram
    bot: Running
    browser: Browser
    complaints: list[str]

    @asynccontextmanager
    async def opening(self, person: Person, *, age: float = 0, dark: bool = False) -> AsyncIterator[Page]:
        """Let somebody press the menu button; in no test is there an internet to fetch the script from."""
        page = await self.browser.new_page(**PHONE, color_scheme="dark" if dark else "light")
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.route(SCRIPT, lambda route: route.fulfill(content_type="text/javascript", body=STAND_IN))
        launched = opened(self.tg.token, person, time.time() - age)
        await page.goto(address(f"{self.bot.url}/app", launched, dark=dark))
        yield page
        await page.close()


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    """Wait longer than usual for a picture: it is drawn and measured, on whatever machine this is."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest_asyncio.fixture(loop_scope="module")
async def phones(tmp_path: Path, browser: Browser) -> AsyncIterator[Phones]:
    """Start it as an operator does: by settings alone."""
    async with FakeTelegram() as tg:
        settings = {"TELEGRAM_BOT_TOKEN": tg.token, "TELEGRAM_API_URL": tg.url, "TELEGRAM_RATES": "off"}
        async with running(tmp_path, WEB_CHAT="false", **settings) as bot:
            yield Phones(tg, bot, browser, [])


async def score(page: Page) -> int:
    """Read how surely the look that is tried scans, once it was measured."""
    await expect(page.locator("#use")).to_be_enabled()
    told = re.search(r"(\d+) of 100", await page.locator("#score").inner_text())
    assert told is not None
    return int(told[1])


@pytest.mark.parametrize("dark", [False, True])
async def test_a_code_is_made_designed_found_again_and_another_scanned(phones: Phones, dark: bool) -> None:
    """All of it on one phone, in Telegram's colours; nothing is wider than its screen."""
    ada = phones.tg.person()
    async with phones.opening(ada, dark=dark) as page:
        await expect(page.get_by_role("heading", name="Hello! I make QR codes that scan.")).to_be_visible()
        assert await page.evaluate("[phone.ready, Telegram.WebApp.isExpanded]") == [True, True]
        ground = (NIGHT if dark else DAY)["secondary_bg_color"]
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == colour(ground)

        await page.evaluate("phone.wears({secondary_bg_color: '#123456'})")
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == colour("#123456")

        await said(page, "https://example.com/menu")
        await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: https://example.com/menu")
        await page.locator("#restyle").get_by_role("button", name="Change the style").click()
        plain = await score(page)
        before = await page.locator("#tried-picture").get_attribute("src")
        await page.get_by_role("tab", name="Shape").click()
        await page.get_by_text("small dot").click()
        await page.get_by_role("tab", name="Colours").click()
        await page.locator("label.colour", has_text="Code").locator("input").fill("#7a1f5c")
        await expect(page.locator("#look")).to_contain_text("small dot #7a1f5c on white")
        assert await score(page) != plain
        assert await page.locator("#tried-picture").get_attribute("src") != before
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390

        await page.get_by_role("button", name="Use it").click()
        await expect(page.locator("#picture")).not_to_have_attribute("src", before or "")
        assert await shown(page) == ["https://example.com/menu"]
        assert await page.locator("article[data-code]").count() == 1  # redrawn in its place

        await page.get_by_role("button", name="Your codes").click()
        await expect(page.get_by_role("button", name="https://example.com/menu")).to_be_visible()
        await page.get_by_label("Words to look for").fill("nothing like it")
        await expect(page.get_by_text("Nothing found.")).to_be_visible()
        await page.evaluate("phone.back()")
        await expect(page.locator("#codes")).to_be_hidden()

        await page.get_by_role("button", name="Scan a code").click()
        await page.evaluate("phone.sees('https://example.org/scanned')")
        await expect(page.get_by_text("https://example.org/scanned")).to_be_visible()
        assert await page.evaluate("phone.scanning()") is False
        await page.get_by_role("button", name="Make it again").click()
        await expect(page.locator("#picture")).to_have_attribute(
            "alt", "QR code: https://example.org/scanned"
        )
        assert decode(await pixels(page)) == ["https://example.org/scanned"]
    assert phones.complaints == []
    assert phones.tg.refused == []
    assert "tgWebApp" not in phones.bot.log.read_text()
    assert "hash=" not in phones.bot.log.read_text()


def colour(value: str) -> str:
    """Write a colour as a browser does."""
    red, green, blue = (int(value[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


async def test_the_codes_are_those_of_the_chat_and_a_style_holds_there_too(phones: Phones) -> None:
    """One person, on both sides."""
    ada = phones.tg.person()
    chat = phones.tg.private(ada, started=True)
    phones.tg.says(ada, chat, "made in the chat")
    await phones.tg.wait_for("sendPhoto")
    async with phones.opening(ada) as page:
        await page.get_by_role("button", name="Your codes").click()
        await page.get_by_role("button", name="made in the chat").click()
        await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: made in the chat")
        await page.locator("header").get_by_role("button", name="Design").click()
        await score(page)
        await page.get_by_text("ocean", exact=True).click()
        await expect(page.locator("#look")).to_contain_text("liquid")
        await score(page)
        await page.get_by_role("button", name="Use it").click()
        await expect(page.get_by_text("Your codes look like this: liquid")).to_be_visible()
        await said(page, "sent on")
        await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: sent on")
        await page.get_by_role("button", name="File", exact=True).last.click()
        await page.get_by_role("button", name="PDF", exact=True).last.click()
        await expect(page.get_by_text("It is on its way to our chat.")).to_be_visible()
        await phones.tg.wait_for("sendDocument")
        assert phones.tg.decode(phones.tg.replies(chat)[-1]) == ["sent on"]
    phones.tg.says(ada, chat, "in the new style")
    await phones.tg.wait_for("sendPhoto", 2)
    photo = phones.tg.replies(chat)[-1]
    assert phones.tg.decode(photo) == ["in the new style"]
    assert phones.complaints == []


async def test_what_was_opened_long_ago_says_so(phones: Phones) -> None:
    """With a way out, and nothing of anybody's."""
    async with phones.opening(phones.tg.person(), age=4000) as page:
        await expect(page.get_by_text("Please open it again from Telegram.")).to_be_visible()
        await expect(page.get_by_role("button", name="Try again")).to_be_hidden()
        await page.get_by_role("button", name="Close").click()
        assert await page.evaluate("phone.closed") is True


async def test_without_telegram_the_page_is_the_one_of_this_machine(tmp_path: Path, browser: Browser) -> None:
    """Guests are welcome, there is no scanner, and the designer is the same; by the keyboard alone."""
    complaints: list[str] = []
    async with running(tmp_path) as bot:
        page = await browser.new_page(locale="en-GB")
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.route(SCRIPT, lambda route: route.fulfill(content_type="text/javascript", body=STAND_IN))
        await page.goto(f"{bot.url}/app")
        await expect(page.get_by_role("heading", name="Hello! I make QR codes that scan.")).to_be_visible()
        await expect(page.get_by_role("button", name="Scan a code")).to_be_hidden()
        await page.get_by_role("button", name="Design").focus()
        await page.keyboard.press("Enter")
        await score(page)
        await page.get_by_role("tab", name="Looks").focus()
        for _ in range(4):
            await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("tab", name="Frame")).to_be_focused()
        await page.get_by_label("Caption").fill('Say "hi"')
        await expect(page.locator("#look")).to_contain_text('frame "Say \\"hi\\""')
        await page.keyboard.press("Escape")
        await expect(page.locator("#designer")).to_be_hidden()
        await page.close()
    assert complaints == []
