"""A strict fake Slack: Web API, uploads, response_url, views, signed posts and Socket Mode."""

from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.wire import Acknowledged
from tests.fakes.slack.world import Channel, File, Message, Person

__all__ = ["Acknowledged", "Channel", "FakeSlack", "File", "Message", "Person"]
