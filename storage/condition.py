"""How the data is, as somebody who only looks can see, whoever else has it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import State
from storage.tables import deliveries, facts, requests


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be sent or decided, since when the first is due, and what was given up."""

    waiting: int
    dead: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Condition:
    """What is kept of the key (see ``storage.key_check``; None before the first start), and the queues."""

    key_check: bytes | None
    deliveries: Queue
    requests: Queue


async def condition(connection: AsyncConnection) -> Condition:
    """Look at migrated data, and change nothing."""
    sealed = await connection.scalar(select(facts.c.value).where(facts.c.name == "key"))
    return Condition(sealed, await _queue(connection, deliveries), await _queue(connection, requests))


async def _queue(connection: AsyncConnection, table: Table) -> Queue:
    kinds = (State.PENDING, State.DEAD)  # what is done, most of the rows, the index passes over
    counting = select(table.c.state, func.count(), func.min(table.c.due_at))
    rows = await connection.execute(counting.where(table.c.state.in_(kinds)).group_by(table.c.state))
    found = {State(state): (count, due) for state, count, due in rows}
    waiting, due = found.get(State.PENDING, (0, None))
    return Queue(waiting, found.get(State.DEAD, (0, None))[0], due)
