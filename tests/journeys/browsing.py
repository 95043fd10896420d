"""A real Chromium: where it is, how it is started, and what it complains of."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or ""
NEEDED = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: make system")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]


@asynccontextmanager
async def chromium(*arguments: str) -> AsyncIterator[Browser]:
    """Start one browser; each page of it is a window without the others' cookies."""
    async with async_playwright() as browsers:
        started = await browsers.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *arguments])
        yield started
        await started.close()


def complaining(page: Page) -> list[str]:
    """Collect what a page complains of: errors of its scripts, and of its policy; not refusals it shows."""
    complaints: list[str] = []

    def told(kind: str, text: str) -> None:
        if kind == "error" and "the server responded with a status of 4" not in text:
            complaints.append(text)

    page.on("console", lambda message: told(message.type, message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
