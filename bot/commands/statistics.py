"""For whoever runs this bot, in its console: how much it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Field, Outcome, Reply, Table
from bot.operating.audit import OPERATING
from bot.operating.statistics import bar, tally
from bot.qr.refusal import Refused

MOST = 366  # days
WIDEST = 40  # columns of a bar


def read_days(text: str) -> int:
    """Read a number of days."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST):
        raise Refused("Say a number of days from 1 to {most}.", most=MOST)
    return int(text)


@command("stats", group=OPERATING, hidden=True, example="stats 7")
async def stats(
    context: Context, days: Annotated[int, Arg("how many days", read=read_days, slash=True)] = 30
) -> Outcome:
    """Count the codes that were made and are kept: by day, by kind, by platform, and by how many people."""
    t, found = context.t, await tally(context, days)
    fields = (
        Field(t("Codes"), str(sum(found.days.values()))),
        Field(
            t("People"),
            t(
                "{count}: {makers} made codes, {new} new",
                count=found.people,
                makers=found.makers,
                new=found.new,
            ),
        ),
    )
    rows = (*_bars(found.days), *_bars(found.kinds), *_bars(found.platforms))
    title = t.many("{count} day (UTC)", "{count} days (UTC)", days)
    return Outcome(Reply(title=title, fields=fields, table=Table(("", t("Codes"), ""), rows), private=True))


def _bars(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Draw counts one below the other, and a row without anything above them."""
    most = max(counts.values(), default=0)
    bars = [(name or "–", str(count), bar(count, most, WIDEST)) for name, count in counts.items()]
    return [("", "", ""), *bars]
