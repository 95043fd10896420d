"""A message to everybody who has spoken with the bot in private, each once, at the platforms' own rates."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from bot.access import lets_in
from bot.message import Reply
from bot.outbox import letter
from storage.operations import AddLetters, Reached
from storage.outreach import Outreach

if TYPE_CHECKING:
    from bot.context import Context

_SAID = "{}:{}".format
PLATFORMS = ("telegram", "slack")  # on which somebody can be written to who did not just speak


async def reached(context: Context) -> tuple[Reached, ...]:
    """List whom it reaches, each by one account: nobody who may not use the bot, or has shut their chat."""
    names = {each.name: each.allowed for each in await context.work.admissions.listed()}
    found = await Outreach(context.work.connection).reached(PLATFORMS)
    may = [
        each for each in found if lets_in(names, accumulate(each.account.split(":"), _SAID), context.policy)
    ]
    return tuple({each.person_id: each for each in reversed(may)}.values())


def broadcasting(context: Context, whom: tuple[Reached, ...], text: str) -> AddLetters:
    """Lay out the message to each; what waits is found by the sweep."""
    said = Reply(body=text, private=True)
    return AddLetters(tuple(letter(each.account, said, context.now, each.person_id) for each in whom))
