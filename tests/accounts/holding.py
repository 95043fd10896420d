"""Somebody with an account, what they hold, and a real route of the API to come to with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from argon2 import PasswordHasher

from bot.accounts.caller import PICTURES, Accounts, Caller
from bot.accounts.keys import make_key
from bot.accounts.sessions import Tokens, of_bearer, open_page, tokens_for
from bot.accounts.signing_up import sign_up
from bot.jobs import ID
from tests.adapters.site import accounts_on
from tests.adapters.test_web import browser
from tests.core.talking import Core

EMAIL, PASSWORD = "ada@example.org", "four words in a row"
JOB = f"/v1/jobs/{'0' * ID}"  # of nobody: 404 for whoever is known, 401 for the others


@dataclass(frozen=True, slots=True)
class Holding:
    """An account with one of everything that lets it in. ``key`` is an API key's text, ``page`` a cookie."""

    accounts: Accounts
    client: httpx.AsyncClient
    caller: Caller  # with the session of the tokens
    tokens: Tokens
    key: str
    page: str

    async def lets_in(self, bearer: str) -> bool:
        """Tell whether the API knows who comes with this."""
        return await lets_in(self.client, f"Bearer {bearer}")


def cheap(core: Core, **changes: Any) -> Accounts:
    """Let people make accounts on a core, and hash at no cost."""
    return replace(accounts_on(core.app), **{"hasher": PasswordHasher(1, 8, 1)} | changes)


async def never(item: Any, name: str) -> float:
    """Count no tries."""
    return 0


async def held(accounts: Accounts, client: httpx.AsyncClient, email: str = EMAIL) -> Holding:
    """Make an account, and hold one of everything."""
    user = await sign_up(accounts, email, PASSWORD)
    tokens = await tokens_for(accounts, user)
    caller = await of_bearer(accounts, tokens.access)
    _, key = await make_key(accounts, caller, "printer", [PICTURES])
    return Holding(accounts, client, caller, tokens, key, await open_page(accounts, user))


@asynccontextmanager
async def site(core: Core, accounts: Accounts, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on a site where nobody is a guest; forms are sent as from its own pages."""
    async with browser(core.app, **{"accounts": accounts, "guests": False} | changes) as client:  # type: ignore[arg-type]
        client.headers["Origin"] = str(client.base_url)
        yield client


async def lets_in(client: httpx.AsyncClient, authorization: str, path: str = JOB) -> bool:
    """Come to a route with this header: known, or refused as the standards have it (RFC 6750, RFC 9457)."""
    answer = await client.get(path, headers={"Authorization": authorization})
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        return False
    assert answer.status_code == 404, answer.text
    return True
