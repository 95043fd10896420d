"""Work that takes long, and what came of it: rows that any process can answer."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account import Job, JobState
from storage.account_tables import jobs
from storage.encryption import KeyRing


@dataclass(frozen=True, slots=True)
class Jobs:
    """Reads and keeps them on one connection, a writing one for all but reading."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, id: str, now: datetime) -> Job | None:
        """Find one with what came of it; lost where who ran it has not been heard of in time."""
        row = (await self.connection.execute(select(jobs).where(jobs.c.id == id))).first()
        if row is None:
            return None
        headers = json.loads(self.ring.open("jobs", "headers", id, row.headers)) if row.headers else []
        body = b64decode(self.ring.open("jobs", "body", id, row.body)) if row.body else b""
        named = tuple((name, value) for name, value in headers)
        state = JobState(row.state)
        found = Job(id, row.asker, row.created_at, row.until, state, row.status, named, body)
        lost = state is JobState.RUNNING and row.until <= now
        return replace(found, state=JobState.LOST) if lost else found

    async def add(self, job: Job, most: int) -> bool:
        """Keep one that begins; False where its asker has ``most`` that run already.

        On PostgreSQL others of the same asker wait meanwhile, so that two do not count at once.
        """
        if self.connection.dialect.name == "postgresql":
            await self.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(job.asker))))
        of_asker = (jobs.c.asker == job.asker) & (jobs.c.state == JobState.RUNNING)
        counted = select(func.count()).where(of_asker, jobs.c.until > job.created_at)
        if (await self.connection.scalar(counted) or 0) >= most:
            return False
        values = {"id": job.id, "asker": job.asker, "created_at": job.created_at, "until": job.until}
        await self.connection.execute(
            insert(jobs).values(**values, state=job.state, status=0, headers=b"", body=b"")
        )
        return True

    async def renew(self, id: str, until: datetime) -> bool:
        """Say that who runs it lives; False where it was cancelled."""
        running = (jobs.c.id == id) & (jobs.c.state == JobState.RUNNING)
        done = await self.connection.execute(update(jobs).where(running).values(until=until))
        return done.rowcount > 0

    async def finish(self, id: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        """Keep what came of it, sealed; nothing where it was cancelled."""
        await self.connection.execute(
            update(jobs)
            .where(jobs.c.id == id)
            .values(
                state=JobState.DONE,
                status=status,
                headers=self.ring.seal("jobs", "headers", id, json.dumps(headers)),
                body=self.ring.seal("jobs", "body", id, b64encode(body).decode()),
            )
        )

    async def lose(self, id: str) -> None:
        """Say that nobody runs it any more."""
        running = (jobs.c.id == id) & (jobs.c.state == JobState.RUNNING)
        await self.connection.execute(update(jobs).where(running).values(state=JobState.LOST))

    async def drop(self, id: str) -> None:
        """Forget one, with what came of it."""
        await self.connection.execute(delete(jobs).where(jobs.c.id == id))
