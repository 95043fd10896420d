"""A message to everybody who has spoken with the bot in private, each once, at the platforms' own rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.message import Reply
from bot.outbox import letter
from storage.operations import AddLetters, Reached
from storage.outreach import Outreach

if TYPE_CHECKING:
    from bot.context import Context

PLATFORMS = ("telegram", "slack")  # on which somebody can be written to who did not just speak


async def reached(context: Context) -> tuple[Reached, ...]:
    """List whom it reaches: no one who is blocked, has shut their chat, or spoke only where others are."""
    return await Outreach(context.work.connection).reached(PLATFORMS)


def broadcasting(context: Context, whom: tuple[Reached, ...], text: str) -> AddLetters:
    """Lay out the message to each; what waits is found by the sweep."""
    said = Reply(body=text, private=True)
    return AddLetters(tuple(letter(each.account, said, context.now, each.person_id) for each in whom))
