"""How the data is, as somebody who only looks can see, whoever else has it open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.faults import FAILURES, Fault, fault_of, named
from storage.figures import QUEUES, READ_ONLY, Backlog, queued
from storage.tables import facts

PATIENCE = 2.0  # seconds that its writer may take


@dataclass(frozen=True, slots=True)
class Condition:
    """What is kept of the key (see ``storage.key_check``; None before the first start), and the queues."""

    key_check: bytes | None
    backlogs: dict[tuple[str, str], Backlog]  # by queue and platform
    fault: Fault | None = None  # of a server


async def condition(connection: AsyncConnection) -> Condition:
    """Look at migrated data, and change nothing; raises Unavailable."""
    try:
        return await _condition(connection)
    except FAILURES as error:
        raise named(error) from None


async def _condition(connection: AsyncConnection) -> Condition:
    sealed = await connection.scalar(select(facts.c.value).where(facts.c.name == "key"))
    found = {name: await queued(connection, name) for name in QUEUES}
    backlogs = {(name, platform): each for name in found for platform, each in found[name].items()}
    server = connection.dialect.name == "postgresql"
    read_only = server and await connection.scalar(READ_ONLY) == "on"
    return Condition(sealed, backlogs, Fault.READ_ONLY if read_only else None)


def file_fault(path: Path) -> Fault | None:
    """Look whether a file takes writes, and whether all of it can be read; nothing in it is changed."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=PATIENCE)) as file:
            file.isolation_level = None
            [(said,), *_] = file.execute("PRAGMA quick_check(1)").fetchall()
            if said != "ok":
                return Fault.DAMAGED
            [(version,)] = file.execute("PRAGMA user_version").fetchall()
            file.execute("BEGIN IMMEDIATE")  # which by itself only reads what can only be read
            file.execute(f"PRAGMA user_version={version}")
            file.rollback()
    except sqlite3.Error as error:
        return fault_of(error)
    return None
