"""Programs that call the API of a test's application, each with an account of its own."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from bot.accounts.caller import SCOPES, Accounts, Caller
from bot.accounts.keys import make_key
from bot.accounts.sessions import tokens_for
from bot.accounts.signing_up import sign_up
from bot.drawings import drawing, fetching
from bot.previews import picture_named
from storage.account import User
from tests.adapters.programs import PASSWORD, accounts_of, bearer
from tests.adapters.test_web import browser
from tests.core.talking import Core


@dataclass
class Called:
    """An application on a real core, and who has an account there."""

    core: Core
    accounts: Accounts
    client: httpx.AsyncClient
    users: dict[str, User] = field(default_factory=dict)

    async def user(self, name: str = "ada") -> User:
        """Make an account, once."""
        if name not in self.users:
            self.users[name] = await sign_up(self.accounts, f"{name}@example.org", PASSWORD)
        return self.users[name]

    async def token(self, name: str = "ada") -> dict[str, str]:
        """Log in: the header that a program sends."""
        tokens = await tokens_for(self.accounts, await self.user(name))
        return bearer(tokens.access)

    async def key(self, name: str = "ada", scopes: Any = tuple(SCOPES)) -> dict[str, str]:
        """Make an API key: the header that a program sends."""
        _, text = await make_key(self.accounts, Caller(await self.user(name)), "a program", scopes)
        return bearer(text)

    async def ask(self, method: str, path: str, name: str = "ada", **more: Any) -> httpx.Response:
        """Call the API as somebody."""
        headers = {**await self.token(name), **more.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **more)


def called(core: Core, **changes: Any) -> Called:
    """Open a client without cookies on an application around a core."""
    accounts = accounts_of(core)
    named: Any = core.app
    parts = {
        "accounts": accounts, "chat": False, "guests": False, "draw": drawing(fetching(core.store)),
        "picture_of": partial(picture_named, core.app),
    }  # fmt: skip
    return Called(core, accounts, browser(named, **parts | changes))
