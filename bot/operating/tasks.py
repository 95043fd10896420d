"""What operators set going and goes on by itself, a small step at a time, whatever becomes of a process.

Each step is written down together with where the task stands: after a crash it goes on there, and of two
processes that did the same step, one has written it down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from bot.ids import new_id
from bot.message import Field, Status
from bot.qr.refusal import Refused
from storage.audit import add_action
from storage.operations import Action, AddAction, StartTask, StopTask, Task, TaskState
from storage.tasks import Step, Tasks

if TYPE_CHECKING:
    from bot.app import App
    from bot.context import Context
    from storage.work import Work

TURN = 5.0  # seconds for which a job goes on with a task; then it waits for its turn again
PAUSE = 0.02  # seconds between two steps, for whoever else wants to write

# What comes next of a task: None where it has to wait.
Next: TypeAlias = "Callable[[App, Task], Awaitable[Step | None]]"


async def carry_on(app: App, following: Mapping[str, Next], id: str) -> None:
    """Go on with a task for a while, where there is anything to do; the sweep wakes it again."""
    until = monotonic() + TURN
    while monotonic() < until:
        async with app.store.reading() as work:
            task = await _tasks(work).get(id)
        if task is None or task.state is not TaskState.GOING:
            return
        step = await following[task.word](app, task)
        if step is None or not await _written_down(app, task, step):
            return
        await asyncio.sleep(PAUSE)


async def _written_down(app: App, task: Task, step: Step) -> bool:
    """Keep a step, and an action in the audit log at the end; False where there is nothing to go on with."""
    now = app.clock()
    async with app.store.writing() as work:
        if not await _tasks(work).advance(task, step, now):
            return False
        if step.last:
            ended = await _tasks(work).get(task.id)
            failed = ended is not None and ended.failed > 0
            result = Status.FAILED.value if failed else TaskState.DONE.value
            action = Action(now, task.by, task.word, f"{task.id} {ended.done if ended else 0}", result)
            await add_action(work.connection, app.store.ring, AddAction(action))
    return not step.last


async def latest(context: Context, word: str) -> Task | None:
    """Find the task of a word that goes on, or was the last to."""
    return await _tasks(context.work).latest(word)


def starting(context: Context, word: str, total: int, body: str = "") -> StartTask:
    """Set a task going."""
    by, now = context.request.actor.key, context.now
    return StartTask(Task(new_id(), word, by, total, now, now, body))


async def stopping(context: Context, word: str) -> StopTask:
    """Stop the task of a word; raises Refused where none goes on."""
    task = await latest(context, word)
    if task is None or task.state is not TaskState.GOING:
        raise Refused("Nothing of this goes on at the moment.")
    return StopTask(task.id, context.now)


def progress(context: Context, task: Task) -> tuple[Field, ...]:
    """Say how far a task has come."""
    t = context.t
    states = {
        TaskState.GOING: t("goes on"),
        TaskState.STOPPED: t("was stopped"),
        TaskState.DONE: t("done"),
    }
    return (
        Field(t("State"), states[task.state]),
        Field(t("So far"), t("{done} of {total}", done=task.done, total=task.total)),
        Field(t("Begun (UTC)"), f"{task.created_at:%Y-%m-%d %H:%M:%S}"),
        Field(t("Last step (UTC)"), f"{task.changed_at:%Y-%m-%d %H:%M:%S}"),
    )


def _tasks(work: Work) -> Tasks:
    return Tasks(work.connection, work.people.ring)
