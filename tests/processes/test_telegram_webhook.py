"""Telegram's webhook and the whole process: posted, killed after the last 200, posted again."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import aiohttp

from tests.fakes import FakeTelegram
from tests.fakes.telegram import Chat
from tests.fakes.telegram.updates import Queued
from tests.full import FULL
from tests.processes.running import Running, finished, free_port, ready, running, start
from tests.processes.test_postgresql import database
from tests.processes.test_telegram import DONE, sent_before_the_next

__all__ = ["database"]

PUBLIC = "https://qr.example"
POSTS, CHATS = 600 if FULL else 75, 15


def settings(tg: FakeTelegram, **more: str) -> dict[str, str]:
    """Point a process at the fake, which reaches it at its public address."""
    port = str(free_port())
    tg.public[PUBLIC] = f"http://127.0.0.1:{port}"
    return {
        "PORT": port,
        "PUBLIC_URL": PUBLIC,
        "TELEGRAM_BOT_TOKEN": tg.token,
        "TELEGRAM_API_URL": tg.url,
        "TELEGRAM_WEBHOOK": "true",
        "TELEGRAM_RATES": "off",
        "RATE_LIMIT": "off",
    } | more


def told(tg: FakeTelegram, chats: list[Chat]) -> Counter[str]:
    """Read what every code that was sent says."""
    return Counter(text for chat in chats for reply in tg.replies(chat) for text in tg.decode(reply))


def sent(tg: FakeTelegram, chats: list[Chat]) -> int:
    """Count the answers that stand in the chats."""
    return sum(len(tg.replies(chat)) for chat in chats)


def count(folder: Path, question: str) -> int:
    """Ask the database, which no process has open."""
    with closing(sqlite3.connect(folder / "data" / "qr-gen.db")) as opened:
        counted: int = opened.execute(question).fetchone()[0]
        return counted


async def test_what_is_posted_is_answered_and_nobody_polls(tg: FakeTelegram, tmp_path: Path) -> None:
    """The process tells Telegram where to post, with a secret; stopped and started it has nothing to tell."""
    ada = tg.person()
    chat = tg.private(ada, started=True)
    given = settings(tg, TELEGRAM_WEBHOOK_SECRET="hunter2-hunter2-hunter2")
    async with running(tmp_path, **given):
        tg.says(ada, chat, "https://example.com/Menu")
        await tg.wait_for("sendPhoto")
        assert tg.decode(tg.replies(chat)[0]) == ["https://example.com/Menu"]
    async with running(tmp_path, **given) as bot:
        tg.says(ada, chat, "again")
        await tg.wait_for("sendPhoto", 2)
    (call,) = [call for call in tg.calls if call.method == "setWebhook"]
    assert call.fields["url"] == f"{PUBLIC}/telegram/webhook"
    assert [call.method for call in tg.calls if call.method in ("getUpdates", "deleteWebhook")] == []
    assert call.fields["secret_token"] == "hunter2-hunter2-hunter2"
    assert "hunter2" not in bot.log.read_text()
    assert tg.refused == []


async def test_killed_after_the_last_200_it_loses_nothing_and_repeats_nothing(
    tg: FakeTelegram, tmp_path: Path
) -> None:
    """All that was taken is done after the restart; all of it posted again has no effect."""
    people = [tg.person(first_name=f"P{number}") for number in range(CHATS)]
    chats = [tg.private(person, started=True) for person in people]
    given = settings(tg)
    posted: list[Queued] = []
    async with running(tmp_path, **given) as bot:
        for number in range(POSTS):
            tg.says(people[number % CHATS], chats[number % CHATS], f"update {number}")
        posted += tg.updates.waiting
        await tg.until(lambda: not tg.updates.fresh(), 60)
        await bot.kill()
    calls, recorded = len(tg.calls), count(tmp_path, DONE)
    async with running(tmp_path, **given):
        in_flight = sent_before_the_next(tg, calls) - recorded
        await tg.until(lambda: sent(tg, chats) >= POSTS + in_flight, 120)
        tg.updates.waiting += posted
        tg.updates.wake()
        await tg.until(lambda: not tg.updates.fresh(), 60)
    found = told(tg, chats)
    assert set(found) == {f"update {number}" for number in range(POSTS)}
    assert sum(found.values()) - POSTS <= in_flight
    assert count(tmp_path, "SELECT count(*) FROM codes") == POSTS
    assert count(tmp_path, "SELECT count(*) FROM deliveries WHERE state <> 'done'") == 0


async def test_set_back_to_polling_the_webhook_goes(tg: FakeTelegram, tmp_path: Path) -> None:
    """What came in between is not lost."""
    ada = tg.person()
    chat = tg.private(ada, started=True)
    given = settings(tg)
    async with running(tmp_path, **given):
        await tg.until(lambda: tg.webhook is not None)
    tg.says(ada, chat, "meanwhile")
    async with running(tmp_path, **given | {"TELEGRAM_WEBHOOK": "false"}):
        await tg.wait_for("sendPhoto")
        assert tg.webhook is None
    assert tg.decode(tg.replies(chat)[0]) == ["meanwhile"]


@asynccontextmanager
async def cluster(tg: FakeTelegram, database: str, folder: Path) -> AsyncIterator[tuple[Running, Running]]:
    """Start one process that answers HTTP and one that works."""
    key = {"DATABASE_URL": database, "SECRET_KEY": "A" * 43 + "="}
    given = settings(tg, **key)
    assert (await finished(folder, "migrate", **given))[0] == 0
    async with AsyncExitStack() as stack:
        web = await start(folder, "web", **given)
        worker = await start(folder, "worker", **given)
        for each in (web, worker):
            stack.push_async_callback(each.stop)
        await ready(web)
        yield web, worker


async def test_on_a_server_the_web_receives_and_the_worker_sends(
    tg: FakeTelegram, database: str, tmp_path: Path
) -> None:
    """No worker polls; who has the wrong secret is let nowhere."""
    ada = tg.person()
    chat = tg.private(ada, started=True)
    async with cluster(tg, database, tmp_path) as (web, _), aiohttp.ClientSession() as http:
        tg.says(ada, chat, "hello")
        await tg.wait_for("sendPhoto", timeout=60)
        async with http.post(f"{web.url}/telegram/webhook", json={"update_id": 1}) as answer:
            assert answer.status == 401
    assert tg.decode(tg.replies(chat)[0]) == ["hello"]
    assert [call.method for call in tg.calls if call.method == "getUpdates"] == []


async def test_a_webhook_without_a_public_address_is_said(tmp_path: Path) -> None:
    """One line, exit code 2."""
    token = {"TELEGRAM_BOT_TOKEN": "123456:" + "a" * 35, "TELEGRAM_WEBHOOK": "true"}
    code, _, said = await finished(tmp_path, "serve", **token)
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith("qr-gen: TELEGRAM_WEBHOOK needs PUBLIC_URL to be an https address")
