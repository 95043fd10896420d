"""The fakes as fixtures, each served on a port of its own while a test runs."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.fakes import FakeSlack, FakeTelegram


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    """Serve a Telegram."""
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Serve a Slack."""
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    """Open plain HTTP."""
    async with ClientSession() as session:
        yield session
