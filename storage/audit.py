"""The audit log: what operators did, the latest first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing
from storage.letters import APPLY as OF_LETTERS
from storage.operations import Action, AddAction
from storage.outreach import APPLY as OF_MANY
from storage.tables import audit


@dataclass(frozen=True, slots=True)
class Audit:
    """Reads the log on one connection."""

    connection: AsyncConnection

    async def page(self, words: Sequence[str], before: int, *, limit: int) -> tuple[Action, ...]:
        """List what holds all of these words, the latest first. ``before``: where a page ended, or 0."""
        told = (audit.c.who, audit.c.word, audit.c.about, audit.c.result)
        found = select(audit).order_by(audit.c.sequence.desc()).limit(limit)
        for word in words:
            found = found.where(or_(*(column.icontains(word, autoescape=True) for column in told)))
        if before:
            found = found.where(audit.c.sequence < before)
        return tuple(Action(**row._mapping) for row in await self.connection.execute(found))


async def add_action(connection: AsyncConnection, ring: KeyRing, change: AddAction) -> None:
    """Write down what an operator did."""
    row = asdict(change.action)
    del row["sequence"]  # given by the database
    await connection.execute(insert(audit), row)


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddAction: add_action,
    **OF_LETTERS,
    **OF_MANY,
}
