"""What tests of sending on Slack say, and where."""

from __future__ import annotations

from typing import Any

from adapters.slack.parse import parse
from bot.face import Address
from bot.message import Button, Reply
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, Rendered
from bot.qr.picture import render as drawn_now
from bot.qr.style import DEFAULT
from tests.fakes import FakeSlack
from tests.fakes.slack import Channel, Message, Person

PICTURE = Picture(payload_of("https://example.com"), DEFAULT, name="example")
SAVED = Reply("https://example.com", picture=PICTURE, code="7K3FABCDEF", buttons=((Button("Go", "go"),),))
WORDS = Reply(body="fine")


async def draw(picture: Picture) -> Rendered:
    """Draw for real."""
    return drawn_now(picture)


def methods(slack: FakeSlack) -> list[str]:
    """List what was called, in order."""
    return [call.method for call in slack.calls]


async def said(slack: FakeSlack, person: Person, channel: Channel, text: str = "a") -> Address:
    """Type a command and give the address of its answer."""
    return await _address(slack, slack.command(person, channel, text))


async def under(slack: FakeSlack, person: Person, message: Message, label: str = "Go") -> Address:
    """Press a button and give the address of its answer."""
    return await _address(slack, slack.press(person, message, label))


async def _address(slack: FakeSlack, action: Any) -> Address:
    """Let somebody do something, with nobody listening, and read what was posted."""
    slack.patience = 0.0
    await action
    request = parse(slack.posted[-1][1], slack.now())
    assert request is not None
    return request.address


def mentioned(slack: FakeSlack, person: Person, channel: Channel, thread: str = "1700.1") -> Address:
    """Give the address of a mention's answer."""
    return {"team": slack.team, "channel": channel.id, "user": person.id, "thread": thread}


def home(slack: FakeSlack, person: Person) -> Address:
    """Give the address of a direct message's answer."""
    return {"team": slack.team, "channel": slack.dm(person).id, "user": person.id}
