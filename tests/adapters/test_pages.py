"""The pages that the server writes, over HTTP: who gets where, whose forms count, what cookies are like."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, cast

import httpx
import pytest
import zxingcpp
from argon2 import PasswordHasher
from PIL import Image

from adapters.web.pages.front import Ways
from adapters.web.pages.posted import own_path
from bot.accounts.caller import Accounts
from bot.accounts.sessions import of_page
from bot.message import Actor
from tests.adapters.site import accounts_on
from tests.adapters.test_web import Canned, browser
from tests.core.talking import Core, said

SITE = "https://qr.example"
PASSWORD = "four words in a row"
OURS = {"Origin": SITE, "Accept": "text/html"}


def cheap(app: Any, **changes: Any) -> Accounts:
    """Let people make accounts, and hash at no cost."""
    return replace(accounts_on(app), hasher=PasswordHasher(1, 8, 1), **changes)


def public(core: Any, **changes: Any) -> httpx.AsyncClient:
    """Open a browser on a site that anybody can reach by https."""
    parts = {"public_url": SITE, "guests": False, "accounts": cheap(core), **changes}
    client = browser(core, **parts)
    client.base_url = httpx.URL(SITE)
    client.headers.update(OURS)
    return client


@pytest.fixture
async def site(core: Core) -> AsyncIterator[httpx.AsyncClient]:
    """Open such a browser on a real core."""
    async with public(core.app) as client:
        yield client


async def entered(client: httpx.AsyncClient, email: str = "ada@example.org") -> httpx.Response:
    """Make an account, and be logged in."""
    answer = await client.post("/signup", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, unescape(answer.text)
    return answer


class _Marked(HTMLParser):
    """Collects a page's elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take it."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """List those of a kind."""
        return [each for name, each in self.found if name == tag and wanted.items() <= each.items()]


def field(answer: httpx.Response, name: str) -> dict[str, str]:
    """Find a field of a form."""
    [found, *_] = _Marked(answer.text).all("input", name=name)
    return found


def told(answer: httpx.Response, name: str) -> str:
    """Give the error that a field is described by."""
    ids = field(answer, name)["aria-describedby"].split()
    found = re.search(rf'id="{ids[-1]}">([^<]*)<', answer.text)
    assert found
    return unescape(found[1])


# --- the front page, and links to it ------------------------------------------------------------------------


async def test_a_link_to_it_looks_finished(site: httpx.AsyncClient) -> None:
    """Title, description, and a picture of the size that chats cut none of, with a code that leads here."""
    page = _Marked((await site.get("/")).text)
    shown = {each["property"]: each["content"] for each in page.all("meta") if "property" in each}
    named = {each["name"]: each["content"] for each in page.all("meta") if "name" in each}
    assert shown["og:title"] == "QR codes that scan · qr-gen"
    assert shown["og:url"] == f"{SITE}/"
    assert named["description"] == shown["og:description"]
    assert (named["twitter:card"], "robots" in named) == ("summary_large_image", False)
    card = await site.get(shown["og:image"])
    image = Image.open(BytesIO(card.content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert [each.text for each in zxingcpp.read_barcodes(image)] == [SITE]
    assert card.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(card.content) < 300_000


async def test_the_front_page_names_the_ways_in(core: Core) -> None:
    """Those that there are; who is logged in gets the chat in its place, or the account."""
    ways = Ways(lambda: "https://t.me/some_bot", "/slack/install", sign_up=True)
    async with public(core.app, ways=ways) as client:
        links = {each["href"] for each in _Marked((await client.get("/")).text).all("a")}
        assert {"https://t.me/some_bot", "/slack/install", "/signup", "/login", "/docs"} <= links
        await entered(client)
        assert 'id="composer"' in (await client.get("/")).text
    async with public(core.app, ways=Ways(), chat=False) as client:
        links = {each["href"] for each in _Marked((await client.get("/")).text).all("a")}
        assert "/signup" not in links
        assert (await entered(client, "bea@example.org")).headers["location"] == "/account"
        assert "/account" in {each["href"] for each in _Marked((await client.get("/")).text).all("a")}


async def test_what_goes_with_any_site_is_there(site: httpx.AsyncClient) -> None:
    """Icons, manifest, robots.txt, and a sample that is drawn here."""
    manifest = await site.get("/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json"
    for icon in manifest.json()["icons"]:
        assert (await site.get(icon["src"])).headers["content-type"] == icon["type"]
    touch = Image.open(BytesIO((await site.get("/static/touch.png")).content))
    assert touch.size == (180, 180)
    assert "Disallow: /\n" in (await site.get("/robots.txt")).text
    assert (await site.get("/sample.svg")).headers["content-type"].startswith("image/svg+xml")
    page = _Marked((await site.get("/")).text)
    for each in (*page.all("link"), *page.all("img")):
        address = each.get("href") or each["src"]
        assert (await site.get(address)).status_code == 200, address


async def test_a_refusal_is_a_page_for_who_opened_one(core: Core) -> None:
    """In their language, with our look; programs get the problem."""
    async with public(core.app) as client:
        page = await client.get("/nothing", headers={"Accept-Language": "de"})
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert '<html lang="de"' in page.text
        program = await client.get("/nothing", headers={"Accept": "*/*"})
        assert program.headers["content-type"] == "application/problem+json"
    broken = Canned(error=RuntimeError("hunter2"))
    async with public(broken, guests=True) as client:
        page = await client.post("/chat/say", json={"text": "x"})
        assert page.status_code == 500
        assert page.headers["x-request-id"] in page.text
        assert "hunter2" not in page.text
        assert page.headers["x-content-type-options"] == "nosniff"


# --- who speaks ---------------------------------------------------------------------------------------------


async def test_nobody_is_a_guest_where_others_can_come(site: httpx.AsyncClient) -> None:
    """The front page stands in place of the chat, and what its page sends is refused, by JSON."""
    page = await site.get("/")
    assert 'id="composer"' not in page.text
    assert "set-cookie" not in page.headers
    for path in ("/chat/say", "/chat/read", "/chat/preview"):
        answer = await site.post(path, json={"text": "x"}, headers={"Accept": "*/*"})
        assert (answer.status_code, answer.json()["detail"]) == (401, "Please log in.")
        assert answer.headers["www-authenticate"].startswith("Cookie ")


async def test_who_logged_in_speaks_as_the_account(core: Core) -> None:
    """Their codes are those of the API and of every chat that is connected; logged out they are nobody."""
    async with public(core.app) as client:
        await entered(client)
        assert (await client.post("/chat/say", json={"text": "mine"})).json()["title"] == "mine"
        cookie = client.cookies["__Host-session"]
        caller = await of_page(cheap(core.app), cookie)
        assert caller is not None
        assert "mine" in str((await said(core, "/history", caller.actor)).buttons)
        out = await client.post("/logout", data={"any": ""})
        assert (out.status_code, out.headers["location"]) == (303, "/")
        assert "__Host-session" not in client.cookies
        client.cookies.set("__Host-session", cookie)
        assert (
            await client.post("/chat/say", json={"text": "x"}, headers={"Accept": "*/*"})
        ).status_code == 401
        again = {"email": "ada@example.org", "password": PASSWORD, "next": "/account"}
        assert (await client.post("/login", data=again)).headers["location"] == "/account"


async def test_cookies_are_of_this_host_alone(core: Core) -> None:
    """By https with the prefix that says so; on this machine, where there is none, without."""
    async with public(core.app) as client:
        cookie = (await entered(client)).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    async with public(core.app, guests=True) as client:
        assert (await client.get("/")).headers["set-cookie"].startswith("__Host-guest=")
    async with browser(cast(Any, core.app), accounts=cheap(core.app)) as client:
        assert (await client.get("/")).headers["set-cookie"].startswith("guest=")
        form = {"email": "bea@example.org", "password": PASSWORD}
        plain = await client.post("/signup", data=form, headers={"Origin": "http://localhost"})
        assert plain.headers["set-cookie"].startswith("session=")
        assert "Secure" not in plain.headers["set-cookie"]


FORGED: tuple[dict[str, str], ...] = (
    {"Origin": ""},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://qr.example"},
    {"Origin": "https://qr.example.evil.example"},
    {"Origin": "https://qr.example:8443"},
    {"Origin": "https://sub.qr.example"},
    {"Origin": "", "Referer": f"{SITE}/account"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
)


@pytest.mark.parametrize(
    "path", ["/chat/say", "/account/key", "/account/everywhere", "/logout", "/login", "/signup"]
)
async def test_what_another_page_sends_in_somebodys_name_does_nothing(core: Core, path: str) -> None:
    """With their cookie and every kind of forged or missing origin: refused, and nothing was changed."""
    sent = {"email": "eve@example.org", "password": PASSWORD, "name": "x", "scope": "codes:read", "text": "x"}
    async with public(core.app) as client:
        await entered(client)
        for forged in FORGED:
            headers = {name: value for name, value in (OURS | forged).items() if value}
            del client.headers["origin"]
            body: dict[str, Any] = {"json": {"text": "x"}} if path.startswith("/chat") else {"data": sent}
            assert (await client.post(path, headers=headers, **body)).status_code == 403, forged
            client.headers.update(OURS)
        caller = await of_page(cheap(core.app), client.cookies["__Host-session"])
        assert caller is not None
        page = (await client.get("/account")).text
        assert "You have no keys yet." in page
        assert page.count('action="/account/end"') == 1
        assert (await client.post("/chat/say", json={"text": "/history"})).json()["fields"] == []
        fetched = {"Sec-Fetch-Site": "same-origin", "Accept": "*/*"}
        assert (await client.post("/chat/say", json={"text": "x"}, headers=fetched)).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/account", "/account"),
        ("/docs?x=1&y=%20", "/docs?x=1&y=%20"),
        ("", "/"),
        ("account", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("/" + "a" * 300, "/"),
    ],
)
def test_after_logging_in_one_goes_nowhere_else(wanted: str, path: str) -> None:
    """Only to a path of ours (CWE-601)."""
    assert own_path(wanted) == path


# --- forms --------------------------------------------------------------------------------------------------


async def test_what_is_wrong_stands_at_its_field(site: httpx.AsyncClient) -> None:
    """What was typed stays, but no password, and nothing is in the address."""
    weak = await site.post("/signup", data={"email": "ada@example.org", "password": "password"})
    assert weak.status_code == 422
    assert field(weak, "email")["value"] == "ada@example.org"
    assert "value" not in field(weak, "password")
    assert told(weak, "password").endswith("Please choose another.")
    await entered(site)
    site.cookies.clear()
    taken = await site.post("/signup", data={"email": "ADA@example.org", "password": PASSWORD})
    assert (taken.status_code, PASSWORD in taken.text) == (409, False)
    assert told(taken, "email").startswith("This email address has an account already.")
    wrong = await site.post("/login", data={"email": "ada@example.org", "password": "no", "next": "/account"})
    assert (wrong.status_code, field(wrong, "next")["value"]) == (422, "/account")
    assert told(wrong, "password").startswith("This email address and this password")
    markup = await site.post("/login", data={"email": '"><script>alert(1)</script>', "password": "no"})
    assert "<script>alert" not in markup.text


async def test_too_many_tries_have_to_wait(site: httpx.AsyncClient) -> None:
    """A sentence says for how long, and the header as well."""
    answers = [
        await site.post("/login", data={"email": "ada@example.org", "password": f"no {at}"})
        for at in range(7)
    ]
    assert [each.status_code for each in answers[-1:]] == [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "These were too many tries. Please wait" in answers[-1].text


async def test_who_may_sign_up_is_the_operators_choice(core: Core) -> None:
    """With an invitation, or nobody; the page says which."""
    async with public(core.app, accounts=cheap(core.app, sign_up="invite")) as client:
        assert field(await client.get("/signup"), "invite")["required"] == ""
        form = {"email": "ada@example.org", "password": PASSWORD, "invite": "0123-4567-89AB-CDEF"}
        refused = await client.post("/signup", data=form)
        assert refused.status_code == 422
        assert told(refused, "invite")
    async with public(core.app, accounts=cheap(core.app, sign_up="closed")) as client:
        page = await client.get("/signup")
        assert "Nobody can sign up here." in page.text
        assert _Marked(page.text).all("form") == []
        assert (await client.post("/signup", data=form)).status_code == 403


async def test_pages_speak_the_browsers_language(site: httpx.AsyncClient) -> None:
    """And say so to the browser."""
    page = await site.get("/login", headers={"Accept-Language": "fr-CA,en;q=0.5"})
    assert '<html lang="fr" dir="ltr">' in page.text
    assert page.headers["content-language"] == "fr"
    assert "Accept-Language" in page.headers["vary"]


@pytest.mark.parametrize("path", ["/", "/login", "/signup", "/forgot", "/reset", "/account", "/nothing"])
async def test_a_page_needs_no_script_and_nobody_keeps_it(site: httpx.AsyncClient, path: str) -> None:
    """No inline code or style, the strict policy, forms that only we get."""
    await entered(site)
    if path != "/account":
        site.cookies.clear()
    page = await site.get(path)
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "form-action 'self'" in policy
    assert "camera=(self)" in page.headers["permissions-policy"]


# --- the account --------------------------------------------------------------------------------------------


async def test_the_account_is_for_who_is_logged_in(site: httpx.AsyncClient) -> None:
    """Others log in first, and come back to it; what they send does nothing."""
    for answer in (
        await site.get("/account"),
        await site.get("/account/export"),
        await site.post("/account/key", data={"name": "x"}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/account")


async def test_a_key_is_made_once_and_shown_once(site: httpx.AsyncClient) -> None:
    """Sending the same form again makes no other, and what it lacks is said at its field."""
    await entered(site)
    once = field(await site.get("/account"), "once")["value"]
    form = {"name": "printer", "scope": ["codes:read"], "lasts": "30", "once": once}
    made = await site.post("/account/key", data=form)
    found = re.search(r'id="new-key" dir="ltr">(qrg_\w+)<', made.text)
    assert found
    again = await site.post("/account/key", data=form)
    assert again.status_code == 409
    page = (await site.get("/account")).text
    assert page.count("printer</span>") == 1
    assert found[1] not in page
    nameless = await site.post("/account/key", data=form | {"name": " ", "once": ""})
    assert (nameless.status_code, bool(told(nameless, "name"))) == (422, True)
    scopeless = await site.post("/account/key", data={"name": "x"})
    assert scopeless.status_code == 422
    [key] = re.findall(r'name="id" value="(\w+)"><button class="chip danger"', page)
    assert (await site.post("/account/revoke", data={"id": key})).headers[
        "location"
    ] == "/account?note=revoked"
    assert (await site.post("/account/revoke", data={"id": key})).status_code == 409


async def test_another_password_ends_all_other_sessions(core: Core) -> None:
    """This browser stays; one session can be ended alone, and all of them."""
    async with public(core.app) as one, public(core.app) as other:
        await entered(one)
        await other.post("/login", data={"email": "ada@example.org", "password": PASSWORD})
        wrong = await one.post(
            "/account/password", data={"current_password": "no", "new_password": "other words in a row"}
        )
        assert (wrong.status_code, bool(told(wrong, "current_password"))) == (422, True)
        form = {"current_password": PASSWORD, "new_password": "other words in a row"}
        assert (await one.post("/account/password", data=form)).headers[
            "location"
        ] == "/account?note=password"
        assert (await one.get("/account")).status_code == 200
        assert (await other.get("/account")).status_code == 303
        await other.post("/login", data={"email": "ada@example.org", "password": "other words in a row"})
        theirs, mine = (each.cookies["__Host-session"].partition(".")[0] for each in (other, one))
        assert theirs in (await one.get("/account")).text
        assert (await one.post("/account/end", data={"id": theirs})).headers[
            "location"
        ] == "/account?note=ended"
        assert (await other.get("/account")).status_code == 303
        assert (await one.post("/account/end", data={"id": mine})).headers["location"] == "/login"
        assert (await one.get("/account")).status_code == 303


async def test_a_chat_is_connected_and_let_go(core: Core) -> None:
    """By a code of either side."""
    ada = Actor("telegram", "101", "Ada")
    await said(core, "made in the chat", ada)
    async with public(core.app) as client:
        await entered(client)
        page = (await client.post("/account/connect", data={"any": ""})).text
        found = re.search(r"/connect ([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})<", page)
        assert found
        await said(core, f"/connect {found[1]}", ada)
        page = (await client.get("/account")).text
        assert "Ada" in page
        [undo] = [each["value"] for each in _Marked(page).all("input", name="undo")]
        assert (
            (await client.post("/account/connect", data={"undo": undo}))
            .headers["location"]
            .endswith("undone")
        )
        assert "No chat is connected yet." in (await client.get("/account")).text
        wrong = await client.post("/account/connect", data={"code": "123-456-789"})
        assert (wrong.status_code, field(wrong, "code")["value"]) == (422, "123-456-789")
        assert told(wrong, "code").startswith("This pairing code is used or too old.")
        given = (await said(core, "/connect", ada)).fields[0].value
        assert (
            (await client.post("/account/connect", data={"code": given}))
            .headers["location"]
            .endswith("joined")
        )


async def test_everything_can_be_taken_along_and_deleted(core: Core) -> None:
    """With the password alone; after that nobody is logged in."""
    async with public(core.app) as client:
        await entered(client)
        await client.post("/chat/say", json={"text": "take me along"})
        export = await client.get("/account/export")
        assert export.headers["content-disposition"].startswith("attachment")
        assert "take me along" in json.dumps(export.json())
        wrong = await client.post("/account/delete", data={"password": "no"})
        assert (wrong.status_code, bool(told(wrong, "password"))) == (422, True)
        gone = await client.post("/account/delete", data={"password": PASSWORD})
        assert gone.headers["location"] == "/login?note=deleted"
        form = {"email": "ada@example.org", "password": PASSWORD}
        assert (await client.post("/login", data=form)).status_code == 422
