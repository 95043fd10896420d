"""How often a password can be tried: five times a minute for an account, twenty from an address, then 429."""

from __future__ import annotations

import asyncio
import socket
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from bot.accounts.caller import Accounts, TooMany, Unauthenticated
from bot.accounts.passwords import change_password, confirmed
from bot.accounts.sessions import log_in
from bot.accounts.signing_up import sign_up
from bot.config import Settings
from bot.limiting import open_limiting
from bot.processes import _Server, http_config
from bot.qr.refusal import Refused
from tests.accounts.holding import EMAIL, PASSWORD, Holding, cheap, site
from tests.accounts.test_passwords import Counting
from tests.core.redis import free_port, redis_at
from tests.core.talking import Core

WRONG = "wrong words in a row"


async def tried(accounts: Accounts, email: str, address: str, password: str = WRONG) -> str:
    """Try a password, and say what came of it."""
    try:
        await log_in(accounts, email, password, address)
    except Unauthenticated:
        return "wrong"
    except TooMany as many:
        return "wait" if 1 <= many.seconds <= 60 else f"wait {many.seconds}"
    return "in"


async def test_an_account_has_five_tries_a_minute_from_wherever_they_come(core: Core) -> None:
    """The right password is no way past it, nor is another spelling of the address; others are free."""
    accounts, email = cheap(core), "jos\u00e9@b\u00fccher.example"
    await sign_up(accounts, email, PASSWORD)
    await sign_up(accounts, EMAIL, PASSWORD)
    spellings = (
        email,
        email.upper(),
        unicodedata.normalize("NFD", email),
        f" {email} ",
        "jos\u00e9@xn--bcher-kva.example",
    )
    assert [await tried(accounts, each, f"192.0.2.{at}") for at, each in enumerate(spellings)] == [
        "wrong"
    ] * 5
    for at, each in enumerate(spellings):
        assert await tried(accounts, each, f"192.0.2.1{at}", PASSWORD) == "wait"
    assert await tried(accounts, EMAIL, "192.0.2.1", PASSWORD) == "in"


async def test_nobody_is_told_by_the_limit_who_has_an_account(core: Core) -> None:
    """An address that is nobody's, or none at all, has as many tries."""
    accounts = cheap(core)
    for email in ("nobody@example.org", "no address", ""):
        ends = [await tried(accounts, email, f"192.0.2.{at}") for at in range(6)]
        assert ends == ["wrong"] * 5 + ["wait"]


async def test_from_an_address_twenty_a_minute_can_be_tried_whosever_they_are(core: Core) -> None:
    """A household of IPv6 is one address; a right password counts like a wrong one."""
    accounts = cheap(core)
    await sign_up(accounts, EMAIL, PASSWORD)
    ends = [await tried(accounts, EMAIL, "2001:db8::1", PASSWORD)]
    ends += [await tried(accounts, f"{at}@example.org", f"2001:db8::{at}") for at in range(20)]
    assert ends == ["in"] + ["wrong"] * 19 + ["wait"]
    assert await tried(accounts, EMAIL, "2001:db8:0:1::1", PASSWORD) == "in"


async def test_of_two_hundred_at_once_five_are_hashed(core: Core) -> None:
    """Exactly; nothing is hashed for the others, and nothing is read for them."""
    hasher = Counting()
    accounts = cheap(core, hasher=hasher)
    ends = await asyncio.gather(*(tried(accounts, EMAIL, f"10.0.{at}.1") for at in range(200)))
    assert Counter(ends) == {"wrong": 5, "wait": 195}
    assert len(hasher.done) == 5


async def test_several_processes_have_as_many_together_as_one(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By Redis; also where requests have no limit (RATE_LIMIT=off)."""
    monkeypatch.setattr("bot.limiting.PATIENCE", 60)  # a busy machine is not a Redis that is away
    hasher = Counting()
    with redis_at(free_port(), tmp_path) as url:
        async with open_limiting("off", url) as one, open_limiting("off", url) as other:
            both = [cheap(core, hasher=hasher, attempts=each.wait) for each in (one, other)]
            asked = (tried(both[at % 2], EMAIL, f"10.0.{at}.1") for at in range(100))
            ends = await asyncio.gather(*asked)
    assert Counter(ends) == {"wrong": 5, "wait": 95}
    assert len(hasher.done) == 5


async def test_who_is_logged_in_cannot_try_without_end_either(holding: Holding) -> None:
    """What asks for the password once more counts together, whatever it is for."""
    accounts, caller = holding.accounts, holding.caller
    for _ in range(3):
        with pytest.raises(Refused):
            await confirmed(accounts, caller.user, WRONG, field="password")
    for _ in range(2):
        with pytest.raises(Refused):
            await change_password(accounts, caller, WRONG, "other words in a row")
    with pytest.raises(TooMany):
        await confirmed(accounts, caller.user, PASSWORD, field="password")
    form = {"current_password": PASSWORD, "new_password": "other words in a row"}
    asked = await holding.client.post(
        "/account/password", data=form, headers={"Cookie": f"session={holding.page}"}
    )
    assert (asked.status_code, 1 <= int(asked.headers["retry-after"]) <= 60) == (429, True)


async def test_signing_up_is_counted_by_where_it_comes_from(core: Core) -> None:
    """Nobody finds out by it who has an account, but twenty a minute."""
    accounts = cheap(core)
    async with site(core, accounts) as client:
        for at in range(20):
            form = {"email": f"{at % 3}@example.org", "password": PASSWORD}
            assert (await client.post("/signup", data=form)).status_code == (303 if at < 3 else 409)
            client.cookies.clear()
        refused = await client.post("/signup", data={"email": "new@example.org", "password": PASSWORD})
        assert (refused.status_code, 1 <= int(refused.headers["retry-after"]) <= 60) == (429, True)


# --- over HTTP, behind a proxy and not ----------------------------------------------------------------------


@asynccontextmanager
async def served(web: ASGIApp, trusted: str) -> AsyncIterator[httpx.AsyncClient]:
    """Serve as a process of ours does; ``trusted``: TRUSTED_PROXIES."""
    settings = Settings(trusted_proxies=trusted, _env_file=None)  # type: ignore[call-arg]
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = _Server(http_config(settings, web))
        task = asyncio.create_task(server.serve([bound]))
        try:
            url = f"http://127.0.0.1:{bound.getsockname()[1]}"
            async with httpx.AsyncClient(base_url=url, headers={"Origin": url}) as client:
                yield client
        finally:
            server.should_exit = True
            await task


async def logged_in(client: httpx.AsyncClient, at: int, **headers: str) -> int:
    """Send the form, each time for another account; a refusal says when to come again."""
    answer = await client.post(
        "/login", data={"email": f"{at}@example.org", "password": WRONG}, headers=headers
    )
    if answer.status_code == 429:
        assert 1 <= int(answer.headers["retry-after"]) <= 60
    return answer.status_code


async def test_what_a_stranger_says_of_their_address_changes_nothing(core: Core) -> None:
    """Twenty tries, with whatever headers; where a proxy is trusted, everybody else is a stranger still."""
    names = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP")
    async with site(core, cheap(core)) as inside:
        said = list[int]()
        for trusted in ("", "192.0.2.7"):
            async with served(app_of(inside), trusted) as client:
                for at in range(len(said), len(said) + 11):
                    headers = dict.fromkeys(names, f"203.0.113.{at}")
                    said.append(await logged_in(client, at, **headers))
    assert said == [422] * 20 + [429] * 2


async def test_what_a_trusted_proxy_says_is_believed_up_to_the_first_stranger(core: Core) -> None:
    """Of a chain the last that is not trusted counts: what stands before it anybody can write."""
    async with site(core, cheap(core)) as inside, served(app_of(inside), "127.0.0.1") as client:
        for at in range(21):
            assert await logged_in(client, at, **{"X-Forwarded-For": f"203.0.113.{at}"}) == 422
        chains = [f"203.0.113.{at}, 198.51.100.9" for at in range(21)]
        said = [
            await logged_in(client, 100 + at, **{"X-Forwarded-For": chain}) for at, chain in enumerate(chains)
        ]
    assert said == [422] * 20 + [429]


def app_of(client: httpx.AsyncClient) -> Any:
    """Give the application that a client is on."""
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    return transport.app
