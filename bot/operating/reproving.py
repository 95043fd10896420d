"""Drawing and proving what is kept once more, as after an upgrade: which codes would not leave any longer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.cards import picture_of
from bot.drawings import art_of, asset_of, without_gone, worked
from bot.parked import outline
from bot.qr.picture import render
from bot.qr.refusal import Refused

if TYPE_CHECKING:
    from bot.context import Context


@dataclass(frozen=True, slots=True)
class Failure:
    """A code that does not read back, or cannot be drawn, and why, without what it says."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """What came of some codes. ``last``: the id of the last of them; empty where there are no more."""

    count: int
    failures: tuple[Failure, ...]
    last: str


async def reproved(context: Context, after: str, limit: int) -> Proofs:
    """Draw and prove codes by their ids, so many at a time, in the threads that draw."""
    ids = await context.work.codes.ids(after, limit=limit + 1)
    page = ids[:limit]
    tried = [(id, await _failure(context, id)) for id in page]
    failures = tuple(Failure(id, why) for id, why in tried if why)
    return Proofs(len(page), failures, page[-1] if len(ids) > limit else "")


async def _failure(context: Context, id: str) -> str:
    """Say why a code does not come out; empty where it does, or is gone by now."""
    try:
        code = await context.work.codes.any(id)
        if code is None:
            return ""
        picture = picture_of(code)
        art = await art_of(picture.style, partial(asset_of, context.work))
        await worked(partial(render, without_gone(picture, art)[0], art))
    except Refused as refused:
        return context.t(refused.template, **dict.fromkeys(refused.values, "…"))
    except Exception as error:  # sealed with a key that is gone, a look of another version, a fault of ours
        return outline(error)
    return ""
