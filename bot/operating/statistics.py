"""How much the bot is used, and how that looks as bars."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from storage.operations import Tally
from storage.tallies import Tallies

if TYPE_CHECKING:
    from bot.context import Context

PLATFORMS = ("telegram", "slack", "web", "account", "console")
_EIGHTHS = " ▏▎▍▌▋▊▉"  # Unicode's blocks, by eighths of a column


async def tally(context: Context, days: int) -> Tally:
    """Count what was made today and on the days before, so many in all; days without any are there too."""
    first = context.now.date() - timedelta(days=days - 1)
    since = datetime.combine(first, time.min, context.now.tzinfo)
    found = await Tallies(context.work.connection).since(since, PLATFORMS)
    every = [(first + timedelta(days=number)).isoformat() for number in range(days)]
    return Tally(
        {day: found.days.get(day, 0) for day in every},
        dict(sorted(found.kinds.items(), key=lambda each: -each[1])),
        dict(sorted(found.platforms.items(), key=lambda each: -each[1])),
        found.people,
        found.makers,
        found.new,
    )


def bar(value: int, most: int, columns: int) -> str:
    """Draw a bar of at most so many columns, to an eighth of one."""
    whole, rest = divmod(round(value * columns * 8 / most) if most else 0, 8)
    return "█" * whole + _EIGHTHS[rest].strip()
