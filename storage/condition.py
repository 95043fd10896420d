"""How the data is, as somebody who only looks can see, whoever else has it open."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.figures import QUEUES, Backlog, queued
from storage.tables import facts


@dataclass(frozen=True, slots=True)
class Condition:
    """What is kept of the key (see ``storage.key_check``; None before the first start), and the queues."""

    key_check: bytes | None
    backlogs: dict[tuple[str, str], Backlog]  # by queue and platform


async def condition(connection: AsyncConnection) -> Condition:
    """Look at migrated data, and change nothing."""
    sealed = await connection.scalar(select(facts.c.value).where(facts.c.name == "key"))
    found = {name: await queued(connection, table) for name, table in QUEUES.items()}
    return Condition(
        sealed, {(name, platform): each for name in found for platform, each in found[name].items()}
    )
