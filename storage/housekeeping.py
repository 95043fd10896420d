"""What has had its time goes: expired forms, finished rows, old ids, codes past the retention."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import State
from storage.tables import (
    codes,
    deliveries,
    drafts,
    file_ids,
    leases,
    pairings,
    previews,
    rates,
    readings,
    requests,
    seen,
)

DONE = timedelta(days=1)  # after which a finished row goes
DEAD = timedelta(days=30)  # after which a dead letter goes
FILES = timedelta(days=30)  # after which a picture is sent to the platform anew
SEEN = timedelta(
    days=6
)  # longer than any platform repeats itself; Telegram's ids start anew after 7 idle days


async def tidy(connection: AsyncConnection, now: datetime, retention_days: int | None) -> dict[str, int]:
    """Delete what has had its time; answers how many rows of each table went."""
    rules: list[tuple[Table, ColumnElement[bool]]] = [
        (drafts, drafts.c.expires_at <= now),
        (readings, readings.c.expires_at <= now),
        (previews, previews.c.expires_at <= now),
        (pairings, pairings.c.expires_at <= now),
        (file_ids, file_ids.c.kept_at <= now - FILES),
        (seen, seen.c.at <= now - SEEN),
        (rates, rates.c.free_at <= now.timestamp() - 3600),
        (leases, leases.c.name.like("request:%") & (leases.c.until <= now)),  # the others' fences stay
    ]
    for table in (deliveries, requests):
        rules.append((table, (table.c.state == State.DONE) & (table.c.finished_at <= now - DONE)))
        rules.append((table, (table.c.state == State.DEAD) & (table.c.finished_at <= now - DEAD)))
    if retention_days is not None:
        old = codes.c.created_at <= now - timedelta(days=retention_days)
        rules.append((codes, old & ~codes.c.favourite))
    gone: dict[str, int] = {}
    for table, rule in rules:
        done = await connection.execute(delete(table).where(rule))
        gone[table.name] = gone.get(table.name, 0) + done.rowcount
    return gone
