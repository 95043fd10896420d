"""A program that uses the HTTP API with an account, on a real core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from limits import RateLimitItem

from bot.accounts.caller import Accounts
from bot.accounts.signing_up import new_invite
from storage.account import AddInvite, Role
from tests.adapters.site import accounts_on
from tests.adapters.test_web import browser
from tests.core.talking import Core

PASSWORD = "four words in a row"
Headers = Mapping[str, str]


async def untiring(item: RateLimitItem, name: str) -> float:
    """Let everybody try as often as they like."""
    return 0.0


def accounts_of(core: Core, **changes: Any) -> Accounts:
    """Let people make accounts on a core, hash at no cost, and count no tries."""
    cheap: dict[str, Any] = {"hasher": PasswordHasher(1, 8, 1), "attempts": untiring}
    return replace(accounts_on(core.app), **cheap | changes)


@dataclass(frozen=True, slots=True)
class Site:
    """The application on a core, as programs reach it, who are no guests."""

    core: Core
    accounts: Accounts
    client: httpx.AsyncClient

    async def call(self, method: str, path: str, who: Headers | None = None, **more: Any) -> httpx.Response:
        """Ask for something under ``/v1``, in somebody's name."""
        headers = {**(who or {}), **more.pop("headers", {})}
        return await self.client.request(method, f"/v1{path}", headers=headers, **more)

    async def made(self, path: str, who: Headers, **body: Any) -> dict[str, Any]:
        """Have something made."""
        answer = await self.call("POST", path, who, json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def tokens(self, email: str = "ada@example.org", password: str = PASSWORD) -> dict[str, Any]:
        """Log in."""
        form = {"username": email, "password": password}
        answer = await self.call("POST", "/auth/token", data=form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def joined(self, email: str = "ada@example.org", **more: str) -> dict[str, str]:
        """Make an account and log in: what its requests carry."""
        await self.made("/users", {}, email=email, password=PASSWORD, **more)
        return bearer((await self.tokens(email))["access_token"])

    async def operator(self, email: str = "boss@example.org") -> dict[str, str]:
        """Do the same with an invitation from the console."""
        invite = new_invite(Role.OPERATOR, "console:local", self.core.app.clock())
        await self.accounts.commit(AddInvite(invite))
        return await self.joined(email, invite=invite.code)


def site_on(core: Core, **changes: Any) -> Site:
    """Open it; ``changes``: of who may make accounts, and how."""
    accounts = accounts_of(core, **changes)
    return Site(core, accounts, browser(core.app, accounts=accounts, chat=False))  # type: ignore[arg-type]


@pytest.fixture
def site(core: Core) -> Site:
    """The application on SQLite."""
    return site_on(core)


@pytest.fixture
def sites(both: Core) -> Site:
    """The application on each kind of database."""
    return site_on(both)


def bearer(token: str) -> dict[str, str]:
    """Write a token as a request carries it."""
    return {"Authorization": f"Bearer {token}"}


def fields(answer: httpx.Response) -> list[str]:
    """Name the fields that a problem is about."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return [each["field"] for each in answer.json().get("errors", [])]
