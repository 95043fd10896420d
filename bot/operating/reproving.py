"""Drawing and proving what is kept once more, as after an upgrade: which codes would not leave any longer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from string import Formatter
from time import monotonic
from typing import TYPE_CHECKING

from bot.cards import picture_of
from bot.drawings import art_of, asset_of, spared, without_gone, worked
from bot.i18n import Translator
from bot.parked import outline
from bot.qr.picture import Rendered, render
from bot.qr.refusal import Refused
from storage.operations import Fault, Task
from storage.tasks import Step, Tasks

if TYPE_CHECKING:
    from bot.app import App
    from bot.context import Context
    from storage.work import Work

REPROVE = "reprove"
CODES = 10  # of one step: so many at the most are proven twice after a crash

Run = Callable[[Callable[[], Rendered]], Awaitable[Rendered]]


@dataclass(frozen=True, slots=True)
class Proofs:
    """What came of some codes. ``last``: the id of the last of them; empty where there are no more."""

    count: int
    faults: tuple[Fault, ...]
    last: str


async def reproved(context: Context, after: str, limit: int) -> Proofs:
    """Draw and prove some codes by their ids, while somebody waits."""
    ids = await context.work.codes.ids(after, limit=limit + 1)
    page = ids[:limit]
    tried = [(id, await _why_not(context.work, id, worked)) for id in page]
    return Proofs(len(page), _faults(tried), page[-1] if len(ids) > limit else "")


async def prove_next(app: App, task: Task) -> Step:
    """Draw and prove the next codes of all, standing back behind whatever else is drawn.

    After each it rests as long as it took, so that it never has more than half of a core.
    """
    async with app.store.reading() as work:
        page, tried = await work.codes.ids(task.at, limit=CODES), list[tuple[str, str]]()
    for id in page:
        begun = monotonic()
        async with app.store.reading() as work:
            tried.append((id, await _why_not(work, id, spared)))
        await asyncio.sleep(monotonic() - begun)
    at = page[-1] if page else task.at
    return Step(at, len(page), _faults(tried), last=len(page) < CODES)


async def total(context: Context) -> int:
    """Count the codes that are kept."""
    return await context.work.codes.count()


async def faults(context: Context, task: Task, after: str, *, limit: int) -> tuple[Fault, ...]:
    """List the codes that did not come out."""
    return await Tasks(context.work.connection, context.work.people.ring).faults(task.id, after, limit=limit)


def said_of(t: Translator, fault: Fault) -> str:
    """Say why a code did not come out, without anything of what it says."""
    names = [name for _, name, _, _ in Formatter().parse(fault.why) if name]
    return t(fault.why, **dict.fromkeys(names, "…"))


def _faults(tried: list[tuple[str, str]]) -> tuple[Fault, ...]:
    return tuple(Fault(id, why) for id, why in tried if why)


async def _why_not(work: Work, id: str, run: Run) -> str:
    """Say why a code does not come out, with gaps for what it says; empty where it does, or is gone."""
    try:
        code = await work.codes.any(id)
        if code is None:
            return ""
        picture = picture_of(code)
        art = await art_of(picture.style, partial(asset_of, work))
        await run(partial(render, without_gone(picture, art)[0], art))
    except Refused as refused:
        return refused.template
    except Exception as error:  # sealed with a key that is gone, a look of another version, a fault of ours
        return outline(error)
    return ""
