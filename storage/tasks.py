"""What operators set going and goes on by itself: how far it has come, and what it found wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import Stale
from storage.encryption import KeyRing
from storage.inserting import insert_on
from storage.operating_tables import faults, tasks
from storage.operations import Fault, StartTask, StopTask, Task, TaskState
from storage.outreach import add_letters
from storage.records import Delivery, State
from storage.tables import deliveries


@dataclass(frozen=True, slots=True)
class Step:
    """What was done of a task: so many more, up to where, with what is to be sent. ``last``: none is left."""

    at: str
    done: int
    faults: tuple[Fault, ...] = ()
    letters: tuple[Delivery, ...] = ()
    last: bool = False


@dataclass(frozen=True, slots=True)
class Tasks:
    """Reads and keeps them on one connection, a writing one for all but reading."""

    connection: AsyncConnection
    ring: KeyRing

    async def going(self) -> tuple[str, ...]:
        """Name those that go on."""
        return tuple(await self.connection.scalars(select(tasks.c.id).where(tasks.c.going.is_not(None))))

    async def get(self, id: str) -> Task | None:
        """Find one."""
        return self._opened((await self.connection.execute(select(tasks).where(tasks.c.id == id))).first())

    async def latest(self, word: str) -> Task | None:
        """Find the one of a word that goes on, or was the last to."""
        newest = select(tasks).where(tasks.c.word == word).order_by(tasks.c.created_at.desc()).limit(1)
        return self._opened((await self.connection.execute(newest)).first())

    def _opened(self, row: Row[Any] | None) -> Task | None:
        if row is None:
            return None
        values = dict(row._mapping)
        del values["going"]  # what the state says
        body = self.ring.open("tasks", "body", row.id, row.body) if row.body else ""
        return Task(**values | {"body": body, "state": TaskState(row.state)})

    async def faults(self, id: str, after: str, *, limit: int) -> tuple[Fault, ...]:
        """List what a task found wrong, by what it is about. ``after``: where the page before ended."""
        mine = (faults.c.task_id == id) & (faults.c.about > after)
        found = select(faults.c.about, faults.c.why).where(mine).order_by(faults.c.about).limit(limit)
        return tuple(Fault(*row) for row in await self.connection.execute(found))

    async def advance(self, task: Task, step: Step, at: datetime) -> bool:
        """Write a step down; False where it does not follow on where the task stands by now, or it ended.

        What comes of the step is written with it, and so once, whoever else did the same.
        """
        state = TaskState.DONE if step.last else TaskState.GOING
        here = (tasks.c.id == task.id) & (tasks.c.at == task.at) & tasks.c.going.is_not(None)
        came: dict[str, Any] = {
            "at": step.at,
            "done": tasks.c.done + step.done,
            "failed": tasks.c.failed + len(step.faults),
            "changed_at": at,
            "state": state,
        }
        ended = {"going": None, "body": b""} if step.last else {}
        if (await self.connection.execute(update(tasks).where(here).values(came | ended))).rowcount == 0:
            return False
        if step.faults:
            await self.connection.execute(
                insert(faults), [asdict(each) | {"task_id": task.id} for each in step.faults]
            )
        await add_letters(self.connection, self.ring, step.letters)
        return True


async def start_task(connection: AsyncConnection, ring: KeyRing, change: StartTask) -> None:
    """Set a task going; stale where another of its word goes on."""
    task = change.task
    row = asdict(task) | {"going": task.word, "body": ring.seal("tasks", "body", task.id, task.body)}
    alone = insert_on(connection, tasks).values(row).on_conflict_do_nothing(index_elements=[tasks.c.going])
    if (await connection.execute(alone)).rowcount == 0:
        raise Stale("another one goes on")


async def stop_task(connection: AsyncConnection, ring: KeyRing, change: StopTask) -> None:
    """Stop a task, and forget what it has still to send; stale where it does not go on any more."""
    mine = (tasks.c.id == change.id) & tasks.c.going.is_not(None)
    ended = update(tasks).where(mine).values(
        state=TaskState.STOPPED, going=None, body=b"", changed_at=change.at
    )  # fmt: skip
    if (await connection.execute(ended)).rowcount == 0:
        raise Stale("it has ended")
    waits = (deliveries.c.state == State.PENDING) & deliveries.c.bulk
    await connection.execute(delete(deliveries).where(waits, deliveries.c.request_id == change.id))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    StartTask: start_task,
    StopTask: stop_task,
}
