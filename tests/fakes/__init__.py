"""Strict Telegram, Slack and Sentry servers on loopback sockets, for the real SDKs to talk to.

They refuse what the real ones refuse, and let a test speak for the people behind them. Nothing here imports
the bot.
"""

from tests.fakes.sentry import FakeSentry
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

__all__ = ["FakeSentry", "FakeSlack", "FakeTelegram"]
