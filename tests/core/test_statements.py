"""How much is asked of the database for what is said most: each statement on a server is a round trip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.deliveries import drain
from bot.face import Address, Draw, Face, Sent
from bot.message import Asking, Reply, Request
from tests.core.sending import Platform, post_of
from tests.core.talking import ADA, Core, private, request
from tests.storage.executed import executed


@dataclass
class Uploading(Platform):
    """A platform that tells where a message stands, and what its picture is called."""

    async def send(self, address: Address, reply: Reply, draw: Draw, **more: Any) -> Sent:
        """Send it as ever."""
        await super().send(address, reply, draw, **more)
        return Sent("1:2", "photo:3")

    @property
    def face(self) -> Face:
        """Show it as the bot that has the uploads."""
        return replace(super().face, account="telegram:1")


@pytest.mark.parametrize(
    ("text", "pressed", "receiving", "sending"),
    [
        # who and what was asked; its id, the code, the delivery, what was said, what is around it
        # the delivery, the picture's upload; done, where it stands, the picture's upload
        ("https://example.com", False, 6, 5),
        ("/qr https://example.com", False, 6, 5),
        ("nothing is known of this /word", False, 6, 5),
        ("/help", False, 5, 2),
        ("/settings", False, 5, 2),
        ("/history", False, 7, 2),
        ("help", True, 4, 2),
    ],
)
async def test_what_is_said_most_takes_few_statements(
    both: Core, text: str, pressed: bool, receiving: int, sending: int
) -> None:
    """By somebody known, in private: from the request to its rows, and from the rows to the end."""
    post, lane = post_of(both, Uploading()), private(ADA).key

    def asked(text: str, **more: Any) -> Request:
        made = request(both, text, answered=False, asking=Asking.QUESTION, **more)
        return replace(made, message=made.id)

    await both.app.handle(asked("hello"))
    await drain(post, lane)
    asking = asked(text, pressed=pressed)
    with executed() as received:
        await both.app.handle(asking)
    assert len(received) == receiving, received
    with executed() as sent:
        await drain(post, lane)
    shared = 2 if both.store.shared else 0  # the lane is locked, and looked at again when it is let go
    assert len(sent) == sending + shared, sent


async def test_what_is_sent_counts_against_each_rate_in_one_statement(both: Core) -> None:
    """Where it may go; where it has to wait, a second tells how long."""
    async with both.store.writing() as work:
        with executed() as told:
            assert await work.coordination.reserve("chat", 1.0, 1, both.app.clock()) == 0
        assert len(told) == 1
        with executed() as told:
            assert await work.coordination.reserve("chat", 1.0, 1, both.app.clock()) == pytest.approx(1)
        assert len(told) == 2
