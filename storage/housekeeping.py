"""What has had its time goes: expired forms, finished rows, old ids, codes past the retention."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account_tables import answers, api_keys, invites, jobs, resets, sessions, tries
from storage.boards import stale_where
from storage.operating_tables import audit, faults, tasks
from storage.quick import LONG
from storage.records import State
from storage.tables import (
    boards,
    codes,
    deliveries,
    drafts,
    identities,
    installing,
    leases,
    marks,
    pairings,
    previews,
    rates,
    readings,
    requests,
    seen,
    shown,
    uploaded,
)

DONE = timedelta(days=1)  # after which a finished row goes
DEAD = timedelta(days=30)  # after which a dead letter goes
SEEN = timedelta(
    days=6
)  # longer than any platform repeats itself; Telegram's ids start anew after 7 idle days
EXPIRED = timedelta(days=30)  # for which an API key that expired is still listed
ANSWERED = timedelta(days=1)  # for which a request with an Idempotency-Key is answered as the first time
WORKED = timedelta(days=1)  # for which what came of a job can be got
AUDITED = timedelta(days=365)  # for which it is known what operators did
ENDED = timedelta(days=30)  # for which it is known what a task of theirs found
SHOWN = timedelta(days=90)  # for which a message that is changed changes its code
OPEN, STRANGE = timedelta(days=30), timedelta(days=1)  # for which a board is kept up to date; a stranger's
VIEWED = timedelta(days=1)  # for which it is known which change of a view was the latest
RETIRED = 500  # codes of one transaction: nobody waits for it longer than for a request
UPLOADED, MOST = timedelta(days=30), 20_000  # for which a picture is sent again by its name, and how many


async def tidy(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """Delete what has had its time; answers how many rows of each table went."""
    rules: list[tuple[Table, ColumnElement[bool]]] = [
        (drafts, drafts.c.expires_at <= now),
        (readings, readings.c.expires_at <= now),
        (previews, previews.c.expires_at <= now),
        (pairings, pairings.c.expires_at <= now),
        (installing, installing.c.expires_at <= now),
        (sessions, sessions.c.expires_at <= now),
        (invites, invites.c.expires_at <= now),
        (resets, resets.c.expires_at <= now),
        (tries, tries.c.until <= now),
        (api_keys, api_keys.c.expires_at <= now - EXPIRED),
        (seen, seen.c.at <= now - SEEN),
        (seen, seen.c.request_id.in_(select(answers.c.request_id).where(answers.c.at <= now - ANSWERED))),
        (answers, answers.c.at <= now - ANSWERED),
        (jobs, jobs.c.created_at <= now - WORKED),
        (audit, audit.c.at <= now - AUDITED),
        (faults, faults.c.task_id.in_(_ended(now))),
        (tasks, tasks.c.id.in_(_ended(now))),
        (shown, shown.c.at <= now - SHOWN),
        (boards, boards.c.opened_at <= now - OPEN),
        (boards, (boards.c.opened_at <= now - STRANGE) & _strangers()),
        (uploaded, uploaded.c.at <= now - UPLOADED),
        (uploaded, uploaded.c.at < _last_kept()),
        (marks, _named(marks.c.name, "view:") & (marks.c.at <= now - VIEWED)),
        (rates, rates.c.free_at <= now.timestamp() - 3600),
        (leases, _named(leases.c.name, "request:") & (leases.c.until <= now)),  # the others' fences stay
    ]
    for table in (deliveries, requests):
        rules.append((table, (table.c.state == State.DONE) & (table.c.finished_at <= now - DONE)))
        rules.append((table, (table.c.state == State.DEAD) & (table.c.finished_at <= now - DEAD)))
    gone: dict[str, int] = {}
    for table, rule in rules:
        done = await connection.execute(delete(table).where(rule))
        gone[table.name] = gone.get(table.name, 0) + done.rowcount
    return gone


async def retire(connection: AsyncConnection, now: datetime, retention_days: int) -> int:
    """Delete codes that are past the retention, the oldest first, so many at the most; answers how many."""
    past = (codes.c.created_at <= now - timedelta(days=retention_days)) & codes.c.favourite.is_(False)
    oldest = select(codes.c.id).where(past).order_by(codes.c.created_at).limit(RETIRED)
    ids = list(await connection.scalars(oldest.execution_options(**LONG)))
    if ids:
        await stale_where(connection, select(codes.c.person_id).where(codes.c.id.in_(ids)), now)
        await connection.execute(delete(codes).where(codes.c.id.in_(ids), codes.c.favourite.is_(False)))
    return len(ids)


def _named(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """Find names that start so, by a range: of LIKE, SQLite asks no index."""
    return (column >= start) & (column < start[:-1] + chr(ord(start[-1]) + 1))


def _ended(now: datetime) -> Select[Any]:
    """Name the tasks whose time is over."""
    return select(tasks.c.id).where(tasks.c.going.is_(None), tasks.c.changed_at <= now - ENDED)


def _strangers() -> ColumnElement[bool]:
    """Find the boards of accounts that are nobody's."""
    known = (identities.c.platform == boards.c.platform) & (identities.c.external_id == boards.c.account)
    return ~select(identities.c.person_id).where(known).correlate(boards).exists()


def _last_kept() -> ScalarSelect[datetime]:
    """Find the moment of the oldest picture still kept; nothing where there are fewer than may be."""
    newest = select(uploaded.c.at).order_by(uploaded.c.at.desc()).offset(MOST - 1).limit(1)
    return newest.scalar_subquery()
