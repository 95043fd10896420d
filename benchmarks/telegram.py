"""Updates a second on one core, and how long a picture takes, beside two minimal bots on the same server.

Each bot runs in a process of its own, all on one core, and only one has work at a time; the server and the
clock are on another. Every picture that came is read, and has to say the text it answers.
"""

from __future__ import annotations

import asyncio
import os
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import zxingcpp
from PIL import Image

from benchmarks.bot_api import TOKEN, Sent, Server, serving

ROOT = Path(__file__).parents[1]
PEERS, PEERS_PYTHON = ROOT / "benchmarks" / "telegram_peers", ROOT / ".peers" / "bin" / "python"
CHATS = (1, 50, 200)
ROUNDS, UPDATES, WARM = 5, 400, 100
TWICE = 2  # how many times as fast as each peer ours is to be
PATIENCE = 120.0  # seconds
OURS = "qr-gen, durable, every picture proven"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot, and the server that it alone talks to."""

    server: Server
    pid: int

    def busy(self) -> float:
        """Tell the seconds that it has kept a core busy so far."""
        user, system = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS


@dataclass(frozen=True, slots=True)
class Took:
    """What a round took: updates a second, milliseconds of a core for each, and until each one's photo."""

    a_second: float
    busy: float
    milliseconds: Sequence[float]


@dataclass(slots=True)
class Round:
    """Texts said in so many chats, until every one is answered.

    ``waiting``: all are said at once, as after a pause; else each chat says its next when it has its picture.
    """

    bot: Bot
    chats: int
    texts: Sequence[str]
    waiting: bool
    said: dict[str, float] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Took:
        """Measure it; raises SystemExit for a picture that does not say its text."""
        self.bot.server.taken = self._taken
        start, busy = perf_counter(), self.bot.busy()
        for _ in self.texts if self.waiting else self.texts[: self.chats]:
            self._say(len(self.said) % self.chats)
        async with asyncio.timeout(PATIENCE):
            await self.done.wait()
        seconds, busy = self.sent[-1].at - start, self.bot.busy() - busy
        answered = {_read(sent.photo): sent.at for sent in self.sent}
        if answered.keys() != self.said.keys():
            raise SystemExit("a picture says something else than its text")
        late = [1_000 * (at - self.said[text]) for text, at in answered.items()]
        return Took(len(self.texts) / seconds, 1_000 * busy / len(self.texts), late)

    def _say(self, chat: int) -> None:
        text = self.texts[len(self.said)]
        self.said[text] = perf_counter()
        self.bot.server.says(1_000 + chat, text)

    def _taken(self, sent: Sent) -> None:
        self.sent.append(sent)
        if len(self.sent) == len(self.texts):
            self.done.set()
        elif not self.waiting and len(self.said) < len(self.texts):
            self._say(sent.chat - 1_000)


def _read(photo: bytes) -> str:
    [code] = zxingcpp.read_barcodes(
        Image.open(BytesIO(photo)),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return str(code.text)


# --- the bots -----------------------------------------------------------------------------------------------


def _commands(url: str) -> dict[str, list[str]]:
    """Say how each bot is started; ours first."""
    stock = [sys.executable, str(PEERS / "python_telegram_bot.py"), TOKEN, url]
    found = {
        OURS: [sys.executable, "-m", "bot", "serve"],
        "python-telegram-bot + qrcode": stock,
        "the same, updates side by side": [*stock, "yes"],
    }
    if PEERS_PYTHON.exists():
        found["aiogram + segno"] = [str(PEERS_PYTHON), str(PEERS / "aiogram_segno.py"), TOKEN, url]
    else:
        print("Without aiogram: .peers is not there, which `make bench` makes.", file=sys.stderr)
    return found


def _settings(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PORT": "0",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_RATES": "off",
        "RATE_LIMIT": "off",
        "SECRET_KEY": b64encode(b"k" * 32).decode(),
    }


@asynccontextmanager
async def _running(name: str, folder: Path) -> AsyncIterator[Bot]:
    """Start a bot on a server of its own, and wait until it polls."""
    async with serving() as server:
        log = folder / "log.txt"
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *_commands(server.url)[name], cwd=folder, env=_settings(server.url), stdout=file, stderr=file
            )
        try:
            async with asyncio.timeout(PATIENCE):
                await server.polled.wait()
            yield Bot(server, process.pid)
        except TimeoutError:
            print(f"{name} does not answer:\n{log.read_text()[-2_000:]}", file=sys.stderr)
            raise
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def _all_running(names: Sequence[str]) -> AsyncIterator[Mapping[str, Bot]]:
    """Start the bots on one core, and stay on another ourselves."""
    cores = sorted(os.sched_getaffinity(0))
    async with AsyncExitStack() as stack:
        os.sched_setaffinity(0, cores[-1:])
        stack.callback(os.sched_setaffinity, 0, cores)
        bots = {}
        for name in names:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="qr-gen-bench-")))
            bots[name] = await stack.enter_async_context(_running(name, folder))
        os.sched_setaffinity(0, cores[:1])
        yield bots


# --- the table ----------------------------------------------------------------------------------------------


async def measured(names: Sequence[str], rounds: int, updates: int) -> dict[tuple[int, str], list[Took]]:
    """Measure bots in interleaved rounds: for each number of chats and bot, backlog and turns in pairs."""
    found: dict[tuple[int, str], list[Took]] = {}
    count = 0

    def texts(many: int) -> list[str]:
        nonlocal count
        count += many
        return [f"https://example.com/menu?table={number:06}" for number in range(count - many, count)]

    async with _all_running(names) as bots:
        for bot in bots.values():
            await Round(bot, 20, texts(WARM), waiting=True).run()
        for chats in CHATS:
            for _ in range(rounds):
                for name, bot in bots.items():
                    for waiting in (True, False):
                        took = await Round(bot, chats, texts(updates), waiting).run()
                        found.setdefault((chats, name), []).append(took)
    return found


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    names = list(_commands(""))
    found = asyncio.run(measured(names, ROUNDS, UPDATES))
    yield (
        "| chats | bot | updates a second | ours, times | ms of a core for one "
        "| median ms to `sendPhoto` | 99 % within ms | ours, times | at least |"
    )
    yield "|--:|---|--:|--:|--:|--:|--:|--:|--:|"
    for (chats, name), tooks in found.items():
        yield _row(chats, name, tooks, found[chats, OURS])


def _row(chats: int, name: str, tooks: Sequence[Took], ours: Sequence[Took]) -> str:
    speed = median(took.a_second for took in tooks[::2])
    faster = median(our.a_second / took.a_second for our, took in zip(ours[::2], tooks[::2], strict=True))
    middles, tails = zip(*(_middle_and_tail(took) for took in tooks[1::2]), strict=True)
    sooner = median(
        median(took.milliseconds) / median(our.milliseconds)
        for our, took in zip(ours[1::2], tooks[1::2], strict=True)
    )
    goal = "" if name == OURS else f"{TWICE}"
    busy = median(took.busy for took in tooks)
    return (
        f"| {chats} | {name} | {speed:,.0f} | {faster:.1f} | {busy:.2f} "
        f"| {median(middles):.1f} | {median(tails):.1f} | {sooner:.1f} | {goal} |"
    )


def _middle_and_tail(took: Took) -> tuple[float, float]:
    return median(took.milliseconds), quantiles(took.milliseconds, n=100)[98]
