"""What the tests of one adapter share."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.connection import Slack
from adapters.slack.serve import open_slack
from tests.core.talking import core
from tests.fakes import FakeSlack

__all__ = ["connection", "core"]


@pytest.fixture
async def connection(slack: FakeSlack) -> AsyncIterator[Slack]:
    """Connect to Slack, without an address of ours that it could reach."""
    async with open_slack(slack.bot_token, slack.api_url) as opened:
        yield opened
