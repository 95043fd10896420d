"""A forgotten password, by page and by HTTP: a code lets in once, and nobody learns who has an account."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx
import pytest

from bot.accounts.caller import Accounts, Caller
from bot.accounts.resetting import PAGE, SENT
from bot.accounts.sessions import Tokens, tokens_for
from bot.accounts.signing_up import sign_up
from bot.wire import load_reply
from tests.adapters.test_pages import OURS, PASSWORD, cheap, field, public, told
from tests.core.talking import ADA, Core, said, waiting

EMAIL, ANOTHER = "ada@example.org", "and four quite different ones"
SLIP = "This code is not right, or holds no longer."


@dataclass
class Site:
    """A browser on a site whose accounts a test knows."""

    core: Core
    accounts: Accounts
    client: httpx.AsyncClient

    async def known(self) -> Tokens:
        """Make an account with a chat: tokens of it."""
        user = await sign_up(self.accounts, EMAIL, PASSWORD)
        shown = await said(self.core, "/connect", Caller(user).actor)
        await said(self.core, f"/connect {shown.fields[0].value}", ADA)
        return await tokens_for(self.accounts, user)

    async def sent(self) -> list[str]:
        """Read the codes that are on their way to the chat."""
        await asyncio.gather(*self.accounts.aside.values())
        letters = [each for each in await waiting(self.core.store) if each.lane == ADA.key]
        return [load_reply(each.body).fields[0].value for each in letters]

    async def posted(self, path: str, **sent: str) -> httpx.Response:
        """Send a form, or where the path is the API's, JSON."""
        if path.startswith("/v1/"):
            return await self.client.post(path, json=sent, headers={"Accept": "*/*"})
        return await self.client.post(path, data=sent)

    async def works(self, password: str) -> bool:
        """Tell whether a password lets in."""
        form = {"email": EMAIL, "password": password}
        return (await self.client.post("/login", data=form)).status_code == 303


@pytest.fixture
async def site(core: Core) -> AsyncIterator[Site]:
    """Open it."""
    accounts = cheap(core.app)
    async with public(core.app, accounts=accounts) as client:
        yield Site(core, accounts, client)


async def bearing(site: Site, token: str) -> int:
    """Ask for something with a token: how that is answered."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "*/*"}
    return (await site.client.get("/v1/users/me", headers=headers)).status_code


@pytest.mark.parametrize(("ask", "choose"), [("/forgot", PAGE), ("/v1/auth/reset", "/v1/auth/password")])
async def test_a_code_from_the_chat_lets_in_a_new_password(site: Site, ask: str, choose: str) -> None:
    """Once, and nothing of it is in an address; the old password and all tokens are over."""
    tokens = await site.known()
    assert await bearing(site, tokens.access) == 200
    asked = await site.posted(ask, email=EMAIL)
    assert (asked.status_code, asked.headers["cache-control"]) in ((200, "no-store"), (202, "no-store"))
    [code] = await site.sent()
    assert code not in asked.text
    form = {"email": EMAIL, "code": code.lower(), "new_password": ANOTHER}
    weak = await site.posted(choose, **form | {"new_password": "password1"})
    assert (weak.status_code, ANOTHER in weak.text, "new_password" in weak.text) == (422, False, True)
    done = await site.posted(choose, **form)
    assert (done.status_code, done.headers.get("location")) in ((303, "/login?note=password"), (204, None))
    assert await bearing(site, tokens.access) == 401
    assert (await site.posted("/v1/auth/refresh", refresh_token=tokens.refresh)).status_code == 401
    assert (await site.posted(choose, **form)).status_code == 422
    assert (await site.works(PASSWORD), await site.works(ANOTHER)) == (False, True)


@pytest.mark.parametrize(("ask", "choose"), [("/forgot", PAGE), ("/v1/auth/reset", "/v1/auth/password")])
async def test_nobody_learns_who_has_an_account(site: Site, ask: str, choose: str) -> None:
    """Whoever asks, and whoever guesses, gets the same answer for every address."""
    await site.known()
    answers: list[set[Any]] = [set(), set()]
    for email in (EMAIL, "bea@example.org"):
        asked = await site.posted(ask, email=email)
        guessed = await site.posted(choose, email=email, code="0000-0000", new_password=ANOTHER)
        assert SLIP in unescape(guessed.text)
        for seen, answer in zip(answers, (asked, guessed), strict=True):
            of_itself = answer.text.replace(email, "").replace(answer.headers["x-request-id"], "")
            kept = {
                name: value for name, value in answer.headers.items() if name in ("cache-control", "vary")
            }
            seen.add((answer.status_code, of_itself, str(kept)))
    assert [len(seen) for seen in answers] == [1, 1]
    assert len(await site.sent()) == 1


async def test_the_pages_lead_to_each_other(site: Site) -> None:
    """From logging in, or from an address that is taken; what was typed stays, but no password."""
    await site.known()
    taken = await site.posted("/signup", email=EMAIL, password=PASSWORD)
    for page in (await site.client.get("/login"), taken, await site.client.get(PAGE)):
        assert 'href="/forgot"' in page.text
    assert "/forgot" not in (await site.client.get("/signup")).text
    asked = await site.posted("/forgot", email=EMAIL)
    assert SENT in unescape(asked.text)
    assert (field(asked, "email")["value"], field(asked, "code")["autocomplete"]) == (EMAIL, "one-time-code")
    wrong = await site.posted(PAGE, email=EMAIL, code="0000-0000", new_password=ANOTHER)
    assert (field(wrong, "email")["value"], field(wrong, "code")["value"]) == (EMAIL, "0000-0000")
    assert told(wrong, "code").startswith(SLIP)
    assert ANOTHER not in wrong.text
    assert re.search('<form method="post" action="/reset">', wrong.text)


async def test_asking_has_a_limit(site: Site) -> None:
    """For an address that has an account and for one that has none; both are told when to come again."""
    for email in (EMAIL, "bea@example.org"):
        statuses = [(await site.posted("/v1/auth/reset", email=email)).status_code for _ in range(4)]
        assert statuses == [202, 202, 202, 429]
        page = await site.posted("/forgot", email=email)
        assert (page.status_code, int(page.headers["retry-after"]) > 3000) == (429, True)
        assert "Please wait" in page.text


@pytest.mark.parametrize("path", ["/forgot", PAGE])
async def test_what_another_page_sends_does_nothing(site: Site, path: str) -> None:
    """As any form of ours."""
    await site.known()
    for origin in ("https://evil.example", "null"):
        sent = {"email": EMAIL, "code": "x", "new_password": ANOTHER}
        answer = await site.client.post(path, data=sent, headers=OURS | {"Origin": origin})
        assert answer.status_code == 403
    assert await site.sent() == []


async def test_bodies_of_the_api_are_checked(site: Site) -> None:
    """What is missing or unknown is named; what was sent is not repeated."""
    for path, body, wrong in (
        ("/v1/auth/reset", {}, "email"),
        ("/v1/auth/reset", {"email": EMAIL, "name": "x"}, "name"),
        ("/v1/auth/password", {"email": EMAIL, "code": "0", "new_password": "hunter2"}, "new_password"),
        ("/v1/auth/password", {"email": EMAIL, "new_password": ANOTHER}, "code"),
    ):
        answer = await site.posted(path, **body)
        assert answer.status_code == 422
        assert [each["field"] for each in answer.json()["errors"]] == [f"body.{wrong}"]
        assert "hunter2" not in answer.text
