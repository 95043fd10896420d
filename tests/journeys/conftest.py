"""One house for all the journeys of a module."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio

from tests.fakes import FakeSlack, FakeTelegram
from tests.journeys.house import House
from tests.processes.running import running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Start it as an operator does: by settings alone."""
    folder = tmp_path_factory.mktemp("house")
    async with FakeTelegram() as tg, FakeSlack() as slack:
        slack.patience = 20.0  # how quickly it acknowledges is tests/processes/test_slack.py's business
        settings = {
            "TELEGRAM_BOT_TOKEN": tg.token,
            "TELEGRAM_API_URL": tg.url,
            "TELEGRAM_RATES": "off",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "SLACK_RATES": "off",
            "RATE_LIMIT": "off",
        }
        async with running(folder, **settings) as bot:
            slack.events_url = f"{bot.url}/slack/events"
            yield House(bot, tg, slack, folder, count(1))
            assert tg.refused == []
            assert slack.refused == []
