"""A message to everybody who has spoken with the bot in private, each once, at the platforms' own rates.

It is a task that lays messages out as fast as they are sent, and not before: so few rows wait at a time, it
can be stopped, and none gets too old on a platform that is slow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.access import Policy, lets_in
from bot.ids import derived_id
from bot.message import Reply
from bot.outbox import letter
from storage.operations import Reached, Task
from storage.outreach import Outreach
from storage.records import Delivery, State
from storage.tasks import Step

if TYPE_CHECKING:
    from datetime import datetime

    from bot.app import App
    from bot.context import Context
    from storage.work import Work

BROADCAST = "broadcast"
PLATFORMS = ("telegram", "slack")  # on which somebody can be written to who did not just speak
PEOPLE = 100  # who are written to in one step
COUNTED = 1_000  # people looked at in one statement, where they are only counted
READY = 500  # messages that wait for their turn, beyond which no more are laid out
_SAID = "{}:{}".format


async def counted(context: Context) -> Counter[str]:
    """Count whom it would reach now, by platform, each by one account."""
    found, after = Counter[str](), ""
    while people := await _outreach(context.work).people(after, limit=COUNTED):
        for accounts in await _reached(context.work, context.policy, people):
            found[accounts[0].platform] += 1
        after = people[-1]
    return found


async def _reached(work: Work, policy: Policy, among: Sequence[str]) -> list[list[Reached]]:
    """List the accounts by which each can be reached, best first: none of who may not use the bot."""
    names = {each.name: each.allowed for each in await work.admissions.listed()}
    may = [
        each
        for each in await _outreach(work).reached(PLATFORMS, among)
        if lets_in(names, accumulate(each.account.split(":"), _SAID), policy)
    ]
    return [list(accounts) for _, accounts in groupby(may, attrgetter("person_id"))]


async def lay_out(app: App, task: Task) -> Step | None:
    """Lay the message out for the next people; None while enough waits to be sent."""
    now = app.clock()
    async with app.store.reading() as work:
        if await _outreach(work).ready(now) >= READY:
            return None
        people = await _outreach(work).people(task.at, limit=PEOPLE)
        reached = await _reached(work, app.access.policy, people) if people else []
        named = {each.account: derived_id(f"{task.id} {each.account}") for those in reached for each in those}
        told = await _outreach(work).laid_out(tuple(named.values()))
    # Who has it by another account, and was somebody else until they joined, is not told again.
    fresh = [those[0] for those in reached if not any(named[each.account] in told for each in those)]
    letters = tuple(_letter(task, each, named[each.account], now) for each in fresh)
    at = people[-1] if people else task.at
    return Step(at, len(letters), letters=letters, last=len(people) < PEOPLE)


def _letter(task: Task, to: Reached, id: str, now: datetime) -> Delivery:
    said = Reply(body=task.body, private=True)
    return replace(letter(to.account, said, now, to.person_id), id=id, request_id=task.id, bulk=True)


async def came_of(context: Context, task: Task) -> Mapping[State, int]:
    """Count the messages that were laid out and still wait, or could not be sent."""
    return await _outreach(context.work).came_of(task)


def _outreach(work: Work) -> Outreach:
    return Outreach(work.connection)
