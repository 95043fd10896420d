"""`make pictures`: take the pictures in docs/ of a bot that runs with nothing configured."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.journeys.browsing import chromium
from tests.processes.running import EXECUTED, running

DOCS = Path(__file__).parents[2] / "docs"
Scheme = Literal["light", "dark"]
DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
TAKEN: tuple[tuple[str, tuple[str, ...], ViewportSize, Scheme], ...] = (
    ("conversation", ("https://example.com",), DESK, "light"),
    ("dark", ("style ocean", 'wifi "Reading room" quiet-please'), DESK, "dark"),
    ("phone", ("https://example.com/menu",), PHONE, "light"),
)
GREETING = "Hello! I make QR codes that scan."
CHECKING = "Checking how surely it scans …"
COLOURS = 128  # of a picture on disk: looks the same at a third of the size


async def taken(url: str) -> None:
    """Take them all: the conversation by day, by night and on a phone, and the sheet of looks."""
    async with chromium() as browser:
        for name, lines, size, scheme in TAKEN:
            page = await opened(browser, url, size, scheme)
            for line in lines:
                await said(page, line)
            kept(name, await page.screenshot())
            await page.close()
        page = await opened(browser, url, DESK, "light")
        await said(page, "style presets")
        address = await page.locator("#picture").get_attribute("src") or ""
        kept("looks", b64decode(address.partition(",")[2]))


async def opened(browser: Browser, url: str, size: ViewportSize, scheme: Scheme) -> Page:
    """Open the chat as somebody who is new."""
    page = await browser.new_page(locale="en-GB", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    await page.goto(url)
    await expect(page.get_by_role("heading", name=GREETING)).to_be_visible()
    return page


async def said(page: Page, line: str) -> None:
    """Type a line, and wait until its answer and the score of its code are there."""
    answers = page.locator("#log .bot:not(.waiting)")
    many = await answers.count()
    await page.get_by_label("Message").fill(line)
    await page.keyboard.press("Enter")
    await expect(answers).to_have_count(many + 1)
    await expect(page.locator("#measured")).not_to_have_text(CHECKING)
    await page.wait_for_load_state("networkidle")


def kept(name: str, data: bytes) -> None:
    """Write a picture with as many colours as are seen."""
    with Image.open(BytesIO(data)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(DOCS / f"{name}.png", optimize=True)


async def main() -> None:
    """Start a bot in a folder of its own, and take them."""
    with TemporaryDirectory() as folder:
        async with running(Path(folder), **EXECUTED) as bot:
            await taken(bot.url)


if __name__ == "__main__":
    asyncio.run(main())
