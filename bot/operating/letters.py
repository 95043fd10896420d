"""What waits, and dead letters: looked at, tried again, dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.ids import read_id
from bot.qr.refusal import Refused
from storage.letters import Letters
from storage.operations import DropLetter, Letter, ReplayLetter
from storage.records import State, Why

if TYPE_CHECKING:
    from bot.context import Context


async def waiting(context: Context, search: str, offset: int, *, limit: int) -> tuple[Letter, ...]:
    """List what waits to be sent or run, the longest due first."""
    return await _letters(context).page(State.PENDING, tuple(search.split()), offset, limit=limit)


async def dead(context: Context, search: str, offset: int, *, limit: int) -> tuple[Letter, ...]:
    """List dead letters, the longest due first."""
    return await _letters(context).page(State.DEAD, tuple(search.split()), offset, limit=limit)


async def numbers(context: Context) -> Mapping[State, int]:
    """Count what waits, and what was given up."""
    return await _letters(context).counts()


async def the_letter(context: Context, id: str) -> Letter:
    """Find one that waits or was given up; raises Refused."""
    found = await _letters(context).get(read_id(id) or "")
    if found is None or found.state == State.DONE:
        raise Refused(
            "There is nothing with the id “{given}”. /dead and /deliveries list what there is.", given=id
        )
    return found


async def replaying(context: Context, id: str) -> ReplayLetter:
    """Try a dead letter again; raises Refused."""
    found = await the_letter(context, id)
    if found.state != State.DEAD:
        raise Refused("{id} still waits, and is tried again by itself.", id=found.id)
    if found.kind == Why.UNREADABLE:
        raise Refused(
            "Nobody can read {id}, so that it cannot be tried again. /drop deletes it.", id=found.id
        )
    return ReplayLetter(found, context.now)


async def dropping(context: Context, id: str) -> DropLetter:
    """Delete what waits, or a dead letter; raises Refused."""
    return DropLetter(await the_letter(context, id))


def age(since: timedelta) -> str:
    """Write how old something is in its largest unit: 5s, 12m, 3h, 4d."""
    seconds = int(since.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{max(seconds, 0)}s"


def _letters(context: Context) -> Letters:
    return Letters(context.work.connection)
