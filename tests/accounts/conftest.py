"""The core that these accounts are on, and somebody who has one."""

from collections.abc import AsyncIterator

import pytest

from tests.accounts.holding import Holding, cheap, held, site
from tests.core.talking import Core, both, core

__all__ = ["both", "core"]


@pytest.fixture
async def holding(core: Core) -> AsyncIterator[Holding]:
    """Somebody with an account, on SQLite."""
    accounts = cheap(core)
    async with site(core, accounts) as client:
        yield await held(accounts, client)
