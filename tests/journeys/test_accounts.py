"""Accounts in a real browser, where nobody is a guest: signing up, the chat, the account; all by axe."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from adapters.slack.scopes import SCOPES
from adapters.web.install import Installing
from tests.adapters.test_web import Canned
from tests.adapters.test_web import browser as client_of
from tests.fakes.outside import decode
from tests.journeys.browsing import NEEDED, chromium, complaining
from tests.journeys.test_page import pixels, said
from tests.processes.running import finished, running

pytestmark = [NEEDED, pytest.mark.asyncio(loop_scope="module")]
PASSWORD = "four words in a row"
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
LOOKS: tuple[tuple[Any, ViewportSize], ...] = (
    ("light", {"width": 1440, "height": 900}),
    ("dark", {"width": 390, "height": 844}),
)


@dataclass
class Site:
    """A window on a bot that anybody can reach. ``url`` is where, and ``folder`` has its data."""

    page: Page
    url: str
    folder: Path

    async def opened(self, path: str) -> None:
        """Open a page of it."""
        await self.page.goto(self.url + path)

    async def pressed(self, label: str) -> None:
        """Press a button of a form, or follow a link."""
        await self.page.get_by_role("button", name=label, exact=True).last.click()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """One bot and one browser for the tests of this module; what the browser complains of fails them."""
    folder = tmp_path_factory.mktemp("public")
    async with (
        running(folder, HOST="0.0.0.0", WEB_CHAT="true", SIGN_UP="open") as bot,
        chromium() as browser,
    ):  # so that nobody is a guest
        context = await browser.new_context(locale="en-GB", viewport=LOOKS[0][1], accept_downloads=True)
        page = await context.new_page()
        complaints = complaining(page)
        yield Site(page, bot.url, folder)
        await context.close()
        assert complaints == []


async def in_chat(page: Page) -> None:
    """Wait for the chat's greeting."""
    await expect(page.get_by_role("heading", name="Hello! I make QR codes that scan.")).to_be_visible()


async def entered(site: Site, email: str) -> None:
    """Make an account, and come to the chat with it."""
    await site.page.context.clear_cookies()
    await site.opened("/signup")
    await site.page.get_by_label("Email address").fill(email)
    await site.page.get_by_label("New password").fill(PASSWORD)
    await site.pressed("Sign up")
    await in_chat(site.page)


async def test_somebody_signs_up_makes_restyles_lists_and_comes_back(site: Site) -> None:
    """From the front page to a code, out, and in again to the same codes."""
    page = site.page
    await site.opened("/")
    await page.get_by_role("link", name="Sign up").click()
    await page.get_by_label("Email address").fill("ada@example.org")
    await page.get_by_label("New password").fill("password1")
    await site.pressed("Sign up")
    wrong = page.get_by_label("New password")
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("Email address")).to_have_value("ada@example.org")
    await wrong.fill(PASSWORD)
    await site.pressed("Sign up")
    await in_chat(page)
    await said(page, "https://example.com/mine")
    await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: https://example.com/mine")
    await expect(page.locator("#measured")).to_contain_text("Scan check:")
    await page.get_by_role("button", name="Change the style").click()
    await page.locator("label.option", has_text="ink").click()
    await expect(page.locator("#look")).to_contain_text("14213d")
    await page.get_by_role("button", name="Use it").click()
    await expect(page.locator("#worn")).to_contain_text("14213d")
    assert decode(await pixels(page)) == ["https://example.com/mine"]
    await page.get_by_role("link", name="Account").click()
    await site.pressed("Log out")
    await expect(page.get_by_role("link", name="Sign up")).to_be_visible()
    await page.get_by_role("link", name="Log in").first.click()
    await page.get_by_label("Email address").fill("ada@example.org")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await in_chat(page)
    await page.get_by_role("button", name="Your codes").click()
    await expect(page.get_by_role("button", name="example.com/mine")).to_be_visible()


async def test_who_is_logged_out_meanwhile_keeps_what_was_typed(site: Site) -> None:
    """The page says to log in, in a page of its own; after that the same line goes through."""
    page = site.page
    await entered(site, "bea@example.org")
    cookies = await page.context.cookies()
    await page.context.clear_cookies()
    await said(page, "not to be lost")
    await expect(page.get_by_text("Please log in again. What you wrote stays here.")).to_be_visible()
    await expect(page.get_by_label("Message")).to_have_value("not to be lost")
    await expect(page.get_by_role("link", name="Log in")).to_have_attribute("target", "_blank")
    await page.context.add_cookies(cast(Any, cookies))
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("#picture")).to_have_attribute("alt", "QR code: not to be lost")


async def test_who_forgot_a_password_is_led_to_another(site: Site) -> None:
    """From logging in, with a code from the console, and back; the old one no longer lets in."""
    page, chosen = site.page, "and four quite different ones"
    await entered(site, "flo@example.org")
    await page.context.clear_cookies()
    await site.opened("/login")
    await page.get_by_role("link", name="Forgot your password?").click()
    await page.get_by_label("Email address").fill("flo@example.org")
    await site.pressed("Send me a code")
    await expect(page.get_by_role("status")).to_contain_text("a code is on its way there")
    await page.get_by_label("Code", exact=True).fill("0000-0000")
    await page.get_by_label("New password").fill(chosen)
    await site.pressed("Change the password")
    await expect(page.get_by_label("Code", exact=True)).to_be_focused()
    _, told, _ = await finished(site.folder, "repl", stdin="/resetpassword flo@example.org\n")
    await page.get_by_label("Code", exact=True).fill(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", told)[0])
    await page.get_by_label("New password").fill(chosen)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Your password is changed.")
    await page.get_by_label("Email address").fill("flo@example.org")
    await page.get_by_label("Password").fill(chosen)
    await page.keyboard.press("Enter")
    await in_chat(page)


async def test_the_account_page_works_without_scripts(site: Site) -> None:
    """A key is shown once, a chat is connected, all is taken along, and at last deleted."""
    page = site.page
    await entered(site, "cid@example.org")
    context = await page.context.browser.new_context(java_script_enabled=False, locale="en-GB")  # type: ignore[union-attr]
    await context.add_cookies(cast(Any, await page.context.cookies()))
    plain = Site(await context.new_page(), site.url, site.folder)
    await plain.opened("/account")
    await plain.page.get_by_label("What the key is for").fill("for the printer")
    await plain.page.get_by_label("pictures draw").uncheck()
    await plain.pressed("Make a key")
    key = await plain.page.locator("#new-key").inner_text()
    async with httpx.AsyncClient(base_url=site.url) as program:
        body = {"content": {"type": "text", "text": "x"}}
        answer = await program.post("/v1/render", json=body, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 403  # known, and not meant for pictures
    await plain.pressed("Get a pairing code")
    assert "/connect " in await plain.page.locator("#pairing").inner_text()
    await expect(plain.page.get_by_text(key)).to_have_count(0)
    await plain.pressed("Revoke for the printer")
    await expect(plain.page.get_by_text("The key is revoked")).to_be_visible()
    await plain.page.locator("#delete-password").fill("another one")
    await plain.pressed("Delete my account")
    await expect(plain.page.locator("#delete-password")).to_have_attribute("aria-invalid", "true")
    await plain.page.locator("#delete-password").fill(PASSWORD)
    await plain.pressed("Delete my account")
    await expect(plain.page.get_by_text("Your account is deleted")).to_be_visible()
    await context.close()


# --- by axe -------------------------------------------------------------------------------------------------


async def flawless(page: Page) -> None:
    """Hold a page to WCAG 2.2 AA, light and wide, dark and narrow."""
    for scheme, size in LOOKS:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size(size)
        found = (await Axe().run(page, options=RULES)).response["violations"]
        told = [
            (each["id"], node["target"], node["failureSummary"]) for each in found for node in each["nodes"]
        ]
        assert told == [], (page.url, scheme)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], page.url


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/login", "/login?note=password", "/signup", "/forgot", "/reset", "/nothing-here"],
)
async def test_a_page_of_the_entrance_is_for_everybody(site: Site, path: str) -> None:
    """Also one that is not there."""
    await site.page.context.clear_cookies()
    await site.opened(path)
    await flawless(site.page)


async def test_what_is_wrong_is_for_everybody(site: Site) -> None:
    """An error stands at its field, is told with it, and has the keyboard."""
    await site.page.context.clear_cookies()
    await site.opened("/login")
    await site.page.get_by_label("Email address").fill("nobody@example.org")
    await site.page.get_by_label("Password").fill("nothing like it")
    await site.pressed("Log in")
    password = site.page.get_by_label("Password")
    await expect(password).to_have_accessible_description(
        "This email address and this password do not go together. Please try again."
    )
    await expect(password).to_be_focused()
    await flawless(site.page)


async def test_the_install_page_is_for_everybody(site: Site) -> None:
    """As its table of scopes comes from the app."""

    async def agreed(state: str) -> bool:
        return True

    async def exchanged(code: str) -> Any:
        raise AssertionError

    async def allowed(account: str) -> int:
        return 0

    installing = Installing(SCOPES, agreed, agreed, lambda state: "https://slack.com/", exchanged, allowed)
    async with client_of(Canned(), installing=installing) as client:
        html = (await client.get("/slack/install")).text
    await site.page.route(
        "**/slack/install", lambda route: route.fulfill(body=html, content_type="text/html")
    )
    await site.opened("/slack/install")
    await flawless(site.page)


async def test_account_and_chat_are_for_everybody(site: Site) -> None:
    """The chat empty and with a conversation, its panels, and the account with a new key."""
    page = site.page
    await entered(site, "dora@example.org")
    await flawless(page)
    await said(page, "https://example.com/seen-by-all")
    await expect(page.locator("#measured")).to_contain_text("Scan check:")
    await said(page, "/wifi")
    await page.get_by_label("network name").fill("Guests")
    await page.get_by_label("network key").fill("short")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("A Wi-Fi password has 8 to 63 characters.")).to_be_visible()
    await page.get_by_label("Message").fill("/hist")
    await flawless(page)
    for button, ready in (
        ("Design", "#look:not(:empty)"),
        ("Your codes", ".code"),
        ("Read a code with the camera", "#sighted:not(:empty)"),
    ):
        await page.get_by_role("button", name=button, exact=True).first.click()
        await page.locator(ready).first.wait_for()
        await flawless(page)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    await site.opened("/account")
    await page.get_by_label("What the key is for").fill("axe")
    await site.pressed("Make a key")
    await expect(page.get_by_role("button", name="Copy")).to_be_visible()
    await flawless(page)
