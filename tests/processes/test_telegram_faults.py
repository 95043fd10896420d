"""Telegram at its worst: faults, floods and limits, and processes that share them; no reply is missing."""

import base64
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from tests.fakes import FakeTelegram
from tests.fakes.ledger import impatient
from tests.fakes.telegram import Chat, Person
from tests.fakes.telegram.rates import COUNTED
from tests.full import FULL, only_full
from tests.processes.running import Running, finished, ready, start

HUNG = 180.0  # seconds after which something hangs; a busy machine takes half a minute to start two processes
SENDS = ("sendPhoto", "sendMessage")
UPDATES = 500 if FULL else 80


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """An empty database of each kind: its address, none for the file that is made by itself."""
    if request.param == "sqlite":
        yield ""
        return
    server, name = request.getfixturevalue("postgres"), f"faults_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@asynccontextmanager
async def working(tg: FakeTelegram, folder: Path, database: str, rates: str) -> AsyncIterator[list[Running]]:
    """Start what works on a database: one process on a file, two on a server."""
    settings = {
        "TELEGRAM_BOT_TOKEN": tg.token,
        "TELEGRAM_API_URL": tg.url,
        "TELEGRAM_RATES": rates,
        "RATE_LIMIT": "off",
    }
    if not database:
        started = [await start(folder, **settings)]
        await ready(started[0])
    else:
        settings |= {"DATABASE_URL": database, "SECRET_KEY": base64.b64encode(bytes(range(32))).decode()}
        assert (await finished(folder, "migrate", **settings))[0] == 0
        started = [await start(folder, "worker", **settings) for _ in range(2)]
    try:
        yield started
    finally:
        codes = [await each.stop() for each in started if each.process.returncode is None]
    assert codes == [0] * len(started)


def private(tg: FakeTelegram, count: int) -> list[tuple[Person, Chat]]:
    """Let so many people start a chat."""
    people = [tg.person(first_name=f"P{number}") for number in range(count)]
    return [(person, tg.private(person, started=True)) for person in people]


def told(tg: FakeTelegram, chats: list[tuple[Person, Chat]]) -> Counter[str]:
    """Count what the pictures of some chats say, by the line under them."""
    return Counter(reply.caption.split("\n")[0] for _, chat in chats for reply in tg.replies(chat))


async def test_of_all_that_goes_wrong_on_the_way_out_no_reply_is_missing(
    tg: FakeTelegram, tmp_path: Path, database: str
) -> None:
    """5 % 502, 5 % 429, 2 % cut before and 2 % after: each answered, twice at most where it was cut after."""
    chats, updates = private(tg, 30), UPDATES
    wanted = {f"update {number}" for number in range(updates)}
    for number in range(updates):
        tg.says(*chats[number % len(chats)], f"update {number}")
    tg.faults(20261128, p502=0.05, p429=0.05, cut_before=0.02, cut_after=0.02, methods=SENDS)
    async with working(tg, tmp_path, database, "off"):
        await tg.until(lambda: set(told(tg, chats)) >= wanted, 120)
        await tg.until(
            lambda: all(call.answered is not None for call in tg.calls if call.method in SENDS), 30
        )
    cut = sum(call.fault is not None and call.fault.cut == "after" for call in tg.calls)
    went_wrong = sum(call.fault is not None for call in tg.calls)
    counts = told(tg, chats)
    assert set(counts) == wanted
    assert sum(counts.values()) - updates <= cut
    assert went_wrong > updates * 0.05
    assert [call for call in tg.refused if call.method != "getUpdates"] == []  # a poll of one that ends
    assert impatient([call for call in tg.calls if call.method in SENDS]) == []
    assert all(tg.decode(reply) == [reply.caption.split("\n")[0]] for reply in tg.replies(chats[0][1]))


async def test_a_chat_that_is_held_up_holds_up_no_other(
    tg: FakeTelegram, tmp_path: Path, database: str
) -> None:
    """Nothing goes there for three seconds; the rest of it comes then, in order."""
    chats = private(tg, 8)
    person, flooded = chats[0]
    tg.fail("sendPhoto", status=429, retry_after=3, chat_id=flooded.id)
    for text in ("one", "two"):
        tg.says(person, flooded, text)
    for number, (other, chat) in enumerate(chats[1:]):
        tg.says(other, chat, f"update {number}")
    async with working(tg, tmp_path, database, "chat=20/s,all=300/s"):
        await tg.until(lambda: all(tg.replies(chat) for _, chat in chats), HUNG)
        await tg.until(lambda: len(tg.replies(flooded)) == 2, HUNG)
    assert [reply.caption.split("\n")[0] for reply in tg.replies(flooded)] == ["one", "two"]
    assert impatient(tg.calls) == []
    assert [call.answered for call in tg.calls if call.method == "sendPhoto"].count(429) == 1


async def _kept_to(folder: Path, database: str, many: int) -> None:
    """Say a lot in a group and to some people, and look at when the answers came."""
    async with FakeTelegram(rates=True) as tg:
        chats = private(tg, 3)
        members = [person for person, _ in chats]
        group = tg.group(members=members, supergroup=True)
        for number in range(3):
            for person, chat in chats:
                tg.says(person, chat, f"update {number}")
        for number in range(many):
            tg.says(members[number % 3], group, f"/qr update {number}")
        async with working(tg, folder, database, "chat=1/s,group=20/m,all=30/s"):
            await tg.until(lambda: all(len(tg.replies(chat)) == 3 for _, chat in chats), HUNG)
            await tg.until(lambda: len(tg.replies(group)) == many, HUNG)
        assert [call for call in tg.refused if call.method.lower() in COUNTED] == []
        went = {
            chat.id: [c.at for c in tg.calls if c.chat_id == chat.id and c.method.lower() in COUNTED]
            for chat in (group, *(chat for _, chat in chats))
        }
    assert all(later - sooner > 0.9 for times in went.values() for sooner, later in pairwise(times))
    times = went[group.id]
    assert [later - sooner >= 57 for sooner, later in zip(times, times[20:], strict=False)] == [True] * (
        max(0, many - 20)
    )


async def test_limits_are_kept_to_by_all_processes_together(tmp_path: Path, database: str) -> None:
    """One a second in a chat, and no more in a group than its minute allows: Telegram refuses nothing."""
    await _kept_to(tmp_path, database, 4)


@only_full
async def test_a_group_gets_twenty_a_minute_at_most(tmp_path: Path, database: str) -> None:
    """In every minute."""
    await _kept_to(tmp_path, database, 25)
