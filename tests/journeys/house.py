"""The house in which journeys are made: one process with all four faces, and who comes to each."""

import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp
import pexpect

from tests.fakes import FakeSlack, FakeTelegram
from tests.journeys.faces import InTheConsole, OnSlack, OnTelegram, OnTheWeb
from tests.journeys.seen import Say, Visitor
from tests.processes.running import Running, clean


@dataclass(frozen=True)
class House:
    """One process with all four faces, and the platforms it talks to."""

    bot: Running
    tg: FakeTelegram
    slack: FakeSlack
    folder: Path
    numbers: "count[int]"
    consoles: list[InTheConsole] = field(
        default_factory=list
    )  # the last is used again while it waits for a line


async def on_telegram(house: House, stack: AsyncExitStack) -> Visitor:
    """Somebody new, who has pressed Start."""
    person = house.tg.person(first_name=f"Ada {next(house.numbers)}")
    return OnTelegram(house.tg, person, house.tg.private(person, started=True))


async def on_slack(house: House, stack: AsyncExitStack) -> Visitor:
    """Somebody new, in a channel that the bot was invited to."""
    person = house.slack.person(f"ada{next(house.numbers)}")
    return OnSlack(house.slack, person, house.slack.channel("general", person))


async def on_the_web(house: House, stack: AsyncExitStack) -> Visitor:
    """A browser that has not been here."""
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address that is a number
    http = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
    return OnTheWeb(http, house.bot.url)


async def in_the_console(house: House, stack: AsyncExitStack) -> Visitor:
    """The operator, of whom nothing is known any more: the console beside the running bot."""
    if not (house.consoles and house.consoles[-1].waits):
        house.consoles.append(_console(house))
    visitor = InTheConsole(house.consoles[-1].child, house.folder)
    house.consoles[-1] = visitor
    await visitor.does(Say("/forgetme confirm=yes"))
    return visitor


def _console(house: House) -> InTheConsole:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "repl"],
        cwd=str(house.folder),
        env=clean(PYTHONPATH=os.getcwd(), TERM="dumb", COLUMNS="200", HOME=str(house.folder)),
        encoding="utf-8",
        dimensions=(50, 200),
        timeout=60,
    )
    child.expect("qr> ")
    return InTheConsole(child, house.folder, "qr> ")


FACES: dict[str, Callable[[House, AsyncExitStack], Awaitable[Visitor]]] = {
    "telegram": on_telegram,
    "slack": on_slack,
    "web": on_the_web,
    "console": in_the_console,
}
