"""Boards kept up to date: a row says which is stale, and whoever works shows it anew, many changes at once.

What makes one stale is in ``storage/boards.py``. A wake after the commit or the sweep leads here; one process
at a time shows a board, and what is the same as before is not shown again.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot import __version__
from bot.board import Rule
from bot.context import open_context
from bot.deliveries import AWAY, CEILING, TRIES
from bot.face import Face, NotYet, Overtaken, TryLater, Undeliverable
from bot.message import Actor, Asking, Reply, Request, Space
from bot.parked import outline
from bot.wire import dump_reply
from storage.records import Board

if TYPE_CHECKING:
    from bot.app import App
    from bot.deliveries import Post

log = structlog.get_logger(__name__)

COMMAND = "home"  # lays a board out, and turns it
RENEWED = timedelta(days=3)  # after which it is shown again as it was: addresses of pictures hold for a week


async def refresh(app: App, post: Post, key: str) -> None:
    """Show a board as long as it is stale, as the only one who does."""
    lane = f"board:{key}"
    while True:
        async with post.store.lane(lane) as mine:
            if not mine:
                return
            while await _next(app, post, key):
                pass
            again = post.store.asked_for(lane)
        # A wake that came while the lane was held found it taken: look once more after letting go.
        if not again or await _stale(post, key) is None:
            return


async def _stale(post: Post, key: str) -> Board | None:
    platform, _, account = key.partition(":")
    async with post.store.reading() as work:
        board = await work.boards.get(platform, account)
    due = board is not None and board.due_at is not None and board.due_at <= post.clock()
    return board if due else None


async def _next(app: App, post: Post, key: str) -> bool:
    """Show a board once where it is stale; True where it may be stale again."""
    board = await _stale(post, key)
    if board is None:
        return False
    face = post.faces.get(board.platform)
    if face is None:
        await _wait(post, board, AWAY)
        return False
    try:
        await _show(app, post, face, board)
    except Overtaken:  # by a process that lost its lane: what it showed may be older than this
        async with post.store.writing() as work:
            await work.boards.unmark(board)
    except NotYet as wait:
        await _wait(post, board, wait.seconds)
        return False
    except TryLater as later:
        await _again(post, board, str(later), later.seconds, for_ever=True)
        return False
    except Undeliverable as never:
        log.warning("a board cannot be shown any more", error=str(never))
        async with post.store.writing() as work:
            await work.boards.drop(board)
    except Exception as error:
        log.error("a board could not be shown", error=outline(error))
        await _again(post, board, outline(error), None, for_ever=False)
        return False
    return True


async def _show(app: App, post: Post, face: Face, board: Board) -> None:
    """Lay a board out and show it, unless it would look the same.

    Its turn is awaited first: laying it out asks the platform too.
    """
    if face.show is None:
        raise Undeliverable(f"{board.platform} has no boards")
    address = face.reach(board.account)
    rates = face.rates(address, Reply(board=(Rule(),)))
    wait = await post.reserve(rates)
    if wait > 0:
        raise NotYet(wait)
    try:
        reply = await _laid_out(app, face, board)
        written = "\x1f".join((__version__, app.public_url, dump_reply(reply)))
        fingerprint = post.store.ring.fingerprint("board", written)
        now, mark, at = post.clock(), board.mark, board.published_at
        if fingerprint != board.fingerprint or at is None or now - at >= RENEWED:
            mark, at = await face.show(address, reply, board.mark), now
    except TryLater as later:
        if later.seconds and later.seconds <= CEILING:  # no longer: a token that is mended is used at once
            await post.hold(rates, later.seconds)
        raise
    async with post.store.writing() as work:
        await work.boards.shown(board, fingerprint, mark, at)


async def _laid_out(app: App, face: Face, board: Board) -> Reply:
    """Let the command say what stands on a board now; who cannot be looked up is no admin."""
    asked = Request(
        id="",
        actor=Actor(board.platform, board.account),
        space=Space(board.platform, board.account),
        command=COMMAND,
        answered=True,
        asking=Asking.FORM,
        board=True,
        address=face.reach(board.account),
    )
    try:
        asked = await face.prepare(asked)
    except Undeliverable:
        asked = replace(asked, admin=False)
    async with app.store.reading() as work:
        context = await open_context(app, work, asked)
        outcome = await app.commands[COMMAND].run(context)
    assert outcome.reply is not None  # it is asked inside the call
    return replace(outcome.reply, language=context.t.language)


async def _wait(post: Post, board: Board, seconds: float) -> None:
    async with post.store.writing() as work:
        await work.boards.later(board, post.clock() + timedelta(seconds=seconds), tried=False)


async def _again(post: Post, board: Board, why: str, seconds: float | None, *, for_ever: bool) -> None:
    """Try again later, ever later; where that is our own fault, only so often."""
    log.warning("a board is shown later", error=why, attempts=board.attempts + 1)
    async with post.store.writing() as work:
        if not for_ever and board.attempts + 1 >= TRIES:
            await work.boards.drop(board)
            return
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads tries, guards nothing
        wait = seconds or min(CEILING, 2.0 ** min(board.attempts, 10)) * jitter
        await work.boards.later(board, post.clock() + timedelta(seconds=wait))
