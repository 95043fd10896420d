"""The audit log: what operators did, the latest first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing
from storage.letters import APPLY as OF_LETTERS
from storage.operating_tables import audit
from storage.operations import Action, AddAction
from storage.quick import LONG
from storage.tasks import APPLY as OF_TASKS

NEWEST = 1 << 62  # beyond all rows
LOOKED = 5_000  # rows that one statement looks at for words


@dataclass(frozen=True, slots=True)
class Audit:
    """Reads the log on one connection."""

    connection: AsyncConnection

    async def page(self, words: Sequence[str], before: int, *, limit: int) -> tuple[Action, ...]:
        """List what holds all of these words, the latest first. ``before``: where a page ended, or 0.

        Words are looked for in so many rows at a time, so that no statement reads all there are.
        """
        oldest = await self.connection.scalar(select(func.min(audit.c.sequence))) or NEWEST
        newest = await self.connection.scalar(select(func.max(audit.c.sequence))) or 0
        upper, found = min(before or NEWEST, newest + 1), list[Action]()
        while len(found) < limit and upper > oldest:
            rows = await self.connection.execute(_holding(words, upper).limit(limit - len(found)))
            found += [Action(**row._mapping) for row in rows]
            upper -= LOOKED
        return tuple(found)


def _holding(words: Sequence[str], upper: int) -> Select[Any]:
    """Find the rows before this one, so many at the most, that hold all of these words."""
    told = (audit.c.who, audit.c.word, audit.c.about, audit.c.result)
    looked = (audit.c.sequence < upper) & (audit.c.sequence >= upper - LOOKED)
    held = [or_(*(column.icontains(word, autoescape=True) for column in told)) for word in words]
    found = select(audit).where(looked, *held).order_by(audit.c.sequence.desc())
    return found.execution_options(**LONG)


async def add_action(connection: AsyncConnection, ring: KeyRing, change: AddAction) -> None:
    """Write down what an operator did."""
    row = asdict(change.action)
    del row["sequence"]  # given by the database
    await connection.execute(insert(audit), row)


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddAction: add_action,
    **OF_LETTERS,
    **OF_TASKS,
}
